package dev.muster.federation.view;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Onlookers;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one observer says of one host, without what changes with each beat. Immutable, and compact:
/// a query node keeps tens of thousands. Two of them are the same exactly when their hashes are.
///
/// @param host name of the host, unique in its cell
/// @param httpUrl where its agent answers
/// @param beatAddress where its agent takes beats
/// @param place where it stands
/// @param incarnation the run of its agent
/// @param upness whether its agent is up
/// @param note what is amiss though it is up
/// @param intent what it has announced
/// @param flapping whether single changes mean little
/// @param reportSeq the report that the services come from
/// @param services its services
/// @param onlookers who found it down, and who looks after its services
/// @param hash over all of these
public record HostState(
        String host,
        String httpUrl,
        String beatAddress,
        Place place,
        long incarnation,
        Upness upness,
        Cause note,
        Optional<Intent> intent,
        boolean flapping,
        long reportSeq,
        PackedServices services,
        Onlookers onlookers,
        long hash) {
    private static final int UP = 1;
    private static final int SUSPECT = 2;
    private static final int DOWN = 3;
    private static final int LEFT = 4;
    private static final int UNKNOWN = 5;

    /// What the member says of its host.
    public static HostState of(Member member) {
        return of(member, PackedServices.of(member.services()));
    }

    static HostState of(Member m, PackedServices services) {
        var out = new FrameWriter(0);
        int start = out.size();
        write(m, services, out);
        return new HostState(
                m.host(),
                m.httpUrl(),
                m.beatAddress(),
                m.place(),
                m.incarnation(),
                m.upness(),
                m.note(),
                m.intent(),
                m.flapping(),
                m.reportSeq(),
                services,
                m.onlookers(),
                Hash64.of(out.since(start)));
    }

    /// The name of a host in vectors.
    public static long keyOf(String host) {
        return Hash64.of(host.getBytes(StandardCharsets.UTF_8));
    }

    /// The member of this state.
    ///
    /// @param seq number of the last beat heard
    /// @param heardMs when the observer heard it
    public Member member(long seq, long heardMs) {
        return member(seq, heardMs, services.list());
    }

    /// The member without its services, where nobody looks at them.
    private Member shell() {
        return member(0, 0, List.of());
    }

    private Member member(long seq, long heardMs, List<ServiceState> list) {
        return new Member(
                host,
                httpUrl,
                beatAddress,
                place,
                incarnation,
                upness,
                note,
                intent,
                flapping,
                list,
                heardMs,
                seq,
                reportSeq,
                onlookers);
    }

    /// Whether it is down by the word of other cells, which is what its witnesses are then.
    public boolean isFoundByOthers() {
        return onlookers.witnesses().stream().anyMatch(name -> name.startsWith(Outside.WITNESS));
    }

    /// Whether its agent is up.
    public boolean isUp() {
        return upness instanceof Upness.Up;
    }

    /// The same host where another observer, who has its newest report, knows more of it.
    HostState reportedBy(HostState other) {
        Member both = shell().reportedBy(other.shell());
        HostState merged = of(both, other.services);
        return merged.hash == hash ? this : merged.hash == other.hash ? other : merged;
    }

    /// The same state, made of parts of `other` where they are equal, to take less memory.
    ///
    /// @param places of the cell; those that are new are added
    /// @param jobs tables of jobs of the cell by their hash; those that are new are added
    public HostState sharing(HostState other, Map<Place, Place> places, Map<Long, byte[]> jobs) {
        Place known = places.putIfAbsent(place, place);
        return new HostState(
                host.equals(other.host) ? other.host : host,
                httpUrl.equals(other.httpUrl) ? other.httpUrl : httpUrl,
                beatAddress.equals(other.beatAddress) ? other.beatAddress : beatAddress,
                known == null ? place : known,
                incarnation,
                upness.equals(other.upness) ? other.upness : upness,
                note,
                intent.equals(other.intent) ? other.intent : intent,
                flapping,
                reportSeq,
                (services.equals(other.services) ? other.services : services).sharing(jobs),
                onlookers.equals(other.onlookers) ? other.onlookers : onlookers,
                hash);
    }

    /// The same with another state.
    HostState with(Upness other, PackedServices otherServices) {
        return of(shell().with(other, List.of()), otherServices);
    }

    /// The same as others, who found it down, see it.
    HostState with(Upness.Down other, PackedServices otherServices, Onlookers others) {
        return of(shell().with(other, List.of()).seenBy(others), otherServices);
    }

    /// Writes all but the hash and the names of the services, for which their hash stands.
    public void write(FrameWriter out) {
        write(shell(), services, out);
    }

    private static void write(Member m, PackedServices services, FrameWriter out) {
        out.text(m.host()).text(m.httpUrl()).text(m.beatAddress()).place(m.place());
        out.varint(m.incarnation()).varint(m.reportSeq());
        boolean seen = !m.onlookers().equals(Onlookers.NONE);
        out.u8(code(m.upness()) | (m.flapping() ? FLAPPING : 0) | (seen ? SEEN : 0));
        out.i64(m.upness().sinceMs());
        out.u8(m.upness().why().map(Cause::code).orElse(0)).u8(m.note().code());
        out.intent(m.intent());
        if (seen) {
            write(m.onlookers().witnesses(), out);
            write(m.onlookers().takers(), out);
        }
        out.i64(services.names().hash());
        services.write(out);
    }

    private static final int FLAPPING = 8;
    private static final int SEEN = 16;

    /// Knows names by their hash.
    @FunctionalInterface
    public interface NamesByHash {
        /// @throws FrameException if there are none of that hash
        ServiceNames names(long hash) throws FrameException;
    }

    /// Reads what [#write] wrote.
    public static HostState read(FrameReader in, NamesByHash known) throws FrameException {
        int start = in.position();
        String host = in.text();
        String url = in.text();
        String beatAddress = in.text();
        Place place = in.place();
        long incarnation = in.varint();
        long reportSeq = in.varint();
        int state = in.u8();
        Upness upness = upness(state & ~(FLAPPING | SEEN), in.i64(), in.u8(), in);
        Cause note = Cause.ofCode(in.u8());
        Optional<Intent> intent = in.intent();
        Onlookers onlookers = (state & SEEN) == 0 ? Onlookers.NONE : onlookers(in);
        PackedServices services = PackedServices.read(known.names(in.i64()), in);
        long hash = Hash64.of(in.since(start));
        try {
            // the checks of the member
            Member member =
                    new Member(
                            host,
                            url,
                            beatAddress,
                            place,
                            incarnation,
                            upness,
                            note,
                            intent,
                            (state & FLAPPING) != 0,
                            List.of(),
                            0,
                            0,
                            reportSeq,
                            onlookers);
            return new HostState(
                    member.host(),
                    url,
                    beatAddress,
                    place,
                    incarnation,
                    upness,
                    note,
                    intent,
                    member.flapping(),
                    reportSeq,
                    services,
                    member.onlookers(),
                    hash);
        } catch (IllegalArgumentException e) {
            throw in.refuse(e);
        }
    }

    private static void write(List<String> hosts, FrameWriter out) {
        out.varint(hosts.size());
        hosts.forEach(out::text);
    }

    private static Onlookers onlookers(FrameReader in) throws FrameException {
        Onlookers read = new Onlookers(hosts(in), hosts(in));
        if (read.equals(Onlookers.NONE)) {
            throw in.refuse("onlookers must be told only where there are some");
        }
        return read;
    }

    private static List<String> hosts(FrameReader in) throws FrameException {
        int count = in.varint(Onlookers.LIMIT);
        List<String> hosts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hosts.add(in.text());
        }
        return hosts;
    }

    private static int code(Upness upness) {
        return switch (upness) {
            case Upness.Up _ -> UP;
            case Upness.Suspect _ -> SUSPECT;
            case Upness.Down _ -> DOWN;
            case Upness.Left _ -> LEFT;
            case Upness.Unknown _ -> UNKNOWN;
        };
    }

    private static Upness upness(int state, long sinceMs, int cause, FrameReader in)
            throws FrameException {
        if ((cause == 0) != (state == UP || state == LEFT)) {
            throw in.refuse(
                    "cause must stand where the state has one: state="
                            + state
                            + ", cause="
                            + cause);
        }
        return switch (state) {
            case UP -> new Upness.Up(sinceMs);
            case LEFT -> new Upness.Left(sinceMs);
            case SUSPECT -> new Upness.Suspect(sinceMs, Cause.ofCode(cause));
            case DOWN -> new Upness.Down(sinceMs, Cause.ofCode(cause));
            case UNKNOWN -> new Upness.Unknown(sinceMs, Cause.ofCode(cause));
            default -> throw in.refuse("state must be 1 to 5: found=" + state);
        };
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof HostState that
                        && hash == that.hash
                        && host.equals(that.host)
                        && services.equals(that.services));
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }
}
