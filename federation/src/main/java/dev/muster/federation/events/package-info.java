/// What a node saw, for checks after a run.
@NullMarked
package dev.muster.federation.events;

import org.jspecify.annotations.NullMarked;
