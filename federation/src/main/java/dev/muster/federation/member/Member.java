package dev.muster.federation.member;

import java.util.List;
import java.util.Optional;

/// One agent of a cell and the services of its host, as an observer sees it.
///
/// `services` are what holds now, not what was last reported: each says by whom it is known. Those
/// of a member that left are none.
///
/// @param host name of the agent's host, unique in its cell
/// @param httpUrl where the agent answers, such as `http://10.0.0.7:9640`
/// @param beatAddress `ip:port` of the socket it takes beats on; empty if it has none
/// @param place where the host stands
/// @param incarnation number of the agent's run; greater with each start
/// @param upness whether it is up
/// @param note what is amiss though it is up: [Cause#ONE_WAY], [Cause#PARTIAL], or [Cause#NONE]
/// @param intent what it has announced and what still holds
/// @param flapping whether it, or one of its services, has changed so often of late that single
///   changes mean little
/// @param services the services of its host
/// @param heardMs when the observer heard it last, Unix time of the observer; 0 if never
/// @param seq number of the last beat heard in this incarnation; 0 if none
/// @param reportSeq number of the report that `services` come from; 0 if none
/// @param onlookers who found it down, and who looks after its services
public record Member(
        String host,
        String httpUrl,
        String beatAddress,
        Place place,
        long incarnation,
        Upness upness,
        Cause note,
        Optional<Intent> intent,
        boolean flapping,
        List<ServiceState> services,
        long heardMs,
        long seq,
        long reportSeq,
        Onlookers onlookers) {
    public Member {
        Names.refuseBadHost(host);
        Names.refuseLongUrl(httpUrl);
        Names.refuseLongAddress(beatAddress);
        services = List.copyOf(services);
        if (incarnation < 0 || seq < 0 || reportSeq < 0) {
            throw new IllegalArgumentException(
                    "member host="
                            + host
                            + ": numbers must not be negative: incarnation="
                            + incarnation
                            + ", seq="
                            + seq
                            + ", reportSeq="
                            + reportSeq);
        }
    }

    /// A member without onlookers.
    public Member(
            String host,
            String httpUrl,
            String beatAddress,
            Place place,
            long incarnation,
            Upness upness,
            Cause note,
            Optional<Intent> intent,
            boolean flapping,
            List<ServiceState> services,
            long heardMs,
            long seq,
            long reportSeq) {
        this(
                host,
                httpUrl,
                beatAddress,
                place,
                incarnation,
                upness,
                note,
                intent,
                flapping,
                services,
                heardMs,
                seq,
                reportSeq,
                Onlookers.NONE);
    }

    /// A member of which nothing more is told: no place, no socket for beats, no intent.
    public Member(
            String host,
            String httpUrl,
            long incarnation,
            Upness upness,
            List<ServiceState> services,
            long heardMs,
            long seq,
            long reportSeq) {
        this(
                host,
                httpUrl,
                "",
                Place.NONE,
                incarnation,
                upness,
                Cause.NONE,
                Optional.empty(),
                false,
                services,
                heardMs,
                seq,
                reportSeq);
    }

    /// Whether it is up.
    public boolean isUp() {
        return upness instanceof Upness.Up;
    }

    /// The same member with another state, and its services accordingly. Onlookers stay while it is
    /// lost.
    public Member with(Upness other, List<ServiceState> otherServices) {
        return new Member(
                host,
                httpUrl,
                beatAddress,
                place,
                incarnation,
                other,
                note,
                intent,
                flapping,
                otherServices,
                heardMs,
                seq,
                reportSeq,
                onlookers.of(other));
    }

    /// The same member where another observer knows its addresses, and its services from a report
    /// of that number.
    public Member reportedBy(Member other) {
        return new Member(
                host,
                other.httpUrl.isEmpty() ? httpUrl : other.httpUrl,
                other.beatAddress.isEmpty() ? beatAddress : other.beatAddress,
                other.place.equals(Place.NONE) ? place : other.place,
                incarnation,
                upness,
                note,
                other.intent,
                flapping || other.flapping,
                other.services,
                heardMs,
                seq,
                other.reportSeq,
                onlookers);
    }

    /// The same member with other onlookers.
    public Member seenBy(Onlookers others) {
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
                services,
                heardMs,
                seq,
                reportSeq,
                others);
    }
}
