package dev.muster.query.receivers;

import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.Reply;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.HttpSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Tells somebody outside that all is well, again and again, so that they notice when Muster itself
/// is gone. Where rules are not evaluated it keeps still, as if it were. Thread-safe.
public final class DeadMansSwitch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DeadMansSwitch.class.getName());

    private final URI url;
    private final Duration interval;
    private final BooleanSupplier well;
    private final WebClient client;
    private final Counter pings;
    private final Counter failures;
    private final Counter withheld;
    private final ScheduledExecutorService timer;
    private boolean failing;

    /// @param url that is called by POST; never shown, as it may bear a token
    /// @param interval between two calls
    /// @param well whether rules are evaluated and this node is the one to say so
    /// @throws IOException never, but for files of TLS
    public DeadMansSwitch(URI url, Duration interval, BooleanSupplier well, MeterRegistry registry)
            throws IOException {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException(
                    "dead man's switch must have an interval: interval=" + interval);
        }
        this.url = url;
        this.interval = interval;
        this.well = well;
        client = new WebClient(HttpSettings.DEFAULT);
        pings =
                counter(
                        registry,
                        "muster_dead_mans_switch_pings",
                        "Times all was said to be well.");
        failures =
                counter(
                        registry,
                        "muster_dead_mans_switch_failures",
                        "Times that nobody heard it.");
        withheld =
                counter(
                        registry,
                        "muster_dead_mans_switch_withheld",
                        "Times that it was not said, as rules are not evaluated.");
        timer = Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /// Begins.
    public void start() {
        var _ =
                timer.scheduleWithFixedDelay(
                        this::ping, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void ping() {
        if (!well.getAsBoolean()) {
            withheld.increment();
            return;
        }
        try {
            Duration timeout =
                    interval.compareTo(Call.USUAL_TIMEOUT) < 0 ? interval : Call.USUAL_TIMEOUT;
            Reply reply = client.send(Call.json(url, "{\"status\":\"ok\"}").within(timeout));
            if (!reply.isGood()) {
                throw new IOException("unexpected status code " + reply.status());
            }
            pings.increment();
            failing = false;
        } catch (IOException | RuntimeException e) {
            failures.increment();
            complain(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void complain(Exception problem) {
        if (!failing) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "dead man's switch is not heard reason=" + problem.getMessage());
        }
        failing = true;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        client.close();
    }
}
