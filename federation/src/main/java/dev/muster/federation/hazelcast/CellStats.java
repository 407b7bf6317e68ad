package dev.muster.federation.hazelcast;

import dev.muster.federation.detect.Count;
import dev.muster.federation.detect.DetectorState;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Counters of a cell member since its start, and what it sees now.
///
/// @param members agents of the cell that have not left, by the label of their state
/// @param degraded as in [dev.muster.federation.view.CellView#degraded]
/// @param lossRatio share of others' beats that are lost, of late
/// @param counts what the detector counts
/// @param runtime the rest
public record CellStats(
        Map<String, Integer> members,
        boolean degraded,
        double lossRatio,
        Map<Count, Long> counts,
        Runtime runtime) {
    public CellStats {
        members = Map.copyOf(members);
        counts = Map.copyOf(counts);
    }

    /// What is counted around the detector.
    ///
    /// @param joined whether the Hazelcast member runs now
    /// @param hazelcastMembers members in its Hazelcast cluster, itself among them; 0 while it does
    ///   not run
    /// @param recreations times the Hazelcast member was made anew after it had ended or could not
    ///   start
    /// @param framesRefused frames that were damaged, of another cell or of an unknown version
    /// @param framesDropped frames dropped because a queue was full
    /// @param eventsWaiting events that wait for the detector
    /// @param servicesOverLimit own services not told because there are too many
    /// @param newsWaiting what waits to be told to listeners
    /// @param newsDropped transitions that listeners were too slow for
    /// @param takenOver hosts that this agent looks after
    /// @param manifests manifests held, the own one among them
    /// @param manifestPulls times one was asked for over HTTP
    /// @param manifestPullFailures times that failed
    /// @param planes what the ways between the agents carried
    public record Runtime(
            boolean joined,
            int hazelcastMembers,
            long recreations,
            long framesRefused,
            long framesDropped,
            int eventsWaiting,
            long servicesOverLimit,
            int newsWaiting,
            long newsDropped,
            int takenOver,
            int manifests,
            long manifestPulls,
            long manifestPullFailures,
            PlaneStats planes) {}

    static CellStats of(DetectorState state, Runtime runtime) {
        List<Member> members =
                state.members().stream()
                        .filter(member -> !(member.upness() instanceof Upness.Left))
                        .toList();
        Map<Count, Long> counts =
                List.of(Count.values()).stream()
                        .collect(Collectors.toMap(Function.identity(), state::count));
        return new CellStats(
                members.stream()
                        .collect(
                                Collectors.toMap(
                                        member -> member.upness().label(), _ -> 1, Integer::sum)),
                state.degraded(),
                state.lossRatio(),
                counts,
                runtime);
    }

    /// How often the detector counted something.
    public long count(Count of) {
        return counts.getOrDefault(of, 0L);
    }
}
