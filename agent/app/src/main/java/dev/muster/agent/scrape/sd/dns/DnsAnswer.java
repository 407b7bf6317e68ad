package dev.muster.agent.scrape.sd.dns;

import java.util.List;

/// What a server said.
///
/// @param code response code
/// @param truncated there was more than the packet holds
/// @param records of the types known here
record DnsAnswer(int code, boolean truncated, List<DnsRecord> records) {
    static final int NO_ERROR = 0;
    static final int NO_SUCH_NAME = 3;

    DnsAnswer {
        records = List.copyOf(records);
    }
}
