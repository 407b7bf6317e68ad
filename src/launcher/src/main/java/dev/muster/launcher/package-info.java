/// The command people type.
@NullMarked
package dev.muster.launcher;

import org.jspecify.annotations.NullMarked;
