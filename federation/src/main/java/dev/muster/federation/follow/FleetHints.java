package dev.muster.federation.follow;

import dev.muster.federation.stream.Hint;
import dev.muster.federation.stream.StreamFrame.KnownHint;
import dev.muster.federation.view.HostState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What the agents of the fleet hold, as far as those who are followed tell. A hint stands only
/// while the stream it came by gives frames. Thread-safe.
public final class FleetHints {
    /// Most bytes of hints, where equal ones count once; those beyond are not kept, and their
    /// agents are asked.
    public static final long SIZE_LIMIT = 64L << 20;

    /// A hint of a stream that was not read for so long says nothing.
    static final long VALID_MS = 3_000;

    /// What hints come by.
    interface Source {
        /// When something was read from it last, milliseconds of a clock that does not step.
        long heardMs();
    }

    private record Held(Hint hint, Source stream) {}

    private final LongSupplier nowMs;

    private final Map<String, Map<String, Held>> cells = new ConcurrentHashMap<>();

    /// Hints by the hash of their bytes, with how often each is held.
    private final Map<Long, Shared> shared = new HashMap<>();

    private long sizeBytes;
    private long refused;

    private record Shared(byte[] bytes, int count) {}

    /// @param nowMs milliseconds of a clock that does not step
    FleetHints(LongSupplier nowMs) {
        this.nowMs = nowMs;
    }

    /// The bytes of a host's hint; empty unless every name that its agent holds is known to be in
    /// it.
    ///
    /// @param incarnation the run of the agent as it is known now
    public Optional<byte[]> bytes(String cell, String host, long incarnation) {
        Map<String, Held> hosts = cells.get(cell);
        Held held = hosts == null ? null : hosts.get(host);
        return held == null
                        || !held.hint.fresh()
                        || held.hint.incarnation() != incarnation
                        || nowMs.getAsLong() - held.stream.heardMs() > VALID_MS
                ? Optional.empty()
                : Optional.of(held.hint.bytes());
    }

    /// What is held, in bytes.
    public synchronized long sizeBytes() {
        return sizeBytes;
    }

    /// Hints that were not kept because there were too many bytes.
    public synchronized long refused() {
        return refused;
    }

    /// How many hosts have one.
    public int count() {
        return cells.values().stream().mapToInt(Map::size).sum();
    }

    synchronized List<KnownHint> known(String cell) {
        List<KnownHint> known = new ArrayList<>();
        cells.getOrDefault(cell, Map.of())
                .forEach((host, held) -> {
                    if (held.hint.fresh()) {
                        known.add(new KnownHint(HostState.keyOf(host), held.hint.hash()));
                    }
                });
        return known;
    }

    synchronized void heard(String cell, List<Hint> hints, Source stream) {
        Map<String, Held> hosts = cells.computeIfAbsent(cell, _ -> new ConcurrentHashMap<>());
        for (Hint hint : hints) {
            drop(hosts.remove(hint.host()));
            if (hint.fresh()) {
                keep(hint, hosts, stream);
            }
        }
    }

    private void keep(Hint hint, Map<String, Held> hosts, Source stream) {
        long hash = hint.hash();
        Shared same = shared.get(hash);
        if (same == null && sizeBytes + hint.bytes().length > SIZE_LIMIT) {
            refused++;
            return;
        }
        byte[] bytes = same == null ? hint.bytes() : same.bytes;
        sizeBytes += same == null ? bytes.length : 0;
        shared.put(hash, new Shared(bytes, same == null ? 1 : same.count + 1));
        Hint kept = new Hint(hint.host(), hint.incarnation(), true, bytes);
        hosts.put(hint.host(), new Held(kept, stream));
    }

    private void drop(@Nullable Held held) {
        if (held == null) {
            return;
        }
        long hash = held.hint.hash();
        Shared same = shared.get(hash);
        if (same == null) {
            return;
        }
        if (same.count > 1) {
            shared.put(hash, new Shared(same.bytes, same.count - 1));
        } else {
            shared.remove(hash);
            sizeBytes -= same.bytes.length;
        }
    }

    synchronized void lost(Source stream) {
        for (Map<String, Held> hosts : cells.values()) {
            hosts.values()
                    .removeIf(held -> {
                        boolean gone = held.stream.equals(stream);
                        if (gone) {
                            drop(held);
                        }
                        return gone;
                    });
        }
    }
}
