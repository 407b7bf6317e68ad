package dev.muster.federation.udp;

import java.net.InetSocketAddress;

/// How datagrams go between this agent and one other. Written by the thread of the mesh, read by
/// any.
final class UdpPeer {
    /*
     * Each beat says to its receiver whether the sender hears him by datagrams. So both sides know of
     * both directions: who does not hear the other presumes that he is not heard either, and who is
     * heard only one way is told so by the way that works. Until a peer was heard for the first time,
     * the other way is used besides; that does no harm.
     */

    /// Without two beats in a row the other way is used besides: soon enough that nobody flags the
    /// sender meanwhile.
    static final long SILENCE_MS = 1300;

    private static final long NEVER_MS = Long.MIN_VALUE / 2;

    final String host;
    final InetSocketAddress address;
    private volatile long heardMs = NEVER_MS;
    private volatile boolean hearsUs;

    UdpPeer(String host, InetSocketAddress address) {
        this.host = host;
        this.address = address;
    }

    void heard(boolean echo, long nowMs) {
        hearsUs = echo;
        heardMs = nowMs;
    }

    /// Whether it was heard of late.
    boolean isHeard(long nowMs) {
        return nowMs - heardMs <= SILENCE_MS;
    }

    /// Whether both hear each other.
    boolean isMutual(long nowMs) {
        return hearsUs && isHeard(nowMs);
    }
}
