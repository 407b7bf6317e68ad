package dev.muster.federation.udp;

/// Counters of a mesh since its start.
///
/// @param sent datagrams sent
/// @param sentBytes their bytes, without the headers of IP and UDP
/// @param received datagrams received, whatever became of them
/// @param receivedBytes their bytes
/// @param unsealed refused because the seal did not hold: damaged, of another cell, or of someone
///   who does not know the secret
/// @param malformed sealed rightly, and yet no datagram of a known kind, or no frame
/// @param strangers beats of hosts that are not known
/// @param unsent not sent because the socket or the network did not take them
/// @param queueFull frames not sent because too many waited
/// @param oversized frames too large for datagrams
/// @param partsLost parts of frames that never became whole
public record UdpStats(
        long sent,
        long sentBytes,
        long received,
        long receivedBytes,
        long unsealed,
        long malformed,
        long strangers,
        long unsent,
        long queueFull,
        long oversized,
        long partsLost) {
    /// Nothing yet, as without a socket.
    public static final UdpStats NONE = new UdpStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
