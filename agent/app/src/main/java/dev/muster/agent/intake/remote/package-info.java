/// Prometheus' remote write, 1.0 and 2.0.
@NullMarked
package dev.muster.agent.intake.remote;

import org.jspecify.annotations.NullMarked;
