/// OpenTelemetry metrics over HTTP.
@NullMarked
package dev.muster.agent.intake.otlp;

import org.jspecify.annotations.NullMarked;
