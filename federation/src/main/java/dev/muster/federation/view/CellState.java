package dev.muster.federation.view;

import dev.muster.federation.member.Health;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/// One cell in the fleet, merged from the views of its observers. Immutable, and shared until it
/// changes: only its age is new each time it is asked for.
public final class CellState {
    /// How many hosts and services are in which state. Hosts that left on purpose count in `left`
    /// alone.
    ///
    /// @param up hosts whose agent is up
    /// @param suspect hosts in doubt
    /// @param down hosts whose agent is down
    /// @param left hosts that left on purpose
    /// @param unknown hosts of which nobody can say
    /// @param servicesUp services that are up
    /// @param servicesDown services that are down
    /// @param servicesMaint services that are under maintenance
    /// @param servicesUnknown services of which nobody can say
    public record Counts(
            int up,
            int suspect,
            int down,
            int left,
            int unknown,
            int servicesUp,
            int servicesDown,
            int servicesMaint,
            int servicesUnknown) {
        /// Nothing.
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0);

        /// Both together.
        public Counts plus(Counts o) {
            return new Counts(
                    up + o.up,
                    suspect + o.suspect,
                    down + o.down,
                    left + o.left,
                    unknown + o.unknown,
                    servicesUp + o.servicesUp,
                    servicesDown + o.servicesDown,
                    servicesMaint + o.servicesMaint,
                    servicesUnknown + o.servicesUnknown);
        }

        /// Hosts that should be there.
        public int hosts() {
            return up + suspect + down + unknown;
        }

        /// Services that should be there.
        public int services() {
            return servicesUp + servicesDown + servicesMaint + servicesUnknown;
        }

        /// Of the hosts of a view.
        public static Counts of(ObserverView view) {
            HostState[] hosts = new HostState[view.size()];
            Arrays.setAll(hosts, view::host);
            return of(hosts);
        }

        static Counts of(HostState[] hosts) {
            int[] n = new int[5];
            int[] s = new int[4];
            for (HostState host : hosts) {
                n[kind(host.upness())]++;
                for (Health health : HEALTHS) {
                    s[health.code()] += host.services().count(health);
                }
            }
            return new Counts(n[0], n[1], n[2], n[3], n[4], s[1], s[2], s[3], s[0]);
        }

