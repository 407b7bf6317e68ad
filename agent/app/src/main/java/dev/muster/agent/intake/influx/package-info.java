/// InfluxDB's line protocol over HTTP.
@NullMarked
package dev.muster.agent.intake.influx;

import org.jspecify.annotations.NullMarked;
