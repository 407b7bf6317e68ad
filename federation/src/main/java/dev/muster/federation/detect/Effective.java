package dev.muster.federation.detect;

import dev.muster.federation.detect.Peer.Lane;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceBits;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.StateHash;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the services of a host are, from all that is said of them: pure.
///
/// While its own agent is heard, what that says; else what those say who took over; else, if the
/// host is dead, down; else unknown. Of nothing that nobody looks at is said that it is down.
final class Effective {
    private Effective() {}

    /// All that the conclusion stands on: the same basis gives the same services.
    ///
    /// @param report the newest own report; may be of an earlier run
    /// @param bits newer than the report, and not the same, if a beat brought any
    /// @param own whether the own agent can be believed now
    /// @param before services of the run before, while the new one may not have told all yet
    /// @param lanes fresh words of those who took over
    /// @param fallback what holds of a service that nobody looks at
    /// @param maint whether the host is under maintenance
    record Basis(
            Frame.@Nullable Report report,
            @Nullable ServiceBits bits,
            boolean own,
            List<ServiceState> before,
            List<Lane> lanes,
            Fallback fallback,
            boolean maint) {}

    /// @param health [Health#DOWN] if the host is dead, else [Health#UNKNOWN]
    /// @param reason why nothing better is known
    /// @param sinceMs since when, Unix time
    record Fallback(Health health, String reason, long sinceMs) {
        static Fallback of(Upness upness) {
            return switch (upness) {
                case Upness.Down(long sinceMs, Cause cause) when cause == Cause.HOST_DOWN ->
                        new Fallback(Health.DOWN, cause.text(), sinceMs);
                case Upness.Down(long sinceMs, Cause cause) -> agentLost(cause, sinceMs);
                case Upness.Suspect(long sinceMs, Cause cause) -> agentLost(cause, sinceMs);
                case Upness.Unknown(long sinceMs, Cause cause) -> agentLost(cause, sinceMs);
                case Upness.Up up -> new Fallback(Health.UNKNOWN, "not yet reported", up.sinceMs());
                case Upness.Left left -> new Fallback(Health.UNKNOWN, "left", left.sinceMs());
            };
        }

        private static Fallback agentLost(Cause cause, long sinceMs) {
            String why =
                    switch (cause) {
                        case AGENT_DOWN -> "agent down";
                        case AGENT_STALLED -> "agent stalled";
                        case NOT_HEARD -> "not yet reported";
                        case NONE,
                                UNREACHABLE,
                                PARTIAL,
                                NO_OBSERVER,
                                SERVICE_DOWN,
                                LEFT,
                                HOST_DOWN,
                                ONE_WAY,
                                RACK_DOWN,
                                ZONE_STALE,
                                PARTITION,
                                MISSING,
                                RESTARTING,
                                DRAIN,
                                MAINT,
                                CAPACITY,
                                UNPROBEABLE ->
                                "agent lost: " + cause.text();
                    };
            return new Fallback(Health.UNKNOWN, why, sinceMs);
        }
    }

    /// What is to be concluded of a peer from.
    static Basis basis(Peer peer, Now now, DetectorConfig config) {
        Frame.Report report = peer.reported().report();
        boolean current = peer.currentReport() != null;
        boolean own = current && ownIsBelieved(peer);
        return new Basis(
                report,
                own ? bits(peer, report) : null,
                own,
                before(peer, now, config),
                freshLanes(peer, now, config),
                Fallback.of(peer.upness()),
                peer.intent(now.monotonicMs())
                        .filter(i -> i.kind() == Intent.Kind.MAINT)
                        .isPresent());
    }

    /// The own agent is believed while it is heard, or others vouch that it is.
    private static boolean ownIsBelieved(Peer peer) {
        return switch (peer.upness()) {
            case Upness.Up _ -> true;
            case Upness.Suspect(_, var cause) -> cause == Cause.PARTIAL;
            case Upness.Down _, Upness.Left _, Upness.Unknown _ -> false;
        };
    }

    private static @Nullable ServiceBits bits(Peer peer, Frame.@Nullable Report report) {
        Frame.Beat beat = peer.hearing().beat();
        if (beat == null
                || report == null
                || beat.reportSeq() < report.seq()
                || beat.services().size() != report.services().size()) {
            return null;
        }
        if (beat.reportSeq() > report.seq()
                && beat.namesHash() != StateHash.ofNames(report.services())) {
            return null;
        }
        return agrees(report.services(), beat.services()) ? null : beat.services();
    }

    private static List<ServiceState> before(Peer peer, Now now, DetectorConfig config) {
        long sinceMs = now.monotonicMs() - peer.reported().rerunMs();
        return sinceMs <= config.rerunGrace().toMillis() ? peer.reported().before() : List.of();
    }

