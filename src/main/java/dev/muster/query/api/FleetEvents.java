package dev.muster.query.api;

import dev.muster.federation.view.FleetState;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Tells pages of the fleet as server-sent events: at once, then within a quarter of a second when
/// it has changed, and every two seconds anyway. A page that does not keep up is passed over.
/// Thread-safe.
final class FleetEvents implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FleetEvents.class.getName());
    private static final int CLIENTS_LIMIT = 200;
    private static final long TICK_MS = 250;
    private static final int TICKS_ANYWAY = 8;

    private final Supplier<FleetState> fleet;
    private final ApiMetrics metrics;
    private final Set<HttpServerResponse> clients = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("fleet-events").factory());

    /// What was told last; owned by the thread.
    private int told;

    private int ticks;

    FleetEvents(Supplier<FleetState> fleet, ApiMetrics metrics) {
        this.fleet = fleet;
        this.metrics = metrics;
        metrics.gauge(
                "muster_query_event_clients", "Pages that are told of the fleet.", clients::size);
        var _ = thread.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    void handle(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (clients.size() >= CLIENTS_LIMIT) {
            metrics.limited("event-clients");
            var _ = response.setStatusCode(503).end("too many clients\n");
            return;
        }
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Content-Encoding", "identity")
                .putHeader("Cache-Control", "no-store");
        context.addEndHandler(ended -> clients.remove(response));
        var _ = response.write(event(fleet.get()));
        clients.add(response);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void tick() {
        try {
            ticks++;
            if (clients.isEmpty()) {
                return;
            }
            FleetState state = fleet.get();
            int now = signature(state);
            if (now != told || ticks >= TICKS_ANYWAY) {
                told = now;
                ticks = 0;
                tell(event(state));
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "fleet events failed", e);
        }
    }

    private void tell(String event) {
        for (HttpServerResponse client : clients) {
            if (client.closed() || client.ended()) {
                clients.remove(client);
            } else if (!client.writeQueueFull()) {
                var _ = client.write(event);
            }
        }
    }

    /// Changes with the states of members and services, not with ages.
    private static int signature(FleetState state) {
        int hash = 1;
        for (var cell : state.cells()) {
            hash = 31 * hash + cell.cell().hashCode() + (cell.stale() ? 1 : 0);
            for (var member : cell.members()) {
                hash = 31 * hash + member.upness().hashCode();
                hash = 31 * hash + member.services().hashCode();
            }
        }
        return hash;
    }

    private static String event(FleetState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            JsonWriter json = new JsonWriter(bytes);
            FleetJson.write(state, json);
            json.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data: " + bytes.toString(StandardCharsets.UTF_8) + "\n\n";
    }
}
