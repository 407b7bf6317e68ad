package dev.muster.agent.scrape.sd.dns;

/// One record of an answer.
///
/// @param type of the record
/// @param target the address, or the name with its last dot
/// @param port of an SRV record; 0 for others
record DnsRecord(DnsType type, String target, int port) {}
