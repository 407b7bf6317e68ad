package dev.muster.federation.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.server.NetworkStats;

/// What a member has sent, by its own count; internal API of Hazelcast, as the handshake is.
final class MemberNetwork {
    private MemberNetwork() {}

    static long bytesSent(HazelcastInstance member) {
        try {
            HazelcastInstanceImpl real =
                    member instanceof HazelcastInstanceProxy proxy
                            ? proxy.getOriginal()
                            : (HazelcastInstanceImpl) member;
            return real.node.getServer().getNetworkStats().values().stream()
                    .mapToLong(NetworkStats::getBytesSent)
                    .sum();
        } catch (RuntimeException e) {
            return 0; // it has ended meanwhile
        }
    }
}
