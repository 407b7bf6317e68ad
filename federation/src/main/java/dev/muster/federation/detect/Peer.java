package dev.muster.federation.detect;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Upness;
import org.jspecify.annotations.Nullable;

/// What is known of one other agent. Immutable.
///
/// @param entry its place in the roster
/// @param hearing when it was heard
/// @param row whom it does not hear
/// @param evidence what else tells of it
/// @param upness the state it is in
/// @param changedMs since when, monotonic; a better cause does not count as a change
/// @param reported what it says of its services
record Peer(
        RosterEntry entry,
        Hearing hearing,
        Row row,
        Evidence evidence,
        Upness upness,
        long changedMs,
        Reported reported) {

    /// A moment that lies before all others, far enough from the edge to be subtracted from.
    static final long NEVER_MS = Long.MIN_VALUE / 2;

    /// @param seq number of the last beat; 0 if none in this run
    /// @param heardMs when it came; when the agent was first named, if none came
    /// @param aliveMs when it last gave any direct sign of life
    /// @param heardUnixMs when the last beat came, Unix time; 0 if none
    /// @param upSinceMs since when it is up in this run, but for moments of doubt; Unix time
    record Hearing(long seq, long heardMs, long aliveMs, long heardUnixMs, long upSinceMs) {}

    /// @param bits as in [Frame.Beat#row]
    /// @param rosterHash as in [Frame.Beat#rosterHash]
    /// @param rosterDigest as in [Frame.Beat#rosterDigest]
    /// @param atMs when it came
    record Row(long bits, int rosterHash, int rosterDigest, long atMs) {
        static final Row NONE = new Row(0, 0, 0, NEVER_MS);
    }

    /// @param lostMs when the bus lost its connection, since the last beat
    /// @param lostWhileTalking whether it had been heard shortly before: then the loss was a reset,
    ///   not a timeout
    /// @param probe what the last probe since the last beat said
    /// @param probedMs when it said so
    /// @param askedMs when it was sent
    record Evidence(
            long lostMs,
            boolean lostWhileTalking,
            @Nullable ProbeResult probe,
            long probedMs,
            long askedMs) {
        static final Evidence NONE = new Evidence(NEVER_MS, false, null, NEVER_MS, NEVER_MS);

        boolean isLost() {
            return lostMs != NEVER_MS;
        }
    }

    /// @param report the newest report; may be of an earlier run
    /// @param wantedSeq number of the newest report that its beats speak of
    /// @param wantedMs since when that one is missing
    /// @param askedMs when it was asked for
    record Reported(Frame.@Nullable Report report, long wantedSeq, long wantedMs, long askedMs) {
        static final Reported NONE = new Reported(null, 0, NEVER_MS, NEVER_MS);

        boolean isBehind(long incarnation) {
            return wantedSeq > 0
                    && (report == null
                            || report.agent().incarnation() < incarnation
                            || report.seq() < wantedSeq);
        }
    }

    /// An agent that was named, and not heard yet.
    static Peer named(RosterEntry entry, Now now) {
        long at = now.monotonicMs();
        var hearing = new Hearing(0, at, at, 0, now.unixMs());
        var upness = new Upness.Suspect(now.unixMs(), Cause.NOT_HEARD);
        return new Peer(entry, hearing, Row.NONE, Evidence.NONE, upness, at, Reported.NONE);
    }

    /// A new run of the agent, of which nothing is known yet but what its last one said.
    Peer rerun(RosterEntry newer, Now now) {
        Peer fresh = named(newer, now);
        var kept = new Reported(reported.report, 0, NEVER_MS, NEVER_MS);
        Upness kind = upness instanceof Upness.Up ? upness : fresh.upness;
        return new Peer(newer, fresh.hearing, Row.NONE, Evidence.NONE, kind, fresh.changedMs, kept);
    }

    Peer with(RosterEntry other) {
        return new Peer(other, hearing, row, evidence, upness, changedMs, reported);
    }

    Peer with(Hearing other) {
        return new Peer(entry, other, row, evidence, upness, changedMs, reported);
    }

    Peer with(Row other) {
        return new Peer(entry, hearing, other, evidence, upness, changedMs, reported);
    }

    Peer with(Evidence other) {
        return new Peer(entry, hearing, row, other, upness, changedMs, reported);
    }

    Peer with(Upness other, long sinceMs) {
        return new Peer(entry, hearing, row, evidence, other, sinceMs, reported);
    }

    Peer with(Reported other) {
        return new Peer(entry, hearing, row, evidence, upness, changedMs, other);
    }

    boolean isDown() {
        return upness instanceof Upness.Down;
    }

    long silenceMs(Now now) {
        return now.monotonicMs() - hearing.aliveMs();
    }

    long beatSilenceMs(Now now) {
        return now.monotonicMs() - hearing.heardMs();
    }
}
