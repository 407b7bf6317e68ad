package dev.muster.federation.hazelcast;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ReplicatedMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SocketInterceptorConfig;
import com.hazelcast.config.TopicConfig;
import java.util.Map;

/// A Hazelcast member of ours: few threads, one port, no clients, slow and safe detection, as our
/// own detector judges.
final class MemberConfig {
    /// Hazelcast's own version: members of different minor versions do not talk, so they must not
    /// meet in one cluster.
    static final String GENERATION = "hz57";

    static final String FRAMES = "muster-frames";
    static final String REPORTS = "muster-reports";
    static final String MANIFESTS = "muster-manifests";
    static final String HOST = "muster-host";

    /*
     * Heartbeats of 5 s / 30 s: with less than 30 s, a clock step or a long pause removes healthy members; more often than
     * each 5 s, the heartbeats of 64 members cost more than all that we say ourselves. The connection monitor stays quick: a
     * reset connection is a useful hint.
     * Merging after a split starts at once; nothing of record is kept here that a merge could lose.
     */
    private static final Map<String, String> PROPERTIES =
            Map.ofEntries(
                    Map.entry("hazelcast.phone.home.enabled", "false"),
                    Map.entry("hazelcast.logging.type", "jdk"),
                    Map.entry("hazelcast.discovery.enabled", "true"),
                    Map.entry("hazelcast.socket.connect.timeout.seconds", "3"),
                    Map.entry("hazelcast.shutdownhook.enabled", "false"),
                    Map.entry("hazelcast.health.monitoring.level", "OFF"),
                    Map.entry("hazelcast.security.recommendations", "off"),
                    Map.entry("hazelcast.socket.bind.any", "false"),
                    Map.entry("hazelcast.socket.client.bind.any", "false"),
                    Map.entry("hazelcast.heartbeat.interval.seconds", "10"),
                    Map.entry("hazelcast.max.no.heartbeat.seconds", "30"),
                    Map.entry("hazelcast.heartbeat.failuredetector.type", "deadline"),
                    Map.entry("hazelcast.connection.monitor.interval", "100"),
                    Map.entry("hazelcast.connection.monitor.max.faults", "2"),
                    Map.entry("hazelcast.mastership.claim.timeout.seconds", "20"),
                    Map.entry("hazelcast.member.list.publish.interval.seconds", "30"),
                    Map.entry("hazelcast.merge.first.run.delay.seconds", "10"),
                    Map.entry("hazelcast.merge.next.run.delay.seconds", "10"),
                    Map.entry("hazelcast.max.join.seconds", "60"),
                    Map.entry("hazelcast.wait.seconds.before.join", "0"),
                    Map.entry("hazelcast.tcp.join.port.try.count", "1"),
                    Map.entry("hazelcast.graceful.shutdown.max.wait", "3"),
                    Map.entry(
                            "hazelcast.partial.member.disconnection.resolution.heartbeat.count",
                            "0"),
                    Map.entry("hazelcast.partition.count", "31"),
                    Map.entry("hazelcast.operation.thread.count", "2"),
                    Map.entry("hazelcast.operation.generic.thread.count", "2"),
                    Map.entry("hazelcast.operation.priority.generic.thread.count", "1"),
                    Map.entry("hazelcast.operation.response.thread.count", "1"),
                    Map.entry("hazelcast.io.thread.count", "1"),
                    Map.entry("hazelcast.event.thread.count", "1"),
                    Map.entry("hazelcast.event.queue.capacity", "10000"),
                    Map.entry("hazelcast.clientengine.thread.count", "1"),
                    Map.entry("hazelcast.clientengine.query.thread.count", "1"),
                    Map.entry("hazelcast.clientengine.blocking.thread.count", "1"),
                    Map.entry("hazelcast.slow.operation.detector.enabled", "false"));