    /// Words of the run that was lost, or of the one before while the new one has just begun.
    private static List<Lane> freshLanes(Peer peer, Now now, DetectorConfig config) {
        if (peer.care().lanes().isEmpty()) {
            return List.of();
        }
        long grace = config.rerunGrace().toMillis();
        boolean begun = now.monotonicMs() - peer.reported().rerunMs() <= grace;
        List<Lane> fresh = new ArrayList<>();
        for (Lane lane : peer.care().lanes()) {
            boolean ofThis = lane.taken().incarnation() == peer.entry().incarnation();
            if (now.monotonicMs() - lane.atMs() <= config.takenFresh().toMillis()
                    && (ofThis || begun)) {
                fresh.add(lane);
            }
        }
        return List.copyOf(fresh);
    }

    /// The services as they hold.
    static List<ServiceState> of(Basis basis) {
        Frame.Report report = basis.report;
        List<ServiceState> named = report == null ? List.of() : report.services();
        if (basis.own && basis.before.isEmpty() && !basis.maint && basis.bits == null) {
            return named;
        }
        List<ServiceState> services = new ArrayList<>(named.size());
        for (int i = 0; i < named.size(); i++) {
            ServiceState service = named.get(i);
            if (basis.maint) {
                services.add(maintained(service));
            } else if (basis.own) {
                services.add(bitten(service, basis.bits, i));
            } else {
                services.add(withoutOwn(service, basis));
            }
        }
        for (ServiceState service : basis.before) {
            if (named.stream().noneMatch(service::isOfSameService)) {
                services.add(withoutOwn(service, basis));
            }
        }
        return services;
    }

    private static boolean agrees(List<ServiceState> services, ServiceBits bits) {
        for (int i = 0; i < services.size(); i++) {
            if (services.get(i).health() != bits.health(i)) {
                return false;
            }
        }
        return true;
    }

    /// The service of a host that is worked on.
    static ServiceState maintained(ServiceState service) {
        return service.as(Health.MAINT, Provenance.OWN, Cause.MAINT.text(), service.sinceMs());
    }

    private static ServiceState bitten(
            ServiceState service, @Nullable ServiceBits bits, int index) {
        if (bits == null || bits.health(index) == service.health()) {
            return service;
        }
        Health health = bits.health(index);
        String why = health == Health.UP ? "" : health.label();
        return service.as(health, Provenance.OWN, why, service.sinceMs());
    }

    private static ServiceState withoutOwn(ServiceState service, Basis basis) {
        Fallback fallback = basis.fallback;
        ServiceState taken = taken(service, basis.lanes);
        boolean better =
                taken != null && (taken.health() == Health.UP || fallback.health == Health.UNKNOWN);
        if (taken != null && better) {
            return taken.provenance() == Provenance.INFERRED
                    ? taken.as(taken.health(), Provenance.PEER, taken.reason(), taken.sinceMs())
                    : taken;
        }
        Provenance by = fallback.health == Health.DOWN ? Provenance.HOST : Provenance.NONE;
        return service.as(fallback.health, by, fallback.reason, fallback.sinceMs);
    }

    /// What those who took over say of a service. Where a whole host is silent, it may be the one
    /// who looks that is cut off: his "down" then says nothing.
    static @Nullable ServiceState taken(ServiceState service, List<Lane> lanes) {
        ServiceState taken = null;
        for (Lane lane : lanes) {
            for (ServiceState seen : lane.taken().services()) {
                if (seen.isOfSameService(service)) {
                    boolean says =
                            lane.taken().probe() != ProbeResult.SILENT
                                    || seen.health() == Health.UNKNOWN;
                    if (says) {
                        taken = taken == null ? seen : firmer(taken, seen);
                    }
                    break;
                }
            }
        }
        return taken;
    }

    /// Of what two who took over say of a service, that which proves more: an answer is proof of
    /// life, silence may be the network's. The same whatever the order.
    static ServiceState firmer(ServiceState a, ServiceState b) {
        int byRank = Integer.compare(rank(a.health()), rank(b.health()));
        if (byRank != 0) {
            return byRank > 0 ? a : b;
        }
        if (a.provenance() != b.provenance()) {
            return a.provenance().compareTo(b.provenance()) > 0 ? a : b;
        }
        if (a.sinceMs() != b.sinceMs()) {
            return a.sinceMs() < b.sinceMs() ? a : b;
        }
        return a.reason().compareTo(b.reason()) <= 0 ? a : b;
    }

    private static int rank(Health health) {
        return switch (health) {
            case UNKNOWN -> 0;
            case DOWN -> 1;
            case MAINT -> 2;
            case UP -> 3;
        };
    }
}
