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
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Who should be there, and the directory of all cells, as parts of a query node.
final class ExpectedWiring implements AutoCloseable {
    private final ExpectedKeeper keeper;
    private final ExpectedMetrics metrics;
    private final DirectoryClient directory;
    private final boolean hasSeeds;

    ExpectedWiring(
            QueryConfig config,
            List<URI> seeds,
            Supplier<FleetState> fleet,
            HttpClient http,
            MeterRegistry registry,
            InstantSource clock) {
        keeper = new ExpectedKeeper(settings(config.expected()), fleet, http, clock);
        metrics = new ExpectedMetrics(registry, keeper);
        directory =
                Settings.checked(
                        "muster.query.directory-secret",
                        () ->
                                new DirectoryClient(
                                        seeds,
                                        config.query().directorySecret(),
                                        http,
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
                                config.store().map(Path::of),
                                config.forgetAfter()));
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
