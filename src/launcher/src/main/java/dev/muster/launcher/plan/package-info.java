/// What a demo federation consists of: which processes, on which ports, with which settings.
@NullMarked
package dev.muster.launcher.plan;

import org.jspecify.annotations.NullMarked;
