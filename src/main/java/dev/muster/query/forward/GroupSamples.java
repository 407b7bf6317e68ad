package dev.muster.query.forward;

import dev.muster.model.labels.Xxh3;
import dev.muster.query.remote.WriteMessage;
import dev.muster.query.rules.RuleSample;
import dev.muster.query.rules.RuleStore;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Where the samples of one group of rules go: to agents, one request for each evaluation. Confined
/// to the thread that evaluates the group.
public final class GroupSamples implements RuleStore {
    private static final String PATH = "/api/v1/write";
    private static final String PREFIX = "rules/";

    /// A request is sent before it gets larger than agents take.
    private static final int REQUEST_BYTES = 4 << 20;

    /// Agents take no longer header; a group with a longer name is known by its hash.
    private static final int ORIGIN_LIMIT = 200;

    private final Outbox outbox;
    private final String origin;
    private final Map<String, String> headers;
    private WriteMessage message = new WriteMessage();
    private @Nullable Parcel last;

    /// @param group its file and name
    public GroupSamples(Outbox outbox, String group) {
        this.outbox = outbox;
        origin = PREFIX + group;
        headers =
                Map.of(
                        "Content-Type",
                        "application/x-protobuf",
                        "Content-Encoding",
                        "snappy",
                        "X-Prometheus-Remote-Write-Version",
                        "0.1.0",
                        "Muster-Origin",
                        PREFIX + name(group));
    }

    private static String name(String group) {
        String encoded = URLEncoder.encode(group, StandardCharsets.UTF_8).replace("+", "%20");
        if (encoded.length() <= ORIGIN_LIMIT) {
            return encoded;
        }
        byte[] bytes = group.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().toHexDigits(Xxh3.hash(bytes, bytes.length));
    }

    @Override
    public Optional<String> append(RuleSample sample, long timeMs) {
        if (!outbox.hasRoom()) {
            outbox.metrics().refusedByQueue();
            return Optional.of(
                    "agents do not take what rules record: forward queue is full: sizeBytes="
                            + outbox.queuedBytes());
        }
        message.add(sample.labels(), timeMs, sample.value(), sample.histogram());
        if (message.sizeBytes() >= REQUEST_BYTES) {
            flush();
        }
        return Optional.empty();
    }

    @Override
    public void flush() {
        if (message.samples() > 0) {
            int copies = outbox.config().copies();
            Parcel parcel =
                    new Parcel(PATH, origin, headers, message.packed(), message.samples(), copies);
            message = new WriteMessage();
            last = parcel;
            outbox.send(parcel, copies);
        }
    }

    /// Parcels of a group go in order: when an agent has the last one, one has those before, too.
    @Override
    public void settle() {
        flush();
        Parcel waited = last;
        if (waited == null) {
            return;
        }
        try {
            var _ = waited.first.get(outbox.config().settle().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            outbox.metrics().unsettled();
        }
    }
}
