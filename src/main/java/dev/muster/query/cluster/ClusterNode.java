package dev.muster.query.cluster;

import dev.muster.federation.cluster.ClusterStats;
import dev.muster.federation.cluster.ClusterView;
import dev.muster.federation.cluster.Node;
import dev.muster.federation.cluster.NodeState;
import dev.muster.federation.cluster.QueryCluster;
import dev.muster.federation.cluster.Share;
import dev.muster.federation.cluster.ShareFilter;
import dev.muster.model.merge.QuerySource;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// This node's part in the cluster of query nodes: what it asks, what it answers, what it knows.
/// Thread-safe.
public final class ClusterNode implements AutoCloseable {
    private static final long LOOK_MS = 200;

    private final QueryCluster cluster;
    private final ClusterSettings settings;
    private final ClusterSource.Places places;
    private final ToLongFunction<ShareFilter> owned;
    private final ClusterMetrics metrics;
    private final ShareServer server;
    private final ShareAsker asker;
    private volatile boolean closed;

    private ClusterNode(
            QueryCluster cluster,
            ClusterSettings settings,
            ClusterSource.Places places,
            ToLongFunction<ShareFilter> owned,
            ClusterMetrics metrics,
            ShareServer server,
            ShareAsker asker) {
        this.cluster = cluster;
        this.settings = settings;
        this.places = places;
        this.owned = owned;
        this.metrics = metrics;
        this.server = server;
        this.asker = asker;
    }

    /// @param sources blocks and agents of a share
    /// @param places how much there is to read
    /// @param owned how many blocks are of a share
    /// @param evaluator the engine
    public static ClusterNode of(
            QueryCluster cluster,
            ClusterSettings settings,
            Function<ShareFilter, QuerySource> sources,
            ClusterSource.Places places,
            ToLongFunction<ShareFilter> owned,
            PartEvaluator evaluator,
            ClusterSeal seal,
            HttpClient http,
            MeterRegistry registry) {
        var metrics = new ClusterMetrics(registry);
        metrics.register(cluster);
        var server =
                new ShareServer(
                        () -> self(cluster.view()),
                        seal,
                        sources::apply,
                        evaluator,
                        settings.maxShares(),
                        metrics);
        var asker =
                new ShareAsker(
                        cluster::view,
                        new ShareClient(http, seal, settings.answerLimitBytes()),
                        server,
                        settings.limits(),
                        metrics);
        return new ClusterNode(cluster, settings, places, owned, metrics, server, asker);
    }

    private static Node self(ClusterView view) {
        return view.nodes().stream()
                .filter(node -> node.name().equals(view.self()))
                .findFirst()
                .orElseThrow();
    }

    /// All series, of which large parts of queries are answered by their owners.
    ///
    /// @param local the same, read here
    public ClusterSource source(QuerySource local) {
        return new ClusterSource(
                local, cluster::view, places, settings.minPlaces(), asker, metrics);
    }

    /// Answers other nodes.
    public ShareServer server() {
        return server;
    }

    /// Tells the others of another state as soon as that holds.
    public void becomeWhen(NodeState state, BooleanSupplier holds) {
        Thread.ofVirtual()
                .name("cluster-becomes")
                .start(() -> {
                    try {
                        while (!closed && !holds.getAsBoolean()) {
                            Thread.sleep(LOOK_MS);
                        }
                        cluster.become(state);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /// A node as it is shown.
    ///
    /// @param blocks how many are its
    public record Shown(Node node, boolean self, long blocks) {}

    /// All nodes that are heard, and what is theirs.
    public List<Shown> nodes() {
        ClusterView view = cluster.view();
        List<Node> ready = view.ready();
        List<Share> shares =
                ready.isEmpty()
                        ? List.of()
                        : Share.all(ready.stream().map(Node::name).toList()).divided();
        List<Shown> shown = new ArrayList<>();
        for (Node node : view.nodes()) {
            int place = ready.indexOf(node);
            long blocks = place < 0 ? 0 : owned.applyAsLong(shares.get(place).filter());
            shown.add(new Shown(node, node.name().equals(view.self()), blocks));
        }
        return shown;
    }

    /// All nodes that are heard, as they speak of themselves.
    public ClusterView view() {
        return cluster.view();
    }

    /// Name of this node.
    public String self() {
        return cluster.view().self();
    }

    /// Names of the nodes that answer for a share now, ascending.
    public List<String> readyNodes() {
        return cluster.view().ready().stream().map(Node::name).toList();
    }

    /// Where the other nodes that answer for a share are reached.
    public List<URI> peers() {
        ClusterView view = cluster.view();
        return view.ready().stream()
                .filter(node -> !node.name().equals(view.self()))
                .map(node -> URI.create(node.url()))
                .toList();
    }

    /// Counters of membership.
    public ClusterStats stats() {
        return cluster.stats();
    }

    /// Counters of shares.
    public ClusterMetrics metrics() {
        return metrics;
    }

    /// Leaves: the others ask this node no more.
    @Override
    public void close() {
        closed = true;
        cluster.leave();
        cluster.close();
    }
}
