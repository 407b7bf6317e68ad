package dev.muster.query;

import dev.muster.federation.view.FleetState;
import dev.muster.query.directory.DirectoryClient;
import dev.muster.query.expected.ExpectedKeeper;
import dev.muster.query.expected.ExpectedMetrics;
import dev.muster.query.expected.ExpectedSettings;
import dev.muster.query.fleet.Urls;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Who should be there, and the directory of all cells, as parts of a query node.
final class ExpectedWiring implements AutoCloseable {
    /// Where Kubernetes puts what a pod shows its API server.
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private final ExpectedKeeper keeper;
    private final ExpectedMetrics metrics;
    private final DirectoryClient directory;
    private final boolean hasSeeds;

    ExpectedWiring(
            QueryConfig config,
            List<URI> seeds,
            Supplier<FleetState> fleet,
            HttpClient agents,
            HttpClient outside,
            MeterRegistry registry,
            InstantSource clock) {
        ExpectedSettings settings = settings(config.expected());
        keeper =
                Settings.checked(
                        "muster.expected",
                        () -> new ExpectedKeeper(settings, fleet, outside, clock));
        metrics = new ExpectedMetrics(registry, keeper);
        directory =
                Settings.checked(
                        "muster.query.directory-secret",
                        () ->
                                new DirectoryClient(
                                        seeds,
                                        config.query().directorySecret(),
                                        agents,
                                        clock,
                                        RandomGenerator.getDefault()));
        hasSeeds = !seeds.isEmpty();
        register(registry, directory);
    }

    static ExpectedSettings settings(QueryConfig.Expected config) {
        return Settings.checked(
                "muster.expected",
                () ->
                        new ExpectedSettings(
                                config.hosts().orElse(List.of()),
                                config.file().map(Path::of),
                                config.url().map(ExpectedWiring::url),
                                config.kubernetesSelector()
                                        .map(selector ->
                                                pods(
                                                        selector,
                                                        config.kubernetesNamespace(),
                                                        System.getenv())),
                                config.store().map(Path::of),
                                config.forgetAfter()));
    }

    /// Of the cluster that this process runs in.
    static ExpectedSettings.Pods pods(
            String selector, Optional<String> namespace, Map<String, String> environment) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        if (host.isEmpty()) {
            throw new IllegalArgumentException(
                    "kubernetes-selector must be set in a pod of Kubernetes only:"
                            + " KUBERNETES_SERVICE_HOST is not set");
        }
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        String address = host.contains(":") ? "[" + host + "]" : host;
        return new ExpectedSettings.Pods(
                URI.create("https://" + address + ":" + port),
                ACCOUNT.resolve("token"),
                Optional.of(ACCOUNT.resolve("ca.crt")),
                namespace.orElseGet(ExpectedWiring::ownNamespace),
                selector);
    }

    private static String ownNamespace() {
        try {
            return Files.readString(ACCOUNT.resolve("namespace")).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "kubernetes-namespace must be given where the pod has no token: " + e, e);
        }
    }

    private static URI url(String text) {
        return Urls.parse(text)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "url must be an http or https address: found=" + text));
    }

    private static void register(MeterRegistry registry, DirectoryClient directory) {
        Gauge.builder("muster_directory_cells", directory, client -> client.cells().size())
                .description("Cells in the directory.")
                .register(registry);
        FunctionCounter.builder("muster_directory_calls", directory, DirectoryClient::calls)
                .description("Calls to agents for the directory.")
                .register(registry);
        FunctionCounter.builder("muster_directory_failures", directory, DirectoryClient::failures)
                .description("Calls for the directory without an answer that could be used.")
                .register(registry);
        FunctionCounter.builder("muster_directory_bytes", directory, DirectoryClient::bytes)
                .description("Bytes of messages of the directory, both ways.")
                .register(registry);
    }

    ExpectedKeeper keeper() {
        return keeper;
    }

    DirectoryClient directory() {
        return directory;
    }

    void start() {
        keeper.start(metrics::refresh);
        if (hasSeeds) {
            directory.start();
        }
    }

    @Override
    public void close() {
        directory.close();
        keeper.close();
    }
}
