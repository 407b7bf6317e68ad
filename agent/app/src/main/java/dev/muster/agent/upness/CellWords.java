package dev.muster.agent.upness;

import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessProvenance;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Transition;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the cell says, in the words of the log. Pure.
final class CellWords {
    /// How a target is by a view of the cell.
    ///
    /// @param sinceMs since when, Unix time of whoever says so
    record Word(
            UpnessTarget target,
            Place place,
            UpnessState state,
            String cause,
            String reason,
            UpnessProvenance provenance,
            long sinceMs) {
        /// The entry by which the log comes to say this.
        UpnessEntry entry(@Nullable UpnessEntry held, long nowMs) {
            long atMs = Math.min(sinceMs <= 0 ? nowMs : sinceMs, nowMs);
            boolean known = held != null && held.atMs() >= atMs;
            return new UpnessEntry(
                    target,
                    place.zone(),
                    place.rack(),
                    known ? nowMs : atMs,
                    nowMs,
                    0,
                    held == null ? UpnessState.UNKNOWN : held.to(),
                    state,
                    cause,
                    reason,
                    provenance,
                    0,
                    List.of());
        }

        /// Whether an entry says the same; the place and the text for people do not count.
        boolean isSaidBy(@Nullable UpnessEntry held) {
            return held != null && held.to() == state && held.provenance() == provenance;
        }
    }

    private CellWords() {}

    /// What a view says of every target.
    static Map<UpnessTarget, Word> of(CellView view) {
        Map<UpnessTarget, Word> words = new HashMap<>();
        for (Member member : view.members()) {
            Word host = host(view.cell(), member);
            words.put(host.target(), host);
            for (ServiceState service : member.services()) {
                Word word = service(view.cell(), member, service);
                words.put(word.target(), word);
            }
        }
        return words;
    }

    private static Word host(String cell, Member member) {
        Upness upness = member.upness();
        UpnessState state =
                switch (upness) {
                    case Upness.Up _ -> inMaintenance(member) ? UpnessState.MAINT : UpnessState.UP;
                    case Upness.Down _ ->
                            inMaintenance(member) ? UpnessState.MAINT : UpnessState.DOWN;
                    case Upness.Left _ -> UpnessState.LEFT;
                    case Upness.Suspect _, Upness.Unknown _ -> UpnessState.UNKNOWN;
                };
        UpnessProvenance provenance =
                switch (state) {
                    case UP, MAINT, LEFT -> UpnessProvenance.OWN;
                    case DOWN -> UpnessProvenance.HOST;
                    case UNKNOWN -> UpnessProvenance.NONE;
                };
        return new Word(
                UpnessTarget.ofHost(cell, member.host()),
                member.place(),
                state,
                state == UpnessState.MAINT ? "maint" : upness.why().map(CellWords::text).orElse(""),
                "",
                provenance,
                upness.sinceMs());
    }

    private static boolean inMaintenance(Member member) {
        return member.intent().filter(i -> i.kind() == Intent.Kind.MAINT).isPresent();
    }

    private static Word service(String cell, Member member, ServiceState service) {
        String cause =
                switch (service.health()) {
                    case UP -> "";
                    case MAINT -> "maint";
                    case DOWN ->
                            service.provenance() == Provenance.HOST
                                    ? ofHost(member)
                                    : text(Cause.SERVICE_DOWN);
                    case UNKNOWN -> ofHost(member);
                };
        return new Word(
                new UpnessTarget(cell, member.host(), service.job(), service.instance()),
                member.place(),
                UpnessState.of(service.health().label()),
                cause,
                service.reason(),
                UpnessProvenance.of(service.provenance().label()),
                service.sinceMs());
    }

    private static String ofHost(Member member) {
        return member.upness().why().map(CellWords::text).orElse(text(Cause.NOT_HEARD));
    }

    /// A transition as an entry.
    ///
    /// @param view says where the host is, and in words for people why a service is down
    static UpnessEntry entry(Transition t, CellView view) {
        Optional<Member> member = view.member(t.host());
        Place place = member.map(Member::place).orElse(Place.NONE);
        UpnessState to = UpnessState.of(t.to());
        return new UpnessEntry(
                t.isOfHost()
                        ? UpnessTarget.ofHost(t.cell(), t.host())
                        : new UpnessTarget(t.cell(), t.host(), t.job(), t.instance()),
                place.zone(),
                place.rack(),
                Math.max(0, t.atMs()),
                t.decidedMs(),
                0,
                UpnessState.of(t.from()),
                to,
                text(t.cause()),
                member.map(m -> reason(t, m)).orElse(""),
                UpnessProvenance.of(t.provenance().label()),
                t.version(),
                t.witnesses());
    }

    private static String reason(Transition t, Member member) {
        return member.services().stream()
                .filter(s -> s.job().equals(t.job()) && s.instance().equals(t.instance()))
                .filter(s -> s.health() != Health.UP && s.health().label().equals(t.to()))
                .map(ServiceState::reason)
                .findFirst()
                .orElse("");
    }

    private static String text(Cause cause) {
        return cause == Cause.NONE ? "" : cause.name().toLowerCase(Locale.ROOT);
    }
}
