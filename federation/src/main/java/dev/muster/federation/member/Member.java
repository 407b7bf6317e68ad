package dev.muster.federation.member;

import java.util.List;

/// One agent of a cell, as an observer sees it.
///
/// `services` are what holds now, not what was last reported: those of a member that is down are
/// down with the reason `agent down…`, those of one that left are none.
///
/// @param host name of the agent's host, unique in its cell
/// @param httpUrl where the agent answers, such as `http://10.0.0.7:9640`
/// @param incarnation number of the agent's run; greater with each start
/// @param upness whether it is up
/// @param services the services it scrapes
/// @param heardMs when the observer heard it last, Unix time of the observer; 0 if never
/// @param seq number of the last beat heard in this incarnation; 0 if none
/// @param reportSeq number of the report that `services` come from; 0 if none
public record Member(
        String host,
        String httpUrl,
        long incarnation,
        Upness upness,
        List<ServiceState> services,
        long heardMs,
        long seq,
        long reportSeq) {
    public Member {
        Names.refuseBadHost(host);
        Names.refuseLongUrl(httpUrl);
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

    /// Whether it is up.
    public boolean isUp() {
        return upness instanceof Upness.Up;
    }

    /// The same member with another state, and its services accordingly.
    public Member with(Upness other, List<ServiceState> otherServices) {
        return new Member(
                host, httpUrl, incarnation, other, otherServices, heardMs, seq, reportSeq);
    }
}
