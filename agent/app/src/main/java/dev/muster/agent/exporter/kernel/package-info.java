/// Collectors of what the kernel itself counts: memory zones, interrupts, scheduling, settings.
@NullMarked
package dev.muster.agent.exporter.kernel;

import org.jspecify.annotations.NullMarked;
