package dev.muster.agent.hint;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.fleet.PeerAnswer;
import dev.muster.agent.fleet.PeerCalls;
import dev.muster.federation.hazelcast.HintNumber;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Member;
import dev.muster.federation.stream.Hint;
import dev.muster.federation.stream.HintSource;
import dev.muster.federation.stream.NumberedHint;
import dev.muster.federation.view.CellView;
import dev.muster.model.sample.MetricType;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Hints of all agents of the cell, for the streams of this one: its own, and those that it asks
/// the others for when a stream wants them. Whether a hint holds is what its agent's beats say.
/// Thread-safe.
public final class CellHints implements HintSource {
    private static final Logger LOG = System.getLogger(CellHints.class.getName());

    /// Where an agent answers its own hint.
    public static final String PATH = "/api/v1/cell/hint";

    private static final int PULL_LIMIT = 16;
    private static final long AGAIN_MS = 2_000;
    private static final long ROSTER_MS = 1_000;

    private final NameHints own;
    private final Supplier<CellView> view;
    private final Function<String, Optional<HintNumber>> said;
    private final PeerCalls peers;
    private final LongSupplier nowMs;
    private final Map<String, NumberedHint> held = new ConcurrentHashMap<>();
    private final Map<String, Long> askedMs = new ConcurrentHashMap<>();
    private final AtomicInteger pulling = new AtomicInteger();
    private final AtomicLong pulls = new AtomicLong();
    private final AtomicLong pullFailures = new AtomicLong();

    private record Roster(CellView view, long atMs) {}

    private volatile Roster roster;

    /// @param own of this agent
    /// @param view the cell
    /// @param said what the newest beats of a host say of its hint
    /// @param peers asks other agents
    /// @param nowMs milliseconds of a clock that does not step
    public CellHints(
            NameHints own,
            Supplier<CellView> view,
            Function<String, Optional<HintNumber>> said,
            PeerCalls peers,
            LongSupplier nowMs) {
        this.own = own;
        this.view = view;
        this.said = said;
        this.peers = peers;
        this.nowMs = nowMs;
        this.roster = new Roster(view.get(), nowMs.getAsLong());
    }

    /// Makes the own filter anew where that is due. To be called each second, by one thread.
    public void round() {
        own.round();
    }

    /// The own hint as a frame; empty while a name is not in it.
    public Optional<byte[]> frame() {
        return ownHint(view.get()).map(NumberedHint::encode);
    }

    private Optional<NumberedHint> ownHint(CellView now) {
        NameHints.Filter filter = own.filter();
        return filter == null
                ? Optional.empty()
                : Optional.of(
                        new NumberedHint(
                                filter.number(),
                                new Hint(
                                        now.observer(),
                                        now.observerIncarnation(),
                                        true,
                                        filter.bytes())));
    }

    @Override
    public List<Hint> hints() {
        CellView now = roster();
        List<Hint> hints = new ArrayList<>();
        for (Member member : now.members()) {
            Optional<Hint> fresh =
                    member.host().equals(now.observer())
                            ? ownHint(now).map(NumberedHint::hint)
                            : hint(member);
            hints.add(
                    fresh.orElseGet(() ->
                            new Hint(member.host(), member.incarnation(), false, new byte[0])));
        }
        return hints;
    }

    /// Who is in the cell changes rarely, and is asked for often.
    private CellView roster() {
        Roster known = roster;
        long now = nowMs.getAsLong();
        if (now - known.atMs < ROSTER_MS) {
            return known.view;
        }
        CellView fresh = view.get();
        Set<String> hosts = new HashSet<>();
        fresh.members().forEach(member -> hosts.add(member.host()));
        held.keySet().retainAll(hosts);
        askedMs.keySet().retainAll(hosts);
        roster = new Roster(fresh, now);
        return fresh;
    }

    private Optional<Hint> hint(Member member) {
        Optional<HintNumber> number = said.apply(member.host());
        if (number.isEmpty()) {
            return Optional.empty();
        }
        NumberedHint has = held.get(member.host());
        if (has != null
                && has.number() == number.get().number()
                && has.hint().incarnation() == number.get().incarnation()) {
            return Optional.of(has.hint());
        }
        pull(member);
        return Optional.empty();
    }

    private void pull(Member member) {
        long now = nowMs.getAsLong();
        Long before = askedMs.get(member.host());
        if (member.httpUrl().isEmpty()
                || (before != null && now - before < AGAIN_MS)
                || pulling.get() >= PULL_LIMIT) {
            return;
        }
        askedMs.put(member.host(), now);
        pulling.incrementAndGet();
        pulls.incrementAndGet();
        peers.call(
                member.httpUrl(),
                PATH,
                Optional.empty(),
                Optional.empty(),
                answer -> {
                    pulling.decrementAndGet();
                    pulled(member.host(), answer);
                });
    }

    private void pulled(String host, Optional<PeerAnswer> answer) {
        if (answer.isPresent() && answer.get().status() == 200) {
            try {
                NumberedHint hint = NumberedHint.decode(answer.get().body());
                if (hint.hint().host().equals(host)) {
                    held.put(host, hint);
                    return;
                }
            } catch (FrameException e) {
                LOG.log(Level.DEBUG, () -> "hint refused: host=" + host, e);
            }
        }
        pullFailures.incrementAndGet();
    }

    /// Appends the metrics.
    public void writeMetrics(ExpositionWriter out) {
        gauge(out, "muster_hint_names", "Metric names in this agent's filter.", own.names());
        gauge(out, "muster_hint_bytes", "Bytes of this agent's filter.", own.sizeBytes());
        gauge(
                out,
                "muster_hint_fresh",
                "Whether every metric name is in the filter.",
                own.number() == 0 ? 0 : 1);
        gauge(out, "muster_hint_peers", "Filters of other agents that are held.", held.size());
        counter(out, "muster_hint_builds_total", "Times the filter was made.", own.builds());
        counter(
                out,
                "muster_hint_build_failures_total",
                "Times the filter could not be made.",
                own.failures());
        counter(out, "muster_hint_pulls_total", "Filters asked of other agents.", pulls.get());
        counter(
                out,
                "muster_hint_pull_failures_total",
                "Filters that did not come.",
                pullFailures.get());
    }

    private static void gauge(ExpositionWriter out, String name, String help, long value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }

    private static void counter(ExpositionWriter out, String name, String help, long value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }
}
