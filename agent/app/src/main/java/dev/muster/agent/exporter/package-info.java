/// Metrics of the host itself, read from /proc and /sys, with node_exporter's names and meanings.
@NullMarked
package dev.muster.agent.exporter;

import org.jspecify.annotations.NullMarked;
