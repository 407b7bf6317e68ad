package dev.muster.query.api;

import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetEvent;
import dev.muster.federation.view.FleetLog;
import dev.muster.federation.view.FleetState;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Tells pages of the fleet as server-sent events: its state at once, then within a quarter of a
/// second when it has changed, and every two seconds anyway; of a large fleet only what is not
/// well. And each change by itself, as events of the name `change` with a number, from the one on
/// that the client knows. A page that does not keep up is passed over. Thread-safe.
final class FleetEvents implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FleetEvents.class.getName());
    private static final int CLIENTS_LIMIT = 200;
    private static final long TICK_MS = 250;
    private static final int TICKS_ANYWAY = 8;

    /// A fleet of more hosts is told by what is not well.
    private static final int WHOLE_LIMIT = 500;

    private final Supplier<FleetState> fleet;
    private final ApiMetrics metrics;
    private final FleetLog log;

    /// Clients, and the last change that each was told.
    private final Map<HttpServerResponse, AtomicLong> clients = new ConcurrentHashMap<>();

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("fleet-events").factory());

    /// What was told last; owned by the thread.
    private long told;

    private int ticks;

    FleetEvents(Supplier<FleetState> fleet, FleetLog log, ApiMetrics metrics) {
        this.fleet = fleet;
        this.log = log;
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
        List<FleetEvent> missed;
        try {
            missed = missed(context);
        } catch (IllegalArgumentException e) {
            var _ = response.setStatusCode(400).end(e.getMessage() + "\n");
            return;
        }
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Content-Encoding", "identity")
                .putHeader("Cache-Control", "no-store");
        context.addEndHandler(ended -> clients.remove(response));
        AtomicLong last = new AtomicLong(log.lastId());
        var _ = response.write(event(fleet.get()));
        tellChanges(response, last, missed);
        clients.put(response, last);
    }

    /// Changes that a client has missed: after the one whose number it gives, or since a time.
    private List<FleetEvent> missed(RoutingContext context) {
        String last = context.request().getHeader("Last-Event-ID");
        String since = context.request().getParam("since");
        if (last != null && last.matches("[0-9]{1,18}")) {
            long id = Long.parseLong(last);
            // a number of a run before this one says nothing
            return log.after(id > log.lastId() ? 0 : id);
        }
        return since == null ? List.of() : log.since(Times.timeMs(since));
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
            changes();
            FleetState state = fleet.get();
            long now = signature(state);
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
        for (HttpServerResponse client : clients.keySet()) {
            if (client.closed() || client.ended()) {
                clients.remove(client);
            } else if (!client.writeQueueFull()) {
                var _ = client.write(event);
            }
        }
    }

    private void changes() {
        clients.forEach((client, last) -> {
            if (!client.closed() && !client.writeQueueFull() && last.get() < log.lastId()) {
                tellChanges(client, last, log.after(last.get()));
            }
        });
    }

    private static void tellChanges(
            HttpServerResponse client, AtomicLong last, List<FleetEvent> events) {
        StringBuilder text = new StringBuilder();
        for (FleetEvent event : events) {
            text.append("event: change\nid: ").append(event.id()).append('\n');
            text.append(data(json -> FleetJson.write(event, json)));
            last.accumulateAndGet(event.id(), Math::max);
        }
        if (!text.isEmpty()) {
            var _ = client.write(text.toString());
        }
    }

    /// Changes with the states of members and services, not with ages.
    private static long signature(FleetState state) {
        long hash = 1;
        for (CellState cell : state.cells()) {
            hash = 31 * hash + cell.cell().hashCode() + (cell.stale() ? 1 : 0);
            hash = 31 * hash + cell.hash();
        }
        return hash;
    }

    private static String event(FleetState state) {
        int hosts = state.cells().stream().mapToInt(cell -> cell.hosts().size()).sum();
        FleetFilter filter = hosts > WHOLE_LIMIT ? FleetFilter.AMISS : FleetFilter.ALL;
        return data(json -> FleetJson.write(state, filter, json));
    }

    private static String data(Answer.Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            JsonWriter json = new JsonWriter(bytes);
            content.write(json);
            json.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data: " + bytes.toString(StandardCharsets.UTF_8) + "\n\n";
    }
}
