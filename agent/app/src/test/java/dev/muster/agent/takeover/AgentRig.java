package dev.muster.agent.takeover;

import dev.muster.agent.runs.JobBoard;
import dev.muster.agent.runs.JobView;
import dev.muster.agent.runs.RunStore;
import dev.muster.agent.runs.RunTargets;
import dev.muster.agent.scrape.ScrapeSetup;
import dev.muster.agent.scrape.Scraper;
import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.HttpSources;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.job.KubernetesScope;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.Timers;
import dev.muster.head.Head;
import dev.muster.head.HeadConfig;
import dev.muster.model.merge.MergedSeriesSet;
import dev.muster.model.merge.SplitSeriesSet;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.yaml.YamlException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The parts of an agent that scrape, its own targets and those of lost peers, with a cell that the
/// test plays.
final class AgentRig implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofMillis(500);

    final String host;
    final Takeover takeover;
    private final Vertx vertx;
    private final Path directory;
    private final Map<String, String> external;
    private volatile RunStore runs;
    private Head head;
    private boolean dead;
    private long hostStartMs;
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();
    private @Nullable Scraper scraper;
    private @Nullable HttpSources http;

    AgentRig(Vertx vertx, FakeCell cell, String host, Path root, TakeoverPlan plan)
            throws IOException {
        this.vertx = vertx;
        this.host = host;
        directory = root.resolve(host);
        Files.createDirectories(directory);
        external = Map.of("cell", "c1", "host", host);
        head = open(directory);
        runs = runs();
        takeover =
                new Takeover(
                        new TakeoverSetup(
                                plan,
                                "c1",
                                host,
                                "127.0.0.1",
                                directory.resolve("taken"),
                                Path.of("/proc"),
                                cell.link(host),
                                (_, path) -> new PlainStore(open(path)),
                                List::of,
                                board(),
                                pool -> new HttpSources(vertx, pool),
                                timers(),
                                Clock.systemUTC(),
                                System::nanoTime,
                                7));
        takeover.start();
        var _ = rounds.scheduleAtFixedRate(this::round, 0, 200, TimeUnit.MILLISECONDS);
    }

    private static Head open(Path path) throws IOException {
        return Head.open(HeadConfig.in(path.resolve("head")), Clock.systemUTC());
    }

    /// A head that ships nothing.
    private record PlainStore(Head head) implements TakenHeads.Opened {
        @Override
        public boolean isEmpty() {
            return false;
        }

        @Override
        public long blocksShipped() {
            return 0;
        }

        @Override
        public long blocksPending() {
            return 0;
        }

        @Override
        public void close() {
            head.close();
        }
    }

    private RunStore runs() throws IOException {
        return new RunStore(
                directory.resolve("runs"), Clock.systemUTC(), System::nanoTime, hostStartMs);
    }

    private JobBoard board() {
        return new JobBoard() {
            @Override
            public List<JobView> jobs() {
                return runs.jobs();
            }

            @Override
            public long changes() {
                return runs.changes();
            }
        };
    }

    /// The jobs that announced themselves to this agent, and those of before after it died.
    synchronized RunStore jobs() {
        return runs;
    }

    /// Its host has been down and is up again.
    synchronized void startHost() throws IOException {
        hostStartMs = System.currentTimeMillis();
        runs.close();
        runs = runs();
    }

    private synchronized void round() {
        if (!dead) {
            runs.look();
            takeover.round(found(), external);
        }
    }

    private synchronized TargetSet found() {
        Scraper now = scraper;
        return now == null ? new TargetSet(Map.of(), List.of(), List.of()) : now.found();
    }

    private Timers timers() {
        return (delayMs, task) -> {
            long id = vertx.setTimer(delayMs, _ -> task.run());
            return () -> vertx.cancelTimer(id);
        };
    }

    /// Begins to scrape these services as job `web`.
    synchronized void scrape(String... instances) throws IOException, YamlException {
        dead = false;
        Path file = directory.resolve("scrape.yml");
        Files.writeString(
                file,
                "scrape_configs:\n- job_name: web\n  scrape_interval: 500ms\n"
                        + "  scrape_timeout: 500ms\n  static_configs:\n  - targets: ["
                        + String.join(", ", instances)
                        + "]\n");
        BodyPool pool = new BodyPool(4 << 20);
        HttpSources sources = new HttpSources(vertx, pool);
        RunTargets told = new RunTargets(runs, host);
        Scraper started =
                new Scraper(
                        new ScrapeSetup(
                                Optional.of(file),
                                new ScrapeDefaults(
                                        new ScrapeTiming(INTERVAL, INTERVAL), ScrapeLimits.NONE),
                                external,
                                List.of(
                                        ScrapeJob.ofKept(
                                                RunTargets.JOB,
                                                RunTargets.PATH,
                                                told,
                                                new ScrapeTiming(INTERVAL, INTERVAL),
                                                ScrapeLimits.NONE)),
                                head,
                                target ->
                                        switch (target.endpoint()) {
                                            case Endpoint.Http http -> sources.of(target, http);
                                            case Endpoint.Kept(var path) -> told.source(path);
                                            case Endpoint.Host _, Endpoint.Checks _ ->
                                                    throw new IllegalStateException();
                                        },
                                sources.requests(),
                                new KubernetesScope(Optional.empty(), false),
                                pool,
                                sources.metrics(),
                                MemoryBudget.unlimited(),
                                timers(),
                                Clock.systemUTC(),
                                System::nanoTime,
                                1));
        started.start();
        scraper = started;
        http = sources;
    }

    /// Ceases to scrape, as when it is killed: without markers. Its head is read again.
    synchronized void die() throws IOException {
        end();
        head.close();
        head = open(directory);
        runs.close();
        runs = runs();
    }

    private void end() {
        dead = true;
        Scraper now = scraper;
        if (now != null) {
            now.close();
            scraper = null;
        }
        HttpSources sources = http;
        if (sources != null) {
            sources.close();
            http = null;
        }
    }

    /// What the agent answers, as a query node reads it.
    private synchronized SeriesSet answer(SelectRequest request) throws IOException {
        List<SeriesSet> sets = new ArrayList<>();
        sets.add(head.select(request));
        for (SeriesSource source : takeover.series()) {
            sets.add(source.select(request));
        }
        SeriesSet all = MergedSeriesSet.of(sets, List.of(), Completeness.NONE, request.budget());
        return SplitSeriesSet.of(all, labels -> host.equals(labels.get("host")), host);
    }

    /// All agents, as a query node merges their answers.
    static SeriesSource all(AgentRig... agents) {
        return request -> {
            List<SeriesSet> sets = new ArrayList<>();
            for (AgentRig agent : agents) {
                sets.add(agent.answer(request));
            }
            return MergedSeriesSet.of(sets, List.of(), Completeness.NONE, request.budget());
        };
    }

    @Override
    public synchronized void close() throws IOException {
        rounds.shutdownNow();
        end();
        takeover.close();
        head.close();
        runs.close();
    }
}
