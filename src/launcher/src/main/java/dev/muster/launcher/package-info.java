/// The command people type: options, messages and exit codes.
@NullMarked
package dev.muster.launcher;

import org.jspecify.annotations.NullMarked;
