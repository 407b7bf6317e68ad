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

    /// How long a beat by the bus does, which may be late.
    static final long BUS_VALID_MS = 3_000;

    private static final int HOST_LIMIT = 256;

    private record Announced(long incarnation, long seq, int number, long atMs, boolean byBus) {
        boolean isOlderThan(Announced other) {
            return incarnation != other.incarnation
                    ? incarnation < other.incarnation
                    : seq < other.seq;
        }

        boolean stands(long nowMs) {
            return nowMs - atMs <= (byBus ? BUS_VALID_MS : VALID_MS);
        }
    }

    private final ConcurrentMap<Long, Announced> announced = new ConcurrentHashMap<>();

    /// A beat came by datagram.
    void announced(Frame.Beat beat, int number, long nowMs) {
        note(beat.hostHash(), new Announced(beat.incarnation(), beat.seq(), number, nowMs, false));
    }

    /// A word came by the bus.
    void said(HintWord word, long nowMs) {
        note(
                word.hostHash(),
                new Announced(word.incarnation(), word.seq(), word.number(), nowMs, true));
    }

    private void note(long hostHash, Announced said) {
        if (announced.size() < HOST_LIMIT || announced.containsKey(hostHash)) {
            announced.merge(hostHash, said, (old, now) -> old.isOlderThan(now) ? now : old);
        }
    }

    /// A beat came by the bus: what was said that way last still holds, as a change would have come
    /// before it.
    void heardByBus(Frame.Beat beat, long nowMs) {
        announced.computeIfPresent(
                beat.hostHash(),
                (_, said) ->
                        said.byBus
                                        && said.stands(nowMs)
                                        && said.incarnation == beat.incarnation()
                                        && said.seq <= beat.seq()
                                ? new Announced(
                                        said.incarnation, beat.seq(), said.number, nowMs, true)
                                : said);
    }

    /// What was said last, if that still stands.
    Optional<HintNumber> find(String host, long nowMs) {
        Announced said = announced.get(StateHash.ofHost(host));
        return said == null || said.number == 0 || !said.stands(nowMs)
                ? Optional.empty()
                : Optional.of(new HintNumber(said.incarnation, said.number));
    }

    /// Drops what does not stand any more. To be called now and then.
    void forget(long nowMs) {
        announced.values().removeIf(said -> nowMs - said.atMs > 10 * VALID_MS);
    }
}
