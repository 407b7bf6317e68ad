package dev.muster.agent.fleet;

import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.CellSpeaker;
import dev.muster.federation.directory.Contact;
import dev.muster.federation.directory.RosterHash;
import dev.muster.federation.directory.Version;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says in the directory how this agent's cell is, when it is this agent's turn. Confined to one
/// thread.
final class CellSpeech {
    private final DirectoryPart directory;
    private final String host;
    private final String zone;
    private long saidChangedMs;
    private long differsSinceMs = -1;
    private Optional<CellEntry> lastSaid = Optional.empty();

    /// What an entry was read from.
    private record Seen(String cell, long version, long mapEpoch) {}

    private @Nullable CellEntry cached;
    private @Nullable Seen cachedFor;

    CellSpeech(DirectoryPart directory, String host, String zone) {
        this.directory = directory;
        this.host = host;
        this.zone = zone;
    }

    /// The place of this agent among those that stand for its cell; negative if it is none.
    int rank(CellView view) {
        return speakers(view).indexOf(host);
    }

    private static List<String> speakers(CellView view) {
        return CellSpeaker.speakers(
                view.cell(),
                view.members().stream().filter(Member::isUp).map(Member::host).toList());
    }

    void round(CellView view, long mapEpoch, long nowMs) {
        int rank = rank(view);
        if (rank < 0 || !view.settled()) {
            differsSinceMs = -1;
            return;
        }
        Optional<CellEntry> said = directory.cell(view.cell());
        if (!said.equals(lastSaid)) {
            lastSaid = said;
            saidChangedMs = nowMs;
        }
        Version version =
                said.map(entry -> entry.version().next(view.observerIncarnation(), host))
                        .orElseGet(() -> Version.first(view.observerIncarnation(), host));
        CellEntry now = entry(view, mapEpoch).withVersion(version);
        boolean differs = said.isEmpty() || !now.sameAs(said.get());
        if (!differs) {
            differsSinceMs = -1;
        } else if (differsSinceMs < 0) {
            differsSinceMs = nowMs;
        }
        long differsMs = differs ? nowMs - differsSinceMs : 0;
        if (CellSpeaker.shouldSpeak(rank, now, said, nowMs - saidChangedMs, differsMs)) {
            directory.say(now);
        }
    }

    private CellEntry entry(CellView view, long mapEpoch) {
        Seen seen = new Seen(view.cell(), view.version(), mapEpoch);
        CellEntry known = cached;
        if (known == null || !seen.equals(cachedFor)) {
            known = read(view, mapEpoch);
            cached = known;
            cachedFor = seen;
        }
        return known;
    }

    private CellEntry read(CellView view, long mapEpoch) {
        List<Member> expected =
                view.members().stream()
                        .filter(member -> !(member.upness() instanceof Upness.Left))
                        .toList();
        return new CellEntry(
                view.cell(),
                zone,
                mapEpoch,
                speakers(view).stream().flatMap(name -> contact(view, name).stream()).toList(),
                RosterHash.of(expected.stream().map(Member::host).toList()),
                count(expected, Upness.Up.class),
                count(expected, Upness.Down.class),
                expected.size(),
                hash(expected),
                Version.first(0, host));
    }

    private static Optional<Contact> contact(CellView view, String host) {
        return view.member(host)
                .filter(member -> !member.httpUrl().isEmpty())
                .map(member -> new Contact(member.httpUrl(), member.beatAddress()));
    }

    private static int count(List<Member> members, Class<? extends Upness> state) {
        return Math.toIntExact(members.stream().filter(m -> state.isInstance(m.upness())).count());
    }

    /// Of what matters of each member, and of the health of its services.
    private static long hash(List<Member> members) {
        long hash = 1;
        for (Member member : members) {
            long own =
                    31L * Objects.hash(member.host(), member.incarnation())
                            + member.upness().label().hashCode();
            for (ServiceState service : member.services()) {
                own =
                        own * 31
                                + Objects.hash(
                                        service.job(), service.instance(), service.health().name());
            }
            hash = hash * 0x100000001b3L + own;
        }
        return hash;
    }
}
