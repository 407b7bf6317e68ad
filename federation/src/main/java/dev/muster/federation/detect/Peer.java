package dev.muster.federation.detect;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known of one other agent. Immutable; what a beat changes is kept apart from what seldom
/// changes, so that little is copied with each.
///
/// @param entry its place in the roster
/// @param hearing when it was heard
/// @param evidence what else tells of it
/// @param verdict the state it is in
/// @param reported what it says of its services
/// @param care what others say of them, and what follows
record Peer(
        RosterEntry entry,
        Hearing hearing,
        Evidence evidence,
        Verdict verdict,
        Reported reported,
        Care care) {

    /// A moment that lies before all others, far enough from the edge to be subtracted from.
    static final long NEVER_MS = Long.MIN_VALUE / 2;

    /// @param beat the last one; null if none in this run
    /// @param heardMs when it came; when the agent was first named, if none came
    /// @param directMs when the last one came by datagram
    /// @param aliveMs when it last gave any direct sign of life
    /// @param heardUnixMs when the last beat came, Unix time; 0 if none
    /// @param upSinceMs since when it is up in this run, but for moments of doubt; Unix time
    /// @param streak beats since it was lost last; no more than counts, which is two
    record Hearing(
            Frame.@Nullable Beat beat,
            long heardMs,
            long directMs,
            long aliveMs,
            long heardUnixMs,
            long upSinceMs,
            int streak) {
        static final int STEADY = 2;

        long seq() {
            return beat == null ? 0 : beat.seq();
        }

        /// Later by as long as this process stood still.
        Hearing shifted(long byMs, long nowMs) {
            return new Hearing(
                    beat,
                    Math.min(nowMs, heardMs + byMs),
                    Math.min(nowMs, directMs + byMs),
                    Math.min(nowMs, aliveMs + byMs),
                    heardUnixMs,
                    upSinceMs,
                    streak);
        }

        Hearing alive(long nowMs) {
            return new Hearing(beat, heardMs, directMs, nowMs, heardUnixMs, upSinceMs, streak);
        }

        Hearing lost() {
            return new Hearing(beat, heardMs, directMs, aliveMs, heardUnixMs, upSinceMs, 0);
        }
    }

    /// @param lostMs when the bus lost its connection, since the last beat
    /// @param lostWhileTalking whether it had been heard shortly before: then the loss was a reset,
    ///   not a timeout
    /// @param probe what the last probe since the last beat said
    /// @param askedMs when the last one was sent
    /// @param firstAskedMs when the first one since its last sign of life was sent
    record Evidence(
            long lostMs,
            boolean lostWhileTalking,
            @Nullable ProbeResult probe,
            long askedMs,
            long firstAskedMs) {
        static final Evidence NONE = new Evidence(NEVER_MS, false, null, NEVER_MS, NEVER_MS);

        boolean isLost() {
            return lostMs != NEVER_MS;
        }

        /// Whether none of the probes since its last sign of life has come to an end, and the first
        /// was sent less than that long ago.
        boolean isAwaited(long nowMs, long limitMs) {
            return (probe == null || probe == ProbeResult.ALIVE) && nowMs - firstAskedMs < limitMs;
        }

        Evidence lost(long nowMs, boolean whileTalking) {
            return new Evidence(nowMs, whileTalking, probe, NEVER_MS, firstAskedMs);
        }

        Evidence asked(long nowMs) {
            long firstMs = firstAskedMs == NEVER_MS ? nowMs : firstAskedMs;
            return new Evidence(lostMs, lostWhileTalking, probe, nowMs, firstMs);
        }

        Evidence answered(ProbeResult result) {
            long firstMs = result == ProbeResult.ALIVE ? NEVER_MS : firstAskedMs;
            return new Evidence(lostMs, lostWhileTalking, result, askedMs, firstMs);
        }
    }

    /// @param upness the state
    /// @param changedMs since when it is decided, monotonic; a better cause does not count
    /// @param flaggedMs since when it is not heard, monotonic; never while it is heard
    /// @param note what is amiss though it is up
    /// @param told what history was told of the host last
    record Verdict(Upness upness, long changedMs, long flaggedMs, Cause note, Told told) {
        Verdict as(Upness other, long atMs) {
            return new Verdict(other, atMs, flaggedMs, note, told);
        }

        Verdict flagged(long atMs) {
            return new Verdict(upness, changedMs, atMs, note, told);
        }

        Verdict noted(Cause other) {
            return new Verdict(upness, changedMs, flaggedMs, other, told);
        }

        Verdict told(Told other) {
            return new Verdict(upness, changedMs, flaggedMs, note, other);
        }
    }

    /// What history was told last.
    ///
    /// @param label the state
    /// @param cause why
    /// @param atMs from when on, Unix time
    /// @param version how often that was corrected
    /// @param from the state before
    /// @param witnesses hosts that agreed to it, sorted
    record Told(
            String label,
            Cause cause,
            long atMs,
            long version,
            String from,
            List<String> witnesses) {
        Told(String label, Cause cause, long atMs, long version, String from) {
            this(label, cause, atMs, version, from, List.of());
        }

        static final Told NOTHING =
                new Told("unknown", Cause.NOT_HEARD, Long.MIN_VALUE, 0, "unknown");
    }

    /// @param report the newest report; may be of an earlier run
    /// @param intentUntilMs until when its intent holds, monotonic
    /// @param before services of the run before this one
    /// @param rerunMs when this run was first heard of, if there was one before; else never
    /// @param missingMs since when its beats speak of a report that is not here; else never
    /// @param askedMs when it was asked for
    record Reported(
            Frame.@Nullable Report report,
            long intentUntilMs,
            List<ServiceState> before,
            long rerunMs,
            long missingMs,
            long askedMs) {
        static final Reported NONE =
                new Reported(null, NEVER_MS, List.of(), NEVER_MS, NEVER_MS, NEVER_MS);

        Reported missing(long atMs) {
            return new Reported(report, intentUntilMs, before, rerunMs, atMs, askedMs);
        }

        Reported asked(long atMs) {
            return new Reported(report, intentUntilMs, before, rerunMs, missingMs, atMs);
        }
    }

    /// @param lanes what those who took over say, the newest of each
    /// @param takenOver the run for which this agent takes over; [#NOT_TAKEN] if it does not
    /// @param basis what `services` were concluded from
    /// @param services as they hold now
    /// @param gap the silence that history was told of last
    /// @param flaps how often anything changed of late
    record Care(
            List<Lane> lanes,
            long takenOver,
            Effective.@Nullable Basis basis,
            List<ServiceState> services,
            Gap gap,
            Flaps flaps) {
        static final long NOT_TAKEN = -1;
        static final Care NONE =
                new Care(List.of(), NOT_TAKEN, null, List.of(), Gap.NONE, Flaps.NONE);

        boolean isTaken() {
            return takenOver != NOT_TAKEN;
        }

        Care with(List<Lane> others) {
            return new Care(others, takenOver, basis, services, gap, flaps);
        }

        Care taking(long incarnation) {
            return new Care(lanes, incarnation, basis, services, gap, flaps);
        }

        Care with(Flaps other) {
            return new Care(lanes, takenOver, basis, services, gap, other);
        }

        Care concluded(Effective.Basis from, List<ServiceState> others, Gap since, Flaps flapping) {
            return new Care(lanes, takenOver, from, others, since, flapping);
        }
    }

    /// What one agent that took over says, the newest of it.
    ///
    /// @param taken its observation
    /// @param atMs when it came, monotonic
    record Lane(Frame.Taken taken, long atMs) {}

    /// A silence of the agent, for corrections of what its services were meanwhile.
    ///
    /// @param atMs when it began, Unix time
    /// @param version how often that was corrected
    /// @param before the services when it began
    record Gap(long atMs, long version, List<ServiceState> before) {
        static final Gap NONE = new Gap(Long.MIN_VALUE, 0, List.of());
    }

    /// An agent that was named, and not heard yet.
    static Peer named(RosterEntry entry, Now now) {
        long at = now.monotonicMs();
        var hearing = new Hearing(null, at, NEVER_MS, at, 0, now.unixMs(), 0);
        var upness = new Upness.Suspect(now.unixMs(), Cause.NOT_HEARD);
        var verdict = new Verdict(upness, at, NEVER_MS, Cause.NONE, Told.NOTHING);
        return new Peer(entry, hearing, Evidence.NONE, verdict, Reported.NONE, Care.NONE);
    }

    /// A new run of the agent, of which nothing is known yet but what its last one said.
    Peer rerun(RosterEntry newer, Now now) {
        Peer fresh = named(newer, now);
        List<ServiceState> before = care.services.isEmpty() ? reported.before : care.services;
        var kept =
                new Reported(
                        reported.report, NEVER_MS, before, now.monotonicMs(), NEVER_MS, NEVER_MS);
        boolean wasUp = verdict.upness instanceof Upness.Up;
        var verdictNow =
                new Verdict(
                        wasUp ? verdict.upness : fresh.verdict.upness,
                        now.monotonicMs(),
                        NEVER_MS,
                        Cause.NONE,
                        verdict.told);
        return new Peer(newer, fresh.hearing, Evidence.NONE, verdictNow, kept, care);
    }

    Peer with(RosterEntry other) {
        return new Peer(other, hearing, evidence, verdict, reported, care);
    }

    Peer with(Hearing other) {
        return new Peer(entry, other, evidence, verdict, reported, care);
    }

    Peer with(Evidence other) {
        return new Peer(entry, hearing, other, verdict, reported, care);
    }

    Peer with(Verdict other) {
        return new Peer(entry, hearing, evidence, other, reported, care);
    }

    Peer with(Reported other) {
        return new Peer(entry, hearing, evidence, verdict, other, care);
    }

    Peer with(Care other) {
        return new Peer(entry, hearing, evidence, verdict, reported, other);
    }

    Upness upness() {
        return verdict.upness;
    }

    boolean isUp() {
        return verdict.upness instanceof Upness.Up;
    }

    boolean isDown() {
        return verdict.upness instanceof Upness.Down;
    }

    long silenceMs(Now now) {
        return now.monotonicMs() - hearing.aliveMs;
    }

    long beatSilenceMs(Now now) {
        return now.monotonicMs() - hearing.heardMs;
    }

    /// When it last gave a sign of life, Unix time of this agent.
    long lastSignUnixMs(Now now) {
        return now.unixMs() - Math.max(0, silenceMs(now));
    }

    /// Its newest report, if that is of the run it is in.
    Frame.@Nullable Report currentReport() {
        Frame.Report held = reported.report;
        return held != null && held.agent().incarnation() == entry.incarnation() ? held : null;
    }

    /// What it has announced, while that holds.
    Optional<Intent> intent(long nowMs) {
        Frame.Report held = currentReport();
        return held == null || nowMs >= reported.intentUntilMs ? Optional.empty() : held.intent();
    }

    /// Whether its beats speak of a report that is not here.
    boolean isBehind() {
        Frame.Beat beat = hearing.beat;
        if (beat == null || beat.reportSeq() == 0) {
            return false;
        }
        Frame.Report held = currentReport();
        return held == null || held.seq() < beat.reportSeq();
    }
}
