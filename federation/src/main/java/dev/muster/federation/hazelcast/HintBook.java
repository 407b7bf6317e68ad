package dev.muster.federation.hazelcast;

import dev.muster.federation.detect.Frame;
import dev.muster.federation.member.StateHash;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// What the newest beats of the others say of their hints. Believed for a short time only: a name
/// that has come since is not in what was said. Thread-safe.
final class HintBook {
    /// How long a beat speaks: four may be lost.
    static final long VALID_MS = 2_000;

    private static final int HOST_LIMIT = 256;

    private record Announced(long incarnation, long seq, int number, long atMs) {
        boolean isOlderThan(Frame.Beat beat) {
            return incarnation != beat.incarnation()
                    ? incarnation < beat.incarnation()
                    : seq < beat.seq();
        }
    }

    private final ConcurrentMap<Long, Announced> announced = new ConcurrentHashMap<>();

    /// A beat came.
    void announced(Frame.Beat beat, int number, long nowMs) {
        if (announced.size() >= HOST_LIMIT && !announced.containsKey(beat.hostHash())) {
            return;
        }
        var said = new Announced(beat.incarnation(), beat.seq(), number, nowMs);
        announced.merge(beat.hostHash(), said, (old, now) -> old.isOlderThan(beat) ? now : old);
    }

    /// What was said last, if that still stands.
    Optional<HintNumber> find(String host, long nowMs) {
        Announced said = announced.get(StateHash.ofHost(host));
        return said == null || said.number == 0 || nowMs - said.atMs > VALID_MS
                ? Optional.empty()
                : Optional.of(new HintNumber(said.incarnation, said.number));
    }

    /// Drops what does not stand any more. To be called now and then.
    void forget(long nowMs) {
        announced.values().removeIf(said -> nowMs - said.atMs > 10 * VALID_MS);
    }
}
