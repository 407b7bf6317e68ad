package dev.muster.agent.push;

import dev.muster.agent.exposition.EncodedFamily;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A group as it is now: its families one after the other as the body that is scraped. Immutable.
public final class PushGroup {
    /// When the group was last pushed.
    static final String PUSHED = "push_time_seconds";

    /// When a push to the group was last refused.
    static final String FAILED = "push_failure_time_seconds";

    private static final String PUSHED_HELP =
            "When the group was last pushed with success, Unix time.";
    private static final String FAILED_HELP =
            "When a push to the group was last refused, Unix time; 0 if none was.";

    private final GroupKey key;
    private final Map<String, HeldFamily> families;
    private final byte[] body;
    private final double pushedSeconds;
    private final double failedSeconds;
    private final long expiresMs;

    private PushGroup(
            GroupKey key,
            Map<String, HeldFamily> families,
            byte[] body,
            double pushedSeconds,
            double failedSeconds,
            long expiresMs) {
        this.key = key;
        this.families = families;
        this.body = body;
        this.pushedSeconds = pushedSeconds;
        this.failedSeconds = failedSeconds;
        this.expiresMs = expiresMs;
    }

    static PushGroup empty(GroupKey key) {
        return new PushGroup(key, Map.of(), new byte[0], 0, 0, 0);
    }

    /// The group with other families.
    ///
    /// @param keeps which of those that it has stay
    /// @param added take the place of those of the same name
    /// @param seconds when they were pushed, Unix time
    /// @param expires when the group goes, Unix milliseconds; 0 for never
    PushGroup with(
            Predicate<HeldFamily> keeps,
            Collection<EncodedFamily> added,
            double seconds,
            long expires) {
        return assemble(keeps, added, (long) (seconds * 1e3), seconds, failedSeconds, expires);
    }

    /// The group after a push to it was refused.
    PushGroup failed(double seconds) {
        return assemble(
                _ -> true, List.of(), (long) (seconds * 1e3), pushedSeconds, seconds, expiresMs);
    }

    private PushGroup assemble(
            Predicate<HeldFamily> keeps,
            Collection<EncodedFamily> added,
            long nowMs,
            double pushed,
            double failed,
            long expires) {
        Map<String, Part> parts = new TreeMap<>();
        families.values().stream()
                .filter(keeps)
                .forEach(family -> parts.put(family.name(), new Part(family, null)));
        added.forEach(family -> parts.put(family.name(), new Part(held(family, nowMs), family)));
        Labels labels = key.labels();
        stamp(parts, PUSHED, PUSHED_HELP, labels, pushed, pushedSeconds, nowMs);
        stamp(parts, FAILED, FAILED_HELP, labels, failed, failedSeconds, nowMs);
        return assembled(parts, pushed, failed, expires);
    }

    /// Sets the time of a push. It is left as it is where it has not changed.
    private static void stamp(
            Map<String, Part> parts,
            String name,
            String help,
            Labels labels,
            double seconds,
            double before,
            long nowMs) {
        @Nullable Part part = parts.get(name);
        if (part == null || part.fresh != null || seconds != before) {
            EncodedFamily gauge = EncodedFamily.gauge(name, help, labels, seconds);
            parts.put(name, new Part(held(gauge, nowMs), gauge));
        }
    }

    private static HeldFamily held(EncodedFamily family, long pushedMs) {
        return new HeldFamily(
                family.name(),
                family.type(),
                family.help(),
                pushedMs,
                family.metricCount(),
                0,
                family.sizeBytes());
    }

    private PushGroup assembled(
            Map<String, Part> parts, double pushed, double failed, long expires) {
        int size = 0;
        for (Part part : parts.values()) {
            size = Math.addExact(size, part.family.end() - part.family.start());
        }
        byte[] made = new byte[size];
        Map<String, HeldFamily> placed = new TreeMap<>();
        int at = 0;
        for (Part part : parts.values()) {
            HeldFamily family = part.family;
            int start = at;
            EncodedFamily fresh = part.fresh;
            if (fresh == null) {
                int length = family.end() - family.start();
                System.arraycopy(body, family.start(), made, at, length);
                at += length;
            } else {
                at = fresh.copyTo(made, at);
            }
            placed.put(
                    family.name(),
                    new HeldFamily(
                            family.name(),
                            family.type(),
                            family.help(),
                            family.pushedMs(),
                            family.metricCount(),
                            start,
                            at));
        }
        return new PushGroup(
                key, Collections.unmodifiableMap(placed), made, pushed, failed, expires);
    }

    private record Part(HeldFamily family, @Nullable EncodedFamily fresh) {}

    public GroupKey key() {
        return key;
    }

    /// By name.
    public Map<String, HeldFamily> families() {
        return families;
    }

    /// All families as protobuf messages, each after its length: owned by the group, to be read
    /// only.
    public byte[] body() {
        return body;
    }

    /// The bytes of a family of it.
    byte[] bytes(HeldFamily family) {
        return Arrays.copyOfRange(body, family.start(), family.end());
    }

    /// Numbers of the label sets of a family, ascending; none if it has no such family.
    long[] identities(String family) {
        @Nullable HeldFamily held = families.get(family);
        if (held == null) {
            return new long[0];
        }
        try {
            return EncodedFamily.of(bytes(held)).identities();
        } catch (ExpositionException e) {
            throw new IllegalStateException("a held family must be readable: " + held, e);
        }
    }

    /// Was the last push to it taken?
    public boolean lastPushSucceeded() {
        return pushedSeconds > failedSeconds;
    }

    /// When it was last pushed with success, Unix seconds; 0 for never.
    public double pushedSeconds() {
        return pushedSeconds;
    }

    /// When a push to it was last refused, Unix seconds; 0 for never.
    public double failedSeconds() {
        return failedSeconds;
    }

    /// When it goes, Unix milliseconds; 0 for never.
    public long expiresMs() {
        return expiresMs;
    }

    static boolean isStamp(String family) {
        return family.equals(PUSHED) || family.equals(FAILED);
    }

    @Nullable MetricType typeOf(String family) {
        @Nullable HeldFamily held = families.get(family);
        return held == null ? null : held.type();
    }

    /// A group as it was read back from a log.
    static PushGroup restored(
            GroupKey key,
            Map<EncodedFamily, Long> families,
            double pushed,
            double failed,
            long expires) {
        Map<String, Part> parts = new TreeMap<>();
        families.forEach((family, pushedMs) ->
                parts.put(family.name(), new Part(held(family, pushedMs), family)));
        return empty(key).assembled(parts, pushed, failed, expires);
    }
}
