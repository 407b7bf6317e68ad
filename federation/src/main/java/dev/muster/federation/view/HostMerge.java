package dev.muster.federation.view;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One host as several observers see it, as one. Stateless.
final class HostMerge {
    /*
     * Clocks of two machines are never compared to decide; what counts is the host's own (incarnation, seq):
     * - the newest incarnation only; in it,
     * - left is left;
     * - down stands against an "up" that has heard no later beat than those who say down;
     * - up (heard now by someone) stands against suspect (not heard by someone else);
     * - services by the newest report, and of it by who has heard the latest beat.
     * Ties are broken by hash, so that the answer does not change with who was asked last.
     */
    private static final Comparator<Said> LATEST =
            Comparator.comparingLong(Said::seq).thenComparingLong(said -> said.state.hash());
    private static final Comparator<Said> NEWEST_REPORT =
            Comparator.<Said>comparingLong(said -> said.state.reportSeq()).thenComparing(LATEST);
    private static final Comparator<Upness> FIRMEST =
            Comparator.<Upness>comparingInt(u -> u.why().map(Cause::code).orElse(0))
                    .thenComparingLong(Upness::sinceMs);

    private HostMerge() {}

    /// What one observer says of the host.
    ///
    /// @param state what it says
    /// @param seq number of the last beat it has heard
    record Said(HostState state, long seq) {}

    /// @param all at least one, all of the same host
    static HostState merge(List<Said> all) {
        if (all.size() == 1 || sayTheSame(all)) {
            return all.getFirst().state;
        }
        long newest = all.stream().mapToLong(s -> s.state.incarnation()).max().orElseThrow();
        List<Said> same = all.stream().filter(s -> s.state.incarnation() == newest).toList();
        Optional<Said> left = latest(same, Upness.Left.class);
        if (left.isPresent()) {
            return firmest(same, left.get());
        }
        Optional<Said> down = latest(same, Upness.Down.class);
        Optional<Said> up = latest(same, Upness.Up.class);
        if (down.isPresent() && up.map(u -> down.get().seq >= u.seq).orElse(true)) {
            return firmest(same, down.get());
        }
        Optional<Said> best = up.or(() -> latest(same, Upness.Suspect.class));
        if (best.isEmpty()) {
            return same.stream().max(LATEST).orElseThrow().state;
        }
        Said reporter =
                same.stream()
                        .filter(s -> !(s.state.upness() instanceof Upness.Down))
                        .max(NEWEST_REPORT)
                        .orElse(best.get());
        return firmest(same, best.get()).reportedBy(reporter.state);
    }

    private static boolean sayTheSame(List<Said> all) {
        HostState first = all.getFirst().state;
        return all.stream().allMatch(s -> s.state.hash() == first.hash());
    }

    private static Optional<Said> latest(List<Said> said, Class<? extends Upness> state) {
        return said.stream().filter(s -> state.isInstance(s.state.upness())).max(LATEST);
    }

    /// Among those that say the same as `latest`, the latest with the firmest cause and earliest
    /// start of all. Down services are those of who says it most firmly.
    private static HostState firmest(List<Said> all, Said latest) {
        Class<? extends Upness> kind = latest.state.upness().getClass();
        List<Said> same = new ArrayList<>();
        for (Said said : all) {
            if (kind.isInstance(said.state.upness())) {
                same.add(said);
            }
        }
        Upness firmest = same.stream().map(s -> s.state.upness()).min(FIRMEST).orElseThrow();
        if (firmest.equals(latest.state.upness())) {
            return latest.state;
        }
        HostState services =
                firmest instanceof Upness.Down
                        ? same.stream()
                                .filter(s -> s.state.upness().equals(firmest))
                                .max(LATEST)
                                .orElse(latest)
                                .state
                        : latest.state;
        HostState merged = latest.state.with(firmest, services.services());
        return merged.hash() == services.hash() ? services : merged;
    }
}