    /// What Hazelcast sends of the JDK's classes: its exceptions, and the state of a cluster, an
    /// enum without which the sides of a split never merge.
    private static final String[] SENT = {
        "java.io.EOFException",
        "java.io.IOException",
        "java.lang.ArithmeticException",
        "java.lang.ArrayIndexOutOfBoundsException",
        "java.lang.AssertionError",
        "java.lang.ClassCastException",
        "java.lang.Enum",
        "java.lang.Error",
        "java.lang.Exception",
        "java.lang.IllegalArgumentException",
        "java.lang.IllegalStateException",
        "java.lang.IndexOutOfBoundsException",
        "java.lang.InterruptedException",
        "java.lang.NullPointerException",
        "java.lang.RuntimeException",
        "java.lang.SecurityException",
        "java.lang.StackTraceElement",
        "java.lang.Throwable",
        "java.lang.UnsupportedOperationException",
        "java.nio.channels.ClosedChannelException",
        "java.util.ArrayList",
        "java.util.Collections$EmptyList",
        "java.util.Collections$UnmodifiableCollection",
        "java.util.Collections$UnmodifiableList",
        "java.util.Collections$UnmodifiableRandomAccessList",
        "java.util.concurrent.CancellationException",
        "java.util.concurrent.CompletionException",
        "java.util.concurrent.ExecutionException",
        "java.util.concurrent.RejectedExecutionException",
        "java.util.concurrent.TimeoutException",
    };

    /// How often that is replicated which is never used: its period has no value for "off".
    private static final int NEVER_MS = Integer.MAX_VALUE;

    private MemberConfig() {}

    /// The topic that only that node listens to.
    static String inbox(String node) {
        return "muster-to-" + node;
    }

    static Config of(MemberPlace place, AddressBook book) {
        var config = new Config();
        config.setClusterName(place.cluster() + "-" + place.generation());
        PROPERTIES.forEach(config::setProperty);
        config.getMetricsConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        config.getCRDTReplicationConfig().setReplicationPeriodMillis(NEVER_MS);
        config.getMemberAttributeConfig().setAttribute(HOST, place.node());
        network(config, place, book);
        config.addTopicConfig(new TopicConfig("muster-*").setStatisticsEnabled(false));
        config.addReplicatedMapConfig(
                new ReplicatedMapConfig("muster-*")
                        .setInMemoryFormat(InMemoryFormat.BINARY)
                        .setAsyncFillup(true)
                        .setStatisticsEnabled(false));
        config.getSerializationConfig().setJavaSerializationFilterConfig(serializationFilter());
        return config;
    }

    /// Only `byte[]` of ours travels, so whoever sends an object of his own kind is not to have it
    /// made here. Hazelcast itself sends its exceptions and enums by Java serialisation: without
    /// what they are made of, its calls would hang until they time out.
    private static JavaSerializationFilterConfig serializationFilter() {
        return new JavaSerializationFilterConfig()
                .setDefaultsDisabled(true)
                .setWhitelist(
                        new ClassFilter().addPrefixes("com.hazelcast.", "[").addClasses(SENT));
    }

    private static void network(Config config, MemberPlace place, AddressBook book) {
        var endpoint = new ServerSocketEndpointConfig();
        endpoint.setPort(place.port()).setPortAutoIncrement(false).setReuseAddress(true);
        endpoint.setPublicAddress(place.address() + ":" + place.port());
        endpoint.getInterfaces().setEnabled(true).addInterface(place.address());
        place.secret()
                .map(CellHandshake::new)
                .ifPresent(handshake ->
                        endpoint.setSocketInterceptorConfig(
                                new SocketInterceptorConfig()
                                        .setEnabled(true)
                                        .setImplementation(handshake)));
        JoinConfig join = config.getAdvancedNetworkConfig().setEnabled(true).getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(false);
        join.setDiscoveryConfig(BookDiscovery.of(book));
        config.getAdvancedNetworkConfig().setMemberEndpointConfig(endpoint);
    }
}
