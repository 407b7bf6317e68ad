package dev.muster.federation.detect;

import dev.muster.federation.detect.Peer.Gap;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Transition;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Follows how the services of the others are, and tells history of each change.
///
/// A silence is told from its last sign of life on, and corrected as more is known: first unknown,
/// then down with the host, or up if it is found out that the process ran all the time.
final class Services {
    /// A process must have started that much before a silence to have lived through it: clocks of
    /// two hosts differ.
    private static final long CLOCK_MARGIN_MS = 5000;

    /// An older start is of before the last change that is known.
    private static final long AGE_LIMIT_MS = 30_000;

    private Services() {}

    /// Concludes anew for those slots that are marked.
    static void follow(Draft draft) {
        for (long rest = draft.reconsider; rest != 0; rest &= rest - 1) {
            int slot = Long.numberOfTrailingZeros(rest);
            Peer peer = slot < draft.state.peers.length ? draft.state.peers[slot] : null;
            if (peer != null) {
                follow(draft, slot, peer);
                HostHistory.follow(draft, slot);
            }
        }
        draft.reconsider = 0;
    }

    private static void follow(Draft draft, int slot, Peer peer) {
        Effective.Basis basis = Effective.basis(peer, draft.now, draft.config());
        Effective.Basis held = peer.care().basis();
        if (basis.equals(held)) {
            return;
        }
        List<ServiceState> before = peer.care().services();
        List<ServiceState> after = Effective.of(basis);
        if (after.equals(before)) {
            Peer.Care care = peer.care();
            draft.put(slot, peer.with(care.concluded(basis, before, care.gap(), care.flaps())));
            return;
        }
        draft.state.version++;
        tell(draft, slot, peer, basis, List.copyOf(after));
    }

    private static void tell(
            Draft draft, int slot, Peer peer, Effective.Basis basis, List<ServiceState> after) {
        List<ServiceState> before = peer.care().services();
        Gap gap = peer.care().gap();
        Flaps flaps = peer.care().flaps();
        boolean silent = !basis.own() && !basis.maint();
        long silenceMs = basis.fallback().sinceMs();
        boolean corrects = silent && gap.atMs() == silenceMs;
        if (silent) {
            gap =
                    corrects
                            ? new Gap(gap.atMs(), gap.version() + 1, gap.before())
                            : new Gap(silenceMs, 0, before);
        }
        for (ServiceState service : after) {
            ServiceState was = of(service, before);
            if (was != null
                    && was.health() == service.health()
                    && was.provenance() == service.provenance()) {
                continue;
            }
            if (was == null && service.health() == Health.UNKNOWN) {
                continue;
            }
            boolean inGap = silent && service.provenance() != Provenance.PEER;
            ServiceState from = inGap && corrects ? of(service, gap.before()) : was;
            if (was != null && isProven(service, basis) && gap.atMs() != Long.MIN_VALUE) {
                gap = new Gap(gap.atMs(), gap.version() + 1, gap.before());
                infer(draft, peer, service, gap);
            }
            if (was != null && isFlap(was.health(), service.health())) {
                flaps = flaps.changed(service.job() + '\n' + service.instance(), draft.nowMs());
            }
            long atMs = inGap ? silenceMs : startMs(draft, peer, basis, service);
            emit(
                    draft,
                    peer,
                    service,
                    from,
                    atMs,
                    inGap ? gap.version() : 0,
                    service.provenance() == Provenance.HOST
                            ? draft.witnesses(slot)
                            : observers(basis, service));
        }
        draft.put(slot, peer.with(peer.care().concluded(basis, after, gap, flaps)));
    }

    private static boolean isFlap(Health before, Health after) {
        return (before == Health.UP && after == Health.DOWN)
                || (before == Health.DOWN && after == Health.UP);
    }

    private static @Nullable ServiceState of(ServiceState service, List<ServiceState> services) {
        for (ServiceState other : services) {
            if (other.isOfSameService(service)) {
                return other;
            }
        }
        return null;
    }

