package dev.muster.query.cluster;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockReadConfig;
import dev.muster.blocks.read.BlockSource;
import dev.muster.blocks.read.CatalogConfig;
import dev.muster.federation.cluster.ClusterView;
import dev.muster.federation.cluster.Node;
import dev.muster.federation.cluster.NodeState;
import dev.muster.federation.cluster.ShareFilter;
import dev.muster.federation.tls.Tls;
import dev.muster.model.merge.MergedSource;
import dev.muster.model.merge.QuerySource;
import dev.muster.query.api.ApiLimits;
import dev.muster.query.api.ClusterRoutes;
import dev.muster.query.load.NodeMemory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/// A query node on loopback, over a directory of blocks: what it knows of the others is told to it.
final class RigNode implements AutoCloseable {
    static final String SECRET = "known to all nodes";

    final String name;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final ClusterMetrics metrics = new ClusterMetrics(registry);
    final QuerySource local;
    final BlockSource blocks;
    final ShareServer server;
    final ClusterSource source;

    /// After as many bytes of an answer the connection ends; negative for never.
    volatile int diesAfterBytes = -1;

    volatile NodeState state = NodeState.READY;
    private volatile ClusterView view;

    private final Bucket bucket;
    private final Optional<Tls> tls;
    private final HttpServer http;
    private final HttpClient client;

    RigNode(Vertx vertx, String name, Path directory, String secret, PartEvaluator evaluator)
            throws IOException {
        this(vertx, name, directory, secret, evaluator, Optional.empty());
    }

    /// @param tls what the node shows to others, and whom it trusts; absent for clear
    RigNode(
            Vertx vertx,
            String name,
            Path directory,
            String secret,
            PartEvaluator evaluator,
            Optional<Tls> tls)
            throws IOException {
        this.name = name;
        this.tls = tls;
        view = new ClusterView(name, List.of());
        bucket = RigStore.open(directory);
        var clock = InstantSource.fixed(Instant.ofEpochMilli(RigStore.END_MS));
        var catalog = new BlockCatalog(bucket, CatalogConfig.DEFAULT, clock);
        catalog.refresh();
        blocks = new BlockSource(bucket, catalog, BlockReadConfig.DEFAULT);
        local = share(dev.muster.federation.cluster.Share.all(List.of("any")).filter());
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2));
        tls.ifPresent(files -> builder.sslContext(files.context()));
        client = builder.build();
        var seal = new ClusterSeal(secret, InstantSource.system());
        server = new ShareServer(this::self, seal, this::share, evaluator, 4, metrics);
        var settings = new ClusterSettings(dev.muster.promql.EngineConfig.DEFAULT, 1, 4, 16L << 20);
        var asker =
                new ShareAsker(
                        () -> view,
                        new ShareClient(client, seal, settings.answerLimitBytes()),
                        server,
                        settings.limits(),
                        metrics);
        source =
                new ClusterSource(
                        local,
                        () -> view,
                        range -> catalog.blocks(range).size(),
                        1,
                        asker,
                        metrics);
        Router router = Router.router(vertx);
        router.post(ShareClient.PATH).handler(BodyHandler.create(false)).handler(this::dieOrGoOn);
        router.post(ShareClient.PATH)
                .handler(
                        ClusterRoutes.shares(
                                server,
                                new ApiLimits(
                                        Duration.ofSeconds(20),
                                        11_000,
                                        1_000_000,
                                        1L << 30,
                                        1L << 30,
                                        4,
                                        4,
                                        1 << 20,
                                        ""),
                                new NodeMemory(256L << 20)));
        http = started(vertx, router, tls);
    }

    private static HttpServer started(Vertx vertx, Router router, Optional<Tls> tls) {
        var options = new HttpServerOptions();
        tls.ifPresent(files ->
                options.setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(KeyCertOptions.wrap(files.keys()))
                        .setTrustOptions(TrustOptions.wrap(files.trust()))
                        .setClientAuth(ClientAuth.REQUIRED));
        try {
            return vertx.createHttpServer(options)
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private QuerySource share(ShareFilter filter) {
        return new MergedSource(
                List.of(new MergedSource.Part("blocks", blocks.where(filter::holds))));
    }

    /// As a node that is killed while it sends.
    private void dieOrGoOn(RoutingContext context) {
        if (diesAfterBytes < 0) {
            context.next();
            return;
        }
        byte[] body = Objects.requireNonNull(context.body().buffer()).getBytes();
        String seal = context.request().getHeader(ShareClient.SEAL_HEADER);
        Thread.ofVirtual()
                .start(() -> {
                    var out = new ByteArrayOutputStream();
                    try {
                        server.answer(
                                body, seal, out, dev.muster.model.series.ReadBudget.UNLIMITED);
                    } catch (IOException | RefusedException e) {
                        throw new IllegalStateException(e);
                    }
                    int length = Math.min(diesAfterBytes, out.size() - 1);
                    context.response().setChunked(true);
                    context.response()
                            .write(Buffer.buffer(out.toByteArray()).getBuffer(0, length))
                            .onComplete(_ -> context.request().connection().close());
                });
    }

    Node self() {
        return new Node(
                name,
                (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + http.actualPort(),
                1,
                state);
    }

    /// Tells this node who is there.
    void sees(List<Node> nodes) {
        view = new ClusterView(name, nodes);
    }

    double count(String meter) {
        return registry.find(meter).counters().stream().mapToDouble(c -> c.count()).sum();
    }

    @Override
    public void close() {
        http.close().toCompletionStage().toCompletableFuture().join();
        client.shutdownNow();
        bucket.close();
    }
}
