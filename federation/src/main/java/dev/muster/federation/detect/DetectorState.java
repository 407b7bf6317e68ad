package dev.muster.federation.detect;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All an agent knows of its cell. Never changes once [Detector] has handed it out.
public final class DetectorState {
    /*
     * The fields are written only on a copy that no one else has seen yet, within one call of Detector.step; so they are
     * not final, and reads need no lock once the reference was published safely.
     */

    /// @param entry the last entry of the agent
    /// @param atMs when it was learnt, monotonic
    /// @param atUnixMs the same in Unix time
    record Departed(RosterEntry entry, long atMs, long atUnixMs) {}

    final DetectorConfig config;
    final String cell;
    RosterEntry self;
    Roster roster;

    /// By slot of the roster; null in the own slot.
    @Nullable Peer[] peers;

    /// Those who left or were forgotten, by host.
    Map<String, Departed> departed = Map.of();

    Frame.@Nullable Report own;
    long reportSentMs = Peer.NEVER_MS;
    long rosterSentMs = Peer.NEVER_MS;
    long mismatchMs = Peer.NEVER_MS;
    boolean rosterWanted;

    long beatSeq;
    long beatSentMs = Peer.NEVER_MS;
    long nextBeatMs;
    long sentRow;

    final long startedUnixMs;
    long tickMs;
    long unixMs;
    long recoverUntilMs = Peer.NEVER_MS;
    long judgesFromMs = Long.MAX_VALUE;
    boolean busWorks;
    boolean linkWorks;
    boolean left;

    LossEstimate loss;
    long version = 1;
    long[] counts = new long[Count.values().length];

    private DetectorState(DetectorConfig config, String cell, RosterEntry self, Now now) {
        this.config = config;
        this.cell = cell;
        this.self = self;
        this.roster = Roster.of(List.of(self.host()));
        this.peers = new Peer[1];
        this.startedUnixMs = now.unixMs();
        this.tickMs = now.monotonicMs();
        this.unixMs = now.unixMs();
        this.nextBeatMs = now.monotonicMs();
        this.loss = LossEstimate.from(now.monotonicMs());
    }

    /// An agent that has just started.
    ///
    /// @param cell name of its cell
    /// @param self itself, in a run greater than any before
    /// @param known the roster of its last run, may be empty
    public static DetectorState start(
            DetectorConfig config,
            String cell,
            RosterEntry self,
            Collection<RosterEntry> known,
            Now now) {
        var state = new DetectorState(config, cell, self, now);
        var draft = new Draft(state, now);
        known.stream()
                .filter(entry -> !entry.host().equals(self.host()))
                .forEach(entry -> Membership.merge(draft, entry));
        return state;
    }

    private DetectorState(DetectorState other) {
        this.config = other.config;
        this.cell = other.cell;
        this.linkWorks = other.linkWorks;
        this.self = other.self;
        this.roster = other.roster;
        this.peers = other.peers.clone();
        this.departed = other.departed;
        this.own = other.own;
        this.reportSentMs = other.reportSentMs;
        this.rosterSentMs = other.rosterSentMs;
        this.mismatchMs = other.mismatchMs;
        this.rosterWanted = other.rosterWanted;
        this.beatSeq = other.beatSeq;
        this.beatSentMs = other.beatSentMs;
        this.nextBeatMs = other.nextBeatMs;
        this.sentRow = other.sentRow;
        this.startedUnixMs = other.startedUnixMs;
        this.tickMs = other.tickMs;
        this.unixMs = other.unixMs;
        this.recoverUntilMs = other.recoverUntilMs;
        this.judgesFromMs = other.judgesFromMs;
        this.busWorks = other.busWorks;
        this.left = other.left;
        this.loss = other.loss;
        this.version = other.version;
        this.counts = other.counts.clone();
    }

    DetectorState copy() {
        return new DetectorState(this);
    }

    /// The own run.
    public long incarnation() {
        return self.incarnation();
    }

    /// Grows with each change that [#members()] shows, but for numbers and times of beats.
    public long version() {
        return version;
    }

    /// When this state was made, Unix time.
    public long unixMs() {
        return unixMs;
    }

