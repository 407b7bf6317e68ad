/// A service to look at, and a crowd of targets to measure with.
@NullMarked
package dev.muster.launcher.demo;

import org.jspecify.annotations.NullMarked;
