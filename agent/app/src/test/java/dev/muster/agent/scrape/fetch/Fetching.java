package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetOrigin;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.file.ScrapeFile;
import dev.muster.agent.scrape.job.Place;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.model.labels.Labels;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Fetches with the settings of a job as they stand in a file.
final class Fetching implements AutoCloseable {
    static final int BODY_LIMIT = 1 << 20;

    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    final BodyPool pool = new BodyPool(16 << 20);
    final HttpSources http;
    private final Path directory;

    Fetching(Path directory, Map<String, String> environment) {
        this.directory = directory;
        http = new HttpSources(vertx, pool, environment);
    }

    Fetching(Path directory) {
        this(directory, Map.of());
    }

    /// A job with further settings, each on a line.
    ScrapeJob job(String settings) throws IOException {
        Path file = directory.resolve("p.yml");
        Files.writeString(
                file, "scrape_configs:\n- job_name: web\n" + settings.indent(2).stripTrailing());
        return ScrapeFile.read(
                        file,
                        new ScrapeDefaults(
                                new ScrapeTiming(Duration.ofSeconds(10), Duration.ofSeconds(10)),
                                new ScrapeLimits(BODY_LIMIT, 0, 0, 0, 0, 0)))
                .jobs()
                .getFirst();
    }

    BodySource source(String settings, String url) throws IOException {
        ScrapeJob job = job(settings);
        Endpoint.Http endpoint = HttpOrder.endpoint(URI.create(url));
        Target target =
                new Target(
                        job,
                        new TargetOrigin("web", "static", Place.BUILT_IN, ""),
                        Labels.of(Map.of("instance", "i", "job", "web")),
                        Labels.of(Map.of()),
                        endpoint,
                        job.timing(),
                        Labels.of(Map.of()));
        return http.of(target, endpoint);
    }

    static FetchResult fetch(BodySource source) {
        CompletableFuture<FetchResult> result = new CompletableFuture<>();
        source.fetch(result::complete);
        return result.join();
    }

    FetchResult fetch(String settings, String url) throws IOException {
        return fetch(source(settings, url));
    }

    /// The fetch must fail.
    FetchResult.Failed failure(String settings, String url) throws IOException {
        FetchResult result = fetch(settings, url);
        if (result instanceof FetchResult.Failed failed) {
            return failed;
        }
        throw new AssertionError("fetch must fail: found=" + text(result));
    }

    String text(String settings, String url) throws IOException {
        return text(fetch(settings, url));
    }

    /// The body, inflated; what went wrong where there is none.
    String text(FetchResult result) {
        return switch (result) {
            case FetchResult.Failed(var fault, var reason, _) -> fault + " " + reason;
            case FetchResult.Written _ -> "written";
            case FetchResult.Kept _ -> "kept";
            case FetchResult.Untold(var reason) -> "untold " + reason;
            case FetchResult.Received received -> {
                try (BodyInflater inflater = new BodyInflater(pool)) {
                    FetchResult.Received plain = inflater.inflate(received, BODY_LIMIT);
                    String text =
                            new String(plain.bytes(), 0, plain.length(), StandardCharsets.UTF_8);
                    plain.release();
                    yield text;
                } catch (FetchException e) {
                    yield e.fault() + " " + e.reason();
                } finally {
                    received.release();
                }
            }
        };
    }

    @Override
    public void close() {
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