    /// Whether the agent has listened long enough to judge.
    public boolean settled() {
        return tickMs >= judgesFromMs;
    }

    /// Whether the bus is broken, or some member is up only because it answers probes.
    public boolean degraded() {
        if (!busWorks) {
            return true;
        }
        long window = Judge.windowMs(this);
        for (Peer peer : peers) {
            if (peer != null
                    && peer.upness() instanceof Upness.Up
                    && tickMs - peer.hearing().heardMs() > window) {
                return true;
            }
        }
        return false;
    }

    /// Share of others' beats that are lost, of late.
    public double lossRatio() {
        return loss.ratio();
    }

    /// How often something happened.
    public long count(Count of) {
        return counts[of.ordinal()];
    }

    /// The newest own report.
    public Frame.@Nullable Report ownReport() {
        return own;
    }

    /// Equal for two agents if, and but for chance only if, they know the same of the same hosts.
    int rosterDigest() {
        int digest = roster.hash();
        for (int slot = 0; slot < peers.length; slot++) {
            Peer peer = peers[slot];
            digest = 31 * digest + (peer == null ? self : peer.entry()).digest();
        }
        return digest;
    }

    /// Everyone who belongs, this agent among them, and everyone of whom it is remembered that he
    /// does not.
    public List<RosterEntry> roster() {
        List<RosterEntry> entries = new ArrayList<>();
        entries.add(left ? self.as(RosterEntry.Presence.LEFT) : self);
        for (Peer peer : peers) {
            if (peer != null) {
                entries.add(peer.entry());
            }
        }
        departed.values().forEach(gone -> entries.add(gone.entry()));
        return entries;
    }

    /// The members as this agent sees them, itself among them.
    public List<Member> members() {
        List<Member> members = new ArrayList<>();
        members.add(ownMember());
        for (Peer peer : peers) {
            if (peer != null) {
                members.add(member(peer));
            }
        }
        for (Departed gone : departed.values()) {
            RosterEntry entry = gone.entry();
            if (entry.presence() == RosterEntry.Presence.LEFT) {
                var upness = new Upness.Left(gone.atUnixMs());
                members.add(
                        new Member(
                                entry.host(),
                                entry.httpUrl(),
                                entry.incarnation(),
                                upness,
                                List.of(),
                                0,
                                0,
                                0));
            }
        }
        return members;
    }

    private Member ownMember() {
        Upness upness = left ? new Upness.Left(unixMs) : new Upness.Up(startedUnixMs);
        Frame.Report report = own;
        return new Member(
                self.host(),
                self.httpUrl(),
                self.incarnation(),
                upness,
                report == null || left ? List.of() : report.services(),
                unixMs,
                beatSeq,
                report == null ? 0 : report.seq());
    }

    private static Member member(Peer peer) {
        RosterEntry entry = peer.entry();
        Frame.Report report = peer.reported().report();
        boolean current = report != null && report.agent().incarnation() == entry.incarnation();
        return new Member(
                entry.host(),
                entry.httpUrl(),
                entry.incarnation(),
                peer.upness(),
                report == null ? List.of() : services(report, current, peer.upness()),
                peer.hearing().heardUnixMs(),
                peer.hearing().seq(),
                report != null && current ? report.seq() : 0);
    }

    /// Services as they hold while their agent is in that state: nothing is silently up.
    private static List<ServiceState> services(
            Frame.Report report, boolean current, Upness upness) {
        if (upness instanceof Upness.Down(long sinceMs, Cause cause)) {
            String why = cause == Cause.AGENT_DOWN ? "agent down" : "agent down: " + cause.text();
            return report.services().stream()
                    .map(s -> s.as(Health.DOWN, Provenance.HOST, why, sinceMs))
                    .toList();
        }
        if (!current) {
            return report.services().stream()
                    .map(s -> s.unknownBecause("not yet reported", upness.sinceMs()))
                    .toList();
        }
        return report.services();
    }

    /// Replaces what is known of those who left; for [Membership].
    void departed(Map<String, Departed> other) {
        this.departed = Map.copyOf(new HashMap<>(other));
    }
}
