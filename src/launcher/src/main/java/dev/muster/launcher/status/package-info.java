/// What the running processes say about themselves, as a line and as a table.
@NullMarked
package dev.muster.launcher.status;

import org.jspecify.annotations.NullMarked;
