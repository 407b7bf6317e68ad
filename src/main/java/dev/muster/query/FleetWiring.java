package dev.muster.query;

import dev.muster.federation.events.EventLog;
import dev.muster.federation.view.FleetLog;
import dev.muster.federation.view.FleetView;
import dev.muster.query.directory.DirectoryClient;
import dev.muster.query.directory.OutsideWatch;
import dev.muster.query.fleet.FleetEventLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// What goes on beside the fleet's view: what others say of cells that cannot speak for themselves,
/// and the log for checks.
final class FleetWiring implements AutoCloseable {
    private final OutsideWatch outside;
    private final Optional<FleetEventLog> events;

    FleetWiring(
            QueryConfig config,
            String node,
            FleetView fleet,
            FleetLog log,
            DirectoryClient directory,
            MeterRegistry registry,
            InstantSource clock) {
        outside = new OutsideWatch(fleet, directory::deadHosts, log::silentZones);
        events = config.events().log().map(path -> open(path, node, fleet, clock));
        events.ifPresent(written -> {
            var _ = log.subscribe(written::changed);
            FunctionCounter.builder("muster_query_event_log_lost", written, FleetEventLog::lost)
                    .description("Changes of the fleet that the event log does not have.")
                    .register(registry);
        });
    }

    private static FleetEventLog open(
            String path, String node, FleetView fleet, InstantSource clock) {
        try {
            return new FleetEventLog(
                    EventLog.open(Path.of(path), "query:" + node, clock), fleet::state);
        } catch (IOException e) {
            throw new StartException(
                    StartException.Reason.ENVIRONMENT,
                    "muster.events.log must be a file that can be written: found="
                            + path
                            + ", "
                            + e);
        }
    }

    void start() {
        outside.start();
        events.ifPresent(FleetEventLog::start);
    }

    @Override
    public void close() {
        outside.close();
        events.ifPresent(FleetEventLog::close);
    }
}
