package dev.muster.federation.detect;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Onlookers;
import dev.muster.federation.member.ServiceBits;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.StateHash;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    ServiceBits ownBits = ServiceBits.NONE;
    int ownNames;
    long intentUntilMs = Peer.NEVER_MS;
    boolean reportWaits;
    long reportSentMs = Peer.NEVER_MS;
    long rosterSentMs = Peer.NEVER_MS;
    long entrySentMs = Peer.NEVER_MS;
    long relayedMs = Peer.NEVER_MS;
    long mismatchMs = Peer.NEVER_MS;
    long hashMismatchMs = Peer.NEVER_MS;
    boolean rosterWanted;
    int ownSlot;

    /// Hash over the entries of the roster, and over the reports held; brought up to date at the
    /// end of a step that changed them.
    int rosterDigest;

    /// The cell is full of agents that were there before this one.
    boolean surplus;

    /// Hashes of the hosts that were heard in this run. Never changed, but replaced.
    Set<Long> proven = Set.of();

    int stateHash;
    boolean digestsAreOld = true;
    long takenSeq;

    long beatSeq;
    long beatSentMs = Peer.NEVER_MS;
    long nextBeatMs;
    long sentRow;
    long busBeatMs = Peer.NEVER_MS;

    /// How often the last change is still to be said again.
    int repeats;

    ServiceBits sentBits = ServiceBits.NONE;

    /// Whom this agent does not hear.
    long row;

    final long startedUnixMs;
    long tickMs;
    long unixMs;
    long recoverUntilMs = Peer.NEVER_MS;
    double stretch = 1;
    boolean told;
    boolean began;
    long judgesFromMs = Long.MAX_VALUE;
    boolean busWorks;
    boolean linkWorks;
    boolean left;

    LossEstimate loss;
    long heardSinceTick;
    long lostSinceTick;
    long heard;
    long lost;
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
        state.refreshDigests();
        return state;
    }

    private DetectorState(DetectorState other) {
        this.config = other.config;
        this.cell = other.cell;
        this.self = other.self;
        this.roster = other.roster;
        this.peers = other.peers;
        this.departed = other.departed;
        this.own = other.own;
        this.ownBits = other.ownBits;
        this.ownNames = other.ownNames;
        this.intentUntilMs = other.intentUntilMs;
        this.reportWaits = other.reportWaits;
        this.reportSentMs = other.reportSentMs;
        this.rosterSentMs = other.rosterSentMs;
        this.entrySentMs = other.entrySentMs;
        this.relayedMs = other.relayedMs;
        this.mismatchMs = other.mismatchMs;
        this.hashMismatchMs = other.hashMismatchMs;
        this.rosterWanted = other.rosterWanted;
        this.ownSlot = other.ownSlot;
        this.rosterDigest = other.rosterDigest;
        this.proven = other.proven;
        this.surplus = other.surplus;
        this.stateHash = other.stateHash;
        this.digestsAreOld = other.digestsAreOld;
        this.takenSeq = other.takenSeq;
        this.beatSeq = other.beatSeq;
        this.beatSentMs = other.beatSentMs;
        this.nextBeatMs = other.nextBeatMs;
        this.sentRow = other.sentRow;
        this.busBeatMs = other.busBeatMs;
        this.repeats = other.repeats;
        this.sentBits = other.sentBits;
        this.row = other.row;
        this.startedUnixMs = other.startedUnixMs;
        this.tickMs = other.tickMs;
        this.unixMs = other.unixMs;
        this.recoverUntilMs = other.recoverUntilMs;
        this.stretch = other.stretch;
        this.told = other.told;
        this.began = other.began;
        this.judgesFromMs = other.judgesFromMs;
        this.busWorks = other.busWorks;
        this.linkWorks = other.linkWorks;
        this.left = other.left;
        this.loss = other.loss;
        this.heardSinceTick = other.heardSinceTick;
        this.lostSinceTick = other.lostSinceTick;
        this.heard = other.heard;
        this.lost = other.lost;
        this.version = other.version;
        this.counts = other.counts;
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

    /// Whether a plane is broken, or some member is up only because it answers probes, or is heard
    /// by the bus only.
    public boolean degraded() {
        if (!busWorks || (!linkWorks && peers.length > 1)) {
            return true;
        }
        var windows = new Windows(this, tickMs);
        for (Peer peer : peers) {
            if (peer != null
                    && peer.isUp()
                    && (windows.isByBus(peer)
                            || tickMs - peer.hearing().heardMs() > windows.of(peer))) {
                return true;
            }
        }
        return false;
    }

    /// Slots of those who count in a quorum: all but those who are down for long.
    long baseMask(long nowMs) {
        long settledMs = config.downSettled().toMillis();
        long mask = 0;
        for (int slot = 0; slot < peers.length; slot++) {
            Peer peer = peers[slot];
            if (peer == null || !peer.isDown() || nowMs - peer.verdict().changedMs() <= settledMs) {
                mask |= 1L << slot;
            }
        }
        return mask;
    }

    /// Share of others' beats that are lost, of late.
    public double lossRatio() {
        return loss.ratio();
    }

    /// Whether the cell is full of agents that were there before this one, so that it has no place
    /// in it.
    public boolean surplus() {
        return surplus;
    }

    /// How often something happened.
    public long count(Count of) {
        return switch (of) {
            case BEATS_HEARD -> heard;
            case BEATS_LOST -> lost;
            default -> counts[of.ordinal()];
        };
    }

    /// The newest own report.
    public Frame.@Nullable Report ownReport() {
        return own;
    }

    /// Equal for two agents if, and but for chance only if, they know the same of the same hosts.
    int rosterDigest() {
        return rosterDigest;
    }

    /// Brings the hashes up to date with the roster and the reports.
    void refreshDigests() {
        int digest = roster.hash();
        int reports = 0;
        for (int slot = 0; slot < peers.length; slot++) {
            Peer peer = peers[slot];
            digest = 31 * digest + (peer == null ? self : peer.entry()).digest();
            Frame.Report report = peer == null ? own : peer.currentReport();
            if (report != null) {
                reports += (int) StateHash.mix(roster.hostHash(slot) + report.seq());
            }
        }
        rosterDigest = digest;
        stateHash = reports;
        digestsAreOld = false;
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
        Optional<Intent> intent = intent();
        boolean maint = intent.filter(i -> i.kind() == Intent.Kind.MAINT).isPresent();
        List<ServiceState> services = report == null || left ? List.of() : report.services();
        return new Member(
                self.host(),
                self.httpUrl(),
                self.beatAddress(),
                self.place(),
                self.incarnation(),
                upness,
                Cause.NONE,
                intent,
                false,
                maint ? services.stream().map(Effective::maintained).toList() : services,
                unixMs,
                beatSeq,
                report == null ? 0 : report.seq());
    }

    /// What this agent has announced, while it holds.
    Optional<Intent> intent() {
        Frame.Report report = own;
        return report == null || tickMs >= intentUntilMs ? Optional.empty() : report.intent();
    }

    private Member member(Peer peer) {
        RosterEntry entry = peer.entry();
        Frame.Report report = peer.currentReport();
        return new Member(
                entry.host(),
                entry.httpUrl(),
                entry.beatAddress(),
                entry.place(),
                entry.incarnation(),
                peer.upness(),
                peer.verdict().note(),
                peer.intent(tickMs),
                peer.care().flaps().isFlapping(tickMs),
                peer.care().services(),
                peer.hearing().heardUnixMs(),
                peer.hearing().seq(),
                report == null ? 0 : report.seq(),
                onlookers(peer));
    }

    private static Onlookers onlookers(Peer peer) {
        if (peer.isUp()) {
            return Onlookers.NONE;
        }
        List<String> witnesses =
                peer.upness() instanceof Upness.Down
                        ? peer.verdict().told().witnesses()
                        : List.of();
        Effective.Basis basis = peer.care().basis();
        return new Onlookers(witnesses, basis == null ? List.of() : Services.takers(basis));
    }

    /// Replaces what is known of those who left; for [Membership].
    void departed(Map<String, Departed> other) {
        this.departed = Map.copyOf(new HashMap<>(other));
    }
}
