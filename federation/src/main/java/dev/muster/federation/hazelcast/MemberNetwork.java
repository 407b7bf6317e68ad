package dev.muster.federation.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.tcp.TcpServerConnection;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What members of a bus have sent, one after another, by the counts of their connections; internal
/// API of Hazelcast, as the handshake is. Hazelcast's own sum would wake its threads each second
/// for every connection. What a connection sent after the last call and before its end is not
/// counted. Thread-safe.
final class MemberNetwork {
    private Map<Channel, Long> open = new IdentityHashMap<>();
    private long closed;

    /// Bytes sent to other members since the first.
    ///
    /// @param member the one of now, if there is one
    synchronized long bytesSent(@Nullable HazelcastInstance member) {
        Map<Channel, Long> now = new IdentityHashMap<>();
        try {
            if (member != null) {
                count(member, now);
            }
        } catch (RuntimeException e) {
            now.clear(); // it has ended meanwhile
        }
        long sum = 0;
        for (Map.Entry<Channel, Long> before : open.entrySet()) {
            if (!now.containsKey(before.getKey())) {
                closed += before.getValue();
            }
        }
        for (long bytes : now.values()) {
            sum += bytes;
        }
        open = now;
        return closed + sum;
    }

    private static void count(HazelcastInstance member, Map<Channel, Long> sent) {
        HazelcastInstanceImpl real =
                member instanceof HazelcastInstanceProxy proxy
                        ? proxy.getOriginal()
                        : (HazelcastInstanceImpl) member;
        var connections = real.node.getServer().getConnectionManager(EndpointQualifier.MEMBER);
        for (ServerConnection connection : connections.getConnections()) {
            if (connection instanceof TcpServerConnection tcp) {
                sent.put(tcp.getChannel(), tcp.getChannel().bytesWritten());
            }
        }
    }
}