    /// When a state began, by this agent's clock: as long ago as the one who says so was in it.
    private static long startMs(
            Draft draft, Peer peer, Effective.Basis basis, ServiceState service) {
        Frame.Report report = basis.report();
        long nowMs = draft.now.unixMs();
        if (service.provenance() == Provenance.OWN && basis.bits() == null && report != null) {
            long ageMs = Math.max(0, report.sentMs() - service.sinceMs());
            boolean first = peer.care().services().isEmpty();
            return first || ageMs <= AGE_LIMIT_MS ? nowMs - ageMs : nowMs;
        }
        return nowMs;
    }

    private static List<String> observers(Effective.Basis basis, ServiceState service) {
        return service.provenance() == Provenance.PEER ? takers(basis) : List.of();
    }

    /// Hosts whose agents look after the services, sorted.
    static List<String> takers(Effective.Basis basis) {
        List<String> observers = new ArrayList<>();
        basis.lanes().forEach(lane -> observers.add(lane.taken().observer()));
        return observers.stream().sorted().distinct().limit(Transition.WITNESS_LIMIT).toList();
    }

    /// Marks services whose start, as this agent's takeover tells it, lies so long before the
    /// silence that they must have run through it.
    static List<ServiceState> inferred(Peer peer, List<ServiceState> services) {
        boolean silent =
                peer.upness() instanceof Upness.Down || peer.upness() instanceof Upness.Suspect;
        if (!silent) {
            return services;
        }
        long silenceMs = peer.upness().sinceMs();
        List<ServiceState> marked = new ArrayList<>(services.size());
        for (ServiceState service : services) {
            boolean proven =
                    service.up()
                            && service.sinceMs() > 0
                            && service.sinceMs() <= silenceMs - CLOCK_MARGIN_MS;
            marked.add(
                    proven
                            ? service.as(Health.UP, Provenance.INFERRED, "", service.sinceMs())
                            : service);
        }
        return marked;
    }

    private static boolean isProven(ServiceState service, Effective.Basis basis) {
        if (service.provenance() != Provenance.PEER || !service.up()) {
            return false;
        }
        ServiceState taken = Effective.taken(service, basis.lanes());
        return taken != null && taken.provenance() == Provenance.INFERRED;
    }

    private static void infer(Draft draft, Peer peer, ServiceState service, Gap gap) {
        ServiceState from = of(service, gap.before());
        if (from != null && from.up()) {
            ServiceState up = service.as(Health.UP, Provenance.INFERRED, "", gap.atMs());
            emit(
                    draft,
                    peer,
                    up,
                    from,
                    gap.atMs(),
                    gap.version(),
                    List.of(draft.state.self.host()));
        }
    }

    private static void emit(
            Draft draft,
            Peer peer,
            ServiceState to,
            @Nullable ServiceState from,
            long atMs,
            long version,
            List<String> witnesses) {
        draft.count(Count.TRANSITIONS);
        long nowMs = draft.now.unixMs();
        draft.add(
                new Effect.Transited(
                        new Transition(
                                draft.state.cell,
                                peer.entry().host(),
                                to.job(),
                                to.instance(),
                                Math.min(atMs, nowMs),
                                nowMs,
                                (from == null ? Health.UNKNOWN : from.health()).label(),
                                to.health().label(),
                                cause(to, peer.upness()),
                                to.provenance(),
                                witnesses,
                                version)));
    }

    static Cause cause(ServiceState to, Upness upness) {
        return switch (to.health()) {
            case UP -> Cause.NONE;
            case MAINT -> Cause.MAINT;
            case DOWN -> to.provenance() == Provenance.HOST ? Cause.HOST_DOWN : Cause.SERVICE_DOWN;
            case UNKNOWN -> named(to.reason(), upness);
        };
    }

    private static Cause named(String reason, Upness upness) {
        if (reason.equals(Cause.CAPACITY.text())) {
            return Cause.CAPACITY;
        }
        if (reason.equals(Cause.UNPROBEABLE.text())) {
            return Cause.UNPROBEABLE;
        }
        return upness.why().orElse(Cause.NOT_HEARD);
    }
}
