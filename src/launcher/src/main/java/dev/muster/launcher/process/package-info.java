/// Processes of this machine: ports, pid files, starting, watching and stopping children.
@NullMarked
package dev.muster.launcher.process;

import org.jspecify.annotations.NullMarked;
