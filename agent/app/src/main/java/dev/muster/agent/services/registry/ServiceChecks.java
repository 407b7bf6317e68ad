package dev.muster.agent.services.registry;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.services.probe.HttpGet;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// Looks whether registered services are well, and tells of it. Thread-safe.
public final class ServiceChecks {
    /// Most checks at one time; others wait for the next second.
    private static final int AT_ONCE = 16;

    private static final int BODY_LIMIT_BYTES = 4 << 10;

    private final ServiceRegistry registry;
    private final ThreadFactory threads;
    private final LongSupplier nanoTime;
    private final AtomicInteger running = new AtomicInteger();

    /// @param threads make virtual threads
    public ServiceChecks(ServiceRegistry registry, ThreadFactory threads, LongSupplier nanoTime) {
        this.registry = registry;
        this.threads = threads;
        this.nanoTime = nanoTime;
    }

    private record Outcome(Health health, String note) {}

    /// Starts the checks that are due, and lets heartbeats expire. To be called every second; does
    /// not wait.
    public void round() {
        registry.expire();
        for (Registration registration : registry.due(AT_ONCE - running.get())) {
            running.incrementAndGet();
            threads.newThread(() -> look(registration)).start();
        }
    }

    private void look(Registration registration) {
        long startNanos = nanoTime.getAsLong();
        Outcome outcome = new Outcome(Health.CRITICAL, "check failed");
        try {
            outcome = look(registration.check().orElseThrow());
        } finally {
            running.decrementAndGet();
            registry.looked(
                    registration, outcome.health, outcome.note, nanoTime.getAsLong() - startNanos);
        }
    }

    private Outcome look(ServiceCheck check) {
        return switch (check) {
            case ServiceCheck.Http http -> http(http);
            case ServiceCheck.Tcp tcp -> tcp(tcp);
        };
    }

    private Outcome http(ServiceCheck.Http check) {
        HttpGet get = new HttpGet(check.timeout().toNanos(), BODY_LIMIT_BYTES, nanoTime);
        return switch (get.ask(check.tls(), check.host(), check.port(), check.path(), "*/*")) {
            case HttpGet.Answer.None(var reason) -> new Outcome(Health.CRITICAL, reason);
            case HttpGet.Answer.NoHttp(var reason) -> new Outcome(Health.CRITICAL, reason);
            case HttpGet.Answer.Http(var status, _, _) ->
                    new Outcome(health(status), "status " + status);
        };
    }

    private static Health health(int status) {
        if (status >= 200 && status < 300) {
            return Health.PASSING;
        }
        return status == 429 ? Health.WARNING : Health.CRITICAL;
    }

    private static Outcome tcp(ServiceCheck.Tcp check) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(check.host()), check.port()),
                    Math.toIntExact(check.timeout().toMillis()));
            return new Outcome(Health.PASSING, "connection taken");
        } catch (SocketTimeoutException e) {
            return new Outcome(
                    Health.CRITICAL, "no connection within " + check.timeout().toMillis() + " ms");
        } catch (IOException e) {
            return new Outcome(
                    Health.CRITICAL, String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
        }
    }

    /// Writes how the services are, as samples of their jobs and instances.
    public void write(ExpositionWriter out) {
        List<RegisteredService> checked =
                registry.services().stream().filter(one -> one.registration().isChecked()).toList();
        out.family(
                "service_check_up",
                MetricType.GAUGE,
                "Whether check and heartbeats say that the service is up.");
        checked.forEach(one -> sample(out, "service_check_up", one, one.up() ? 1 : 0));
        out.family(
                "service_check_state",
                MetricType.GAUGE,
                "What check and heartbeats say: 0 passing, 1 warning, 2 critical.");
        checked.forEach(one -> sample(out, "service_check_state", one, one.health().ordinal()));
        out.family(
                "service_check_duration_seconds",
                MetricType.GAUGE,
                "How long the last check took.");
        for (RegisteredService one : checked) {
            if (one.registration().check().isPresent()) {
                long nanos = registry.lookNanos(one.registration().id());
                sample(out, "service_check_duration_seconds", one, nanos / 1e9);
            }
        }
    }

    private static void sample(
            ExpositionWriter out, String name, RegisteredService service, double value) {
        Registration registration = service.registration();
        out.begin(name)
                .label("check", registration.checkKind())
                .label("instance", registration.instance())
                .label("job", registration.name())
                .label("service_id", registration.id())
                .end(value);
    }
}
