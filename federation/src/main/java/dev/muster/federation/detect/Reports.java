package dev.muster.federation.detect;

import dev.muster.federation.detect.Peer.Reported;
import dev.muster.federation.detect.Peer.Told;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceBits;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.StateHash;
import dev.muster.federation.member.Transition;
import dev.muster.federation.member.Upness;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reports: what agents say of their services and intentions. Each has one writer, and the newest
/// holds.
final class Reports {
    private static final long PATIENCE_MS = 500;
    private static final long AGAIN_MS = 250;
    private static final long RELAY_AGAIN_MS = 200;
    private static final long INTENT_LIMIT_MS = Duration.ofDays(7).toMillis();

    private Reports() {}

    static void scraped(Draft draft, List<ServiceState> services) {
        Frame.Report own = draft.state.own;
        if (own != null && own.services().equals(services)) {
            return;
        }
        tellOwn(draft, own == null ? List.of() : own.services(), services);
        write(draft, own == null ? Optional.empty() : own.intent(), services);
    }

    private static void write(Draft draft, Optional<Intent> intent, List<ServiceState> services) {
        DetectorState state = draft.state;
        long seq = state.own == null ? 1 : state.own.seq() + 1;
        var report = new Frame.Report(state.self, seq, draft.now.unixMs(), intent, services);
        state.own = report;
        ServiceBits bits = ServiceBits.of(report.services());
        state.ownBits = bits.equals(state.ownBits) ? state.ownBits : bits;
        state.ownNames = StateHash.ofNames(report.services());
        state.reportWaits = true;
        state.version++;
        state.digestsAreOld = true;
    }

    /// What has changed of the own services, for history.
    private static void tellOwn(Draft draft, List<ServiceState> before, List<ServiceState> after) {
        Map<String, ServiceState> held = new HashMap<>();
        before.forEach(service -> held.put(service.job() + '\n' + service.instance(), service));
        long nowMs = draft.now.unixMs();
        for (ServiceState service : after) {
            ServiceState was = held.get(service.job() + '\n' + service.instance());
            Health from = was == null ? Health.UNKNOWN : was.health();
            if (from != service.health()) {
                draft.count(Count.TRANSITIONS);
                draft.add(
                        new Effect.Transited(
                                new Transition(
                                        draft.state.cell,
                                        draft.state.self.host(),
                                        service.job(),
                                        service.instance(),
                                        Math.min(service.sinceMs(), nowMs),
                                        nowMs,
                                        from.label(),
                                        service.health().label(),
                                        Services.cause(service, new Upness.Up(nowMs)),
                                        service.provenance(),
                                        List.of(),
                                        0)));
            }
        }
    }

    static void announced(Draft draft, Intent intent) {
        if (intent.kind() == Intent.Kind.LEFT) {
            leave(draft);
            return;
        }
        DetectorState state = draft.state;
        long restMs = intent.untilMs() - draft.now.unixMs();
        List<ServiceState> services = state.own == null ? List.of() : state.own.services();
        Optional<Intent> held = restMs > 0 ? Optional.of(intent) : Optional.empty();
        state.intentUntilMs =
                restMs > 0 ? draft.nowMs() + Math.min(restMs, INTENT_LIMIT_MS) : Peer.NEVER_MS;
        write(draft, held, services);
        Frame.Report own = state.own;
        if (own != null) {
            draft.send(own); // at once and by both planes; once more a little later
            state.reportSentMs = draft.nowMs();
        }
    }

    /// Takes back what has expired.
    static void expire(Draft draft) {
        DetectorState state = draft.state;
        Frame.Report own = state.own;
        if (own != null && own.intent().isPresent() && draft.nowMs() >= state.intentUntilMs) {
            write(draft, Optional.empty(), own.services());
        }
    }

    static void leave(Draft draft) {
        DetectorState state = draft.state;
        RosterEntry gone = state.self.as(RosterEntry.Presence.LEFT);
        Frame.Report own = state.own;
        long seq = own == null ? 1 : own.seq() + 1;
        draft.send(new Frame.RosterFrame(List.of(gone)));
        draft.send(new Frame.Report(gone, seq, draft.now.unixMs(), Optional.empty(), List.of()));
        for (Peer peer : state.peers) {
            if (peer != null && peer.care().isTaken()) {
                draft.add(new Effect.GiveBack(peer.entry().host()));
            }
        }
        var left = new Told("left", Cause.LEFT, draft.now.unixMs(), 0, "up");
        HostHistory.tell(draft, state.self.host(), left, Provenance.OWN, List.of());
        state.left = true;
        state.version++;
    }

    static void heard(Draft draft, Frame.Report report) {
        Membership.merge(draft, report.agent());
        int slot = draft.state.roster.slot(report.agent().host());
        Peer peer = slot < 0 ? null : draft.state.peers[slot];
        if (peer == null || report.agent().incarnation() < peer.entry().incarnation()) {
            return;
        }
        Reported held = peer.reported();
        if (held.report() != null && !report.isNewerThan(held.report())) {
            return;
        }
        long restMs =
                report.intent()
                        .map(intent -> intent.untilMs() - report.sentMs())
                        .map(ms -> Math.clamp(ms, 0, INTENT_LIMIT_MS))
                        .orElse(0L);
        long untilMs = restMs > 0 ? draft.nowMs() + restMs : Peer.NEVER_MS;
        var now =
                new Reported(
                        report,
                        untilMs,
                        held.before(),
                        held.rerunMs(),
                        held.missingMs(),
                        held.askedMs());
        Peer told = peer.with(now);
        if (!told.isBehind()) {
            told = told.with(now.missing(Peer.NEVER_MS));
        }
        draft.put(slot, told);
        draft.count(Count.REPORTS_HEARD);
        draft.reconsider |= 1L << slot;
        draft.news |= restMs > 0 || held.intentUntilMs() != Peer.NEVER_MS;
        draft.state.digestsAreOld = true;
        draft.state.version++;
    }

    /// Somebody has missed a report: the own one, or that of an agent that can no longer send it.
    static void asked(Draft draft, String host) {
        DetectorState state = draft.state;
        if (host.equals(state.self.host())) {
            if (draft.nowMs() - state.reportSentMs >= PATIENCE_MS) {
                state.reportWaits = true;
            }
            return;
        }
        int slot = state.roster.slot(host);
        Peer peer = slot < 0 ? null : state.peers[slot];
        Frame.Report report = peer == null ? null : peer.currentReport();
        if (peer != null
                && report != null
                && (state.row >>> slot & 1) == 1
                && draft.nowMs() - state.relayedMs >= RELAY_AGAIN_MS
                && Takeovers.isAmongFirst(draft, slot, peer)) {
            state.relayedMs = draft.nowMs();
            draft.count(Count.RELAYS);
            draft.sendByBus(report);
        }
    }

    static void sendWaiting(Draft draft) {
        DetectorState state = draft.state;
        Frame.Report own = state.own;
        if (own != null
                && state.reportWaits
                && (state.busWorks || state.linkWorks)
                && draft.nowMs() - state.reportSentMs >= AGAIN_MS) {
            state.reportWaits = false;
            state.reportSentMs = draft.nowMs();
            draft.count(Count.REPORTS_SENT);
            draft.sendByBus(own);
        }
    }
}
