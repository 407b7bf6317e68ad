/// Real agents and a real query node against a service whose every answer is known.
@NullMarked
package dev.muster.launcher.endtoend;

import org.jspecify.annotations.NullMarked;