        private static int kind(Upness upness) {
            return switch (upness) {
                case Upness.Up _ -> 0;
                case Upness.Suspect _ -> 1;
                case Upness.Down _ -> 2;
                case Upness.Left _ -> 3;
                case Upness.Unknown _ -> 4;
            };
        }
    }

    private static final Health[] HEALTHS = Health.values();

    private final String cell;
    private final HostState[] hosts;
    private final List<ObserverView> views;
    private final List<String> observers;
    private final double coverage;
    private final long ageMs;
    private final boolean degraded;
    private final Counts counts;

    /// @param hosts sorted by name; not changed any more
    /// @param views fresh ones
    CellState(
            String cell,
            HostState[] hosts,
            List<ObserverView> views,
            double coverage,
            long ageMs,
            boolean degraded) {
        this(
                cell,
                hosts,
                views,
                views.stream().map(view -> view.head().observer()).toList(),
                coverage,
                ageMs,
                degraded,
                Counts.of(hosts));
    }

    private CellState(
            String cell,
            HostState[] hosts,
            List<ObserverView> views,
            List<String> observers,
            double coverage,
            long ageMs,
            boolean degraded,
            Counts counts) {
        this.cell = cell;
        this.hosts = hosts;
        this.views = views;
        this.observers = observers;
        this.coverage = coverage;
        this.ageMs = ageMs;
        this.degraded = degraded;
        this.counts = counts;
    }

    /// A state of these members, where there are no views to merge.
    public static CellState of(
            String cell,
            List<Member> members,
            List<String> observers,
            double coverage,
            long ageMs,
            boolean degraded) {
        HostState[] hosts =
                members.stream()
                        .sorted(Comparator.comparing(Member::host))
                        .map(HostState::of)
                        .toArray(HostState[]::new);
        return new CellState(
                cell,
                hosts,
                List.of(),
                List.copyOf(observers),
                coverage,
                ageMs,
                degraded,
                Counts.of(hosts));
    }

    /// The same state a little later.
    CellState later(List<ObserverView> now, long newAgeMs) {
        return new CellState(cell, hosts, now, observers, coverage, newAgeMs, degraded, counts);
    }

    /// Name of the cell.
    public String cell() {
        return cell;
    }

    /// All hosts, sorted by name; those nobody tells about are [Upness.Unknown].
    public List<HostState> hosts() {
        return Collections.unmodifiableList(Arrays.asList(hosts));
    }

    /// The array of the hosts: not to be changed.
    HostState[] array() {
        return hosts;
    }

    /// All hosts as members with their services, each made when it is asked for.
    public List<Member> members() {
        return new AbstractList<>() {
            @Override
            public Member get(int index) {
                HostState host = hosts[index];
                return host.member(
                        last(host, ObserverView::seq), last(host, ObserverView::heardMs));
            }

            @Override
            public int size() {
                return hosts.length;
            }
        };
    }

    /// When an observer heard the agent of that host last, Unix time of the observer; 0 if none
    /// that is followed has.
    public long heardMs(HostState host) {
        return last(host, ObserverView::heardMs);
    }

    private interface Column {
        long of(ObserverView view, int index);
    }

    private long last(HostState host, Column column) {
        long last = 0;
        for (ObserverView view : views) {
            int at = view.indexOf(host.host());
            if (at >= 0 && view.host(at).incarnation() == host.incarnation()) {
                last = Math.max(last, column.of(view, at));
            }
        }
        return last;
    }

    /// The host of that name.
    public Optional<HostState> host(String name) {
        int low = 0;
        int high = hosts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = hosts[middle].host().compareTo(name);
            if (order == 0) {
                return Optional.of(hosts[middle]);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }

    /// The agents whose fresh views were merged, sorted.
    public List<String> observers() {
        return observers;
    }

    /// Share of the hosts, 0 to 1, whose state stands on a fresh view.
    public double coverage() {
        return coverage;
    }

    /// Time since the youngest view arrived.
    public long ageMs() {
        return ageMs;
    }

    /// Whether an observer says that its cell's bus is broken.
    public boolean degraded() {
        return degraded;
    }

    /// How many are in which state.
    public Counts counts() {
        return counts;
    }

    /// The zone of its hosts; empty where none is told.
    public String zone() {
        for (HostState host : hosts) {
            if (!host.place().zone().isEmpty()) {
                return host.place().zone();
            }
        }
        return "";
    }

    /// Whether no observer has been heard lately: nothing is known, which is not the same as down.
    public boolean stale() {
        return observers.isEmpty();
    }

    /// Whether both say the same of all hosts, without a look at ages.
    public boolean saysTheSame(CellState other) {
        return Arrays.equals(hosts, other.hosts);
    }

    /// Sum of the hashes of all hosts.
    public long hash() {
        return Arrays.stream(hosts).mapToLong(HostState::hash).sum();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CellState that
                && cell.equals(that.cell)
                && Arrays.equals(hosts, that.hosts)
                && observers.equals(that.observers)
                && coverage == that.coverage
                && ageMs == that.ageMs
                && degraded == that.degraded
                && IntStream.range(0, hosts.length)
                        .allMatch(i ->
                                last(hosts[i], ObserverView::seq)
                                        == that.last(hosts[i], ObserverView::seq));
    }

    @Override
    public int hashCode() {
        return Objects.hash(cell, Arrays.hashCode(hosts), observers, coverage, degraded);
    }

    @Override
    public String toString() {
        return "CellState[cell="
                + cell
                + ", members="
                + members()
                + ", observers="
                + observers
                + ", coverage="
                + coverage
                + ", ageMs="
                + ageMs
                + ", degraded="
                + degraded
                + "]";
    }
}
