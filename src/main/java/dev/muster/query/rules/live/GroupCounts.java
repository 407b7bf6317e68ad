package dev.muster.query.rules.live;

/// What a group has done since this node evaluates it.
///
/// @param iterations evaluations of the group, those that were missed among them
/// @param missed evaluations that were left out as the one before took too long
/// @param evaluations of its rules
/// @param failures of its rules
/// @param restoreNanos how long restoring took
/// @param share of the hosts whose data had come at the last evaluation, 0 to 1
record GroupCounts(
        long iterations,
        long missed,
        long evaluations,
        long failures,
        long restoreNanos,
        double share) {
    static final GroupCounts NONE = new GroupCounts(0, 0, 0, 0, 0, 1);

    GroupCounts evaluated(int rules, int failed, double newShare) {
        return new GroupCounts(
                iterations + 1,
                missed,
                evaluations + rules,
                failures + failed,
                restoreNanos,
                newShare);
    }

    GroupCounts missed(long more) {
        return new GroupCounts(
                iterations + more, missed + more, evaluations, failures, restoreNanos, share);
    }

    GroupCounts restored(long nanos) {
        return new GroupCounts(iterations, missed, evaluations, failures, nanos, share);
    }
}
