package dev.muster.agent;

import dev.muster.agent.config.AgentPlan;
import dev.muster.agent.exporter.HostExporter;
import dev.muster.agent.exporter.HostExporterConfig;
import dev.muster.agent.fleet.CellSeat;
import dev.muster.agent.fleet.DirectoryPart;
import dev.muster.agent.fleet.Fleet;
import dev.muster.agent.hint.CellHints;
import dev.muster.agent.hint.NameHints;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.PushListener;
import dev.muster.agent.intake.mqtt.MqttListener;
import dev.muster.agent.intake.statsd.StatsdListener;
import dev.muster.agent.remotewrite.RemoteWriting;
import dev.muster.agent.scrape.ScrapeSetup;
import dev.muster.agent.scrape.Scraper;
import dev.muster.agent.scrape.append.AppendContext;
import dev.muster.agent.scrape.append.AppendMetrics;
import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.append.StoreUse;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.fetch.HostSource;
import dev.muster.agent.scrape.fetch.HttpSources;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.Timers;
import dev.muster.agent.scrape.sd.kubernetes.PodAddresses;
import dev.muster.agent.takeover.Takeover;
import dev.muster.agent.takeover.TakeoverSetup;
import dev.muster.agent.upload.Uploader;
import dev.muster.agent.upness.UpnessRecorder;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.federation.hazelcast.Cell;
import dev.muster.federation.hazelcast.CellConfig;
import dev.muster.head.Head;
import dev.muster.head.SeriesFootprint;
import dev.muster.model.series.SampleSink;
import dev.muster.yaml.YamlException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Puts an agent together from its plan: the one place where parts are made.
final class AgentAssembly {
    private static final long POD_LIST_BYTES = 4 << 20;

    private final AgentPlan plan;
    private final Vertx vertx;
    private final InstantSource clock;
    private final AgentTls tls;
    private final List<Runnable> opened = new ArrayList<>();

    AgentAssembly(AgentPlan plan, Vertx vertx, InstantSource clock, AgentTls tls) {
        this.plan = plan;
        this.vertx = vertx;
        this.clock = clock;
        this.tls = tls;
    }

    /// Opens everything; reads back what the head had stored. Takes as long as that takes.
    ///
    /// @throws StartException if a part cannot be opened; those opened before are then closed
    Agent assemble() throws StartException {
        try {
            long startedMs = clock.millis();
            writableDirectory(plan.dataDir());
            Head head = openHead();
            Optional<Bucket> bucket = openBucket();
            List<Runnable> sources = new ArrayList<>();
            Optional<ServiceWiring> services =
                    plan.services().map(service -> new ServiceWiring(service, clock));
            KeptWiring kept = openKept();
            BodyPool pool = new BodyPool(plan.bodyMemoryBytes());
            HttpSources http = new HttpSources(vertx, pool);
            sources.add(http::close);
            RemoteWriting remotes = openRemotes(head, http);
            Scraper scraper = openScraper(head, remotes, pool, http, services, kept, sources);
            scraper.onRemotes(remotes::use);
            startScraper(scraper);
            PeerHttp peers = new PeerHttp(vertx, tls);
            opened.add(peers::close);
            DirectoryPart directory = Fleet.directory(plan.fleet(), peers, clock);
            CellSeat cell = joinCell(directory);
            cell.onJoin(joined -> scraper.relabel(plan.externalLabels(joined.view().cell())));
            Fleet fleet = new Fleet(plan.fleet(), cell, directory, peers, clock);
            opened.add(fleet::close);
            fleet.start();
            UpnessRecorder upness = openUpness(head, cell);
            Intake intake = openIntake(remotes, scraper);
            List<PushListener> listeners = openListeners(intake);
            Optional<Uploader> uploader = openUploader(head, bucket, upness);
            NameHints names = new NameHints(head, AgentAssembly::nowMs);
            names.watch(head);
            Takeover takeover = openTakeover(cell, scraper, kept, bucket, names);
            CellHints hints = hints(names, cell, takeover, peers);
            ScheduledExecutorService rounds =
                    Executors.newSingleThreadScheduledExecutor(
                            task -> daemon(task, "muster-rounds"));
            opened.add(rounds::shutdown);
            uploader.ifPresent(Uploader::start);
            upness.start();
            Agent agent =
                    new Agent(
                            plan,
                            new Agent.AgentParts(
                                    head, bucket, uploader, scraper, remotes, intake, listeners,
                                    services, sources, cell, takeover, upness, fleet, kept, hints,
                                    tls, rounds),
                            startedMs);
            agent.start();
            return agent;
        } catch (YamlException e) {
            closeAll();
            throw new StartException(StartException.CONFIG, "config: " + e.getMessage(), e);
        } catch (StartException | RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    private void closeAll() {
        for (Runnable close : opened.reversed()) {
            close.run();
        }
    }

    private static void writableDirectory(Path directory) throws StartException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
        if (!Files.isWritable(directory)) {
            throw cannotWrite(directory, new IOException("permission denied"));
        }
    }

    private static StartException cannotWrite(Path directory, IOException e) {
        return new StartException(
                StartException.MACHINE,
                "muster.agent.data-dir must be a directory that can be written: found="
                        + directory
                        + ", "
                        + e,
                e);
    }

    private Head openHead() throws StartException {
        try {
            Head head = Head.open(plan.head(), clock);
            opened.add(head::close);
            return head;
        } catch (IOException e) {
            throw new StartException(StartException.MACHINE, String.valueOf(e.getMessage()), e);
        }
    }

    private KeptWiring openKept() throws StartException {
        try {
            KeptWiring kept = new KeptWiring(plan.push(), plan.host(), clock);
            opened.add(kept::close);
            return kept;
        } catch (IOException e) {
            throw cannotWrite(plan.push().directory(), e);
        }
    }

    private Optional<Bucket> openBucket() throws StartException {
        if (plan.store().isEmpty()) {
            return Optional.empty();
        }
        BucketConfig config = plan.store().get();
        try {
            Bucket bucket = Buckets.open(config);
            opened.add(bucket::close);
            return Optional.of(bucket);
        } catch (IllegalArgumentException e) {
            throw new StartException(
                    StartException.CONFIG, "config: muster.store.url: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartException(StartException.MACHINE, String.valueOf(e.getMessage()), e);
        }
    }

    private UpnessRecorder openUpness(Head head, CellSeat cell) throws StartException {
        try {
            UpnessRecorder upness = new UpnessRecorder(plan.upness(), cell::view, head, clock);
            opened.add(upness::close);
            cell.onJoin(upness::follow);
            return upness;
        } catch (IOException e) {
            throw cannotWrite(plan.upness().directory(), e);
        }
    }

    private Optional<Uploader> openUploader(
            Head head, Optional<Bucket> bucket, UpnessRecorder upness) throws StartException {
        if (bucket.isEmpty()) {
            return Optional.empty();
        }
        try {
            Uploader uploader =
                    new Uploader(
                            plan.upload(),
                            new HeadWindows(head),
                            bucket.get(),
                            clock,
                            new SecureRandom(),
                            upness.shipper(bucket.get()));
            opened.add(uploader::close);
            return Optional.of(uploader);
        } catch (IOException e) {
            throw cannotWrite(plan.upload().directory(), e);
        }
    }

    private Scraper openScraper(
            Head head,
            SampleSink sink,
            BodyPool pool,
            HttpSources http,
            Optional<ServiceWiring> services,
            KeptWiring kept,
            List<Runnable> sources) {
        Optional<HostSource> host = plan.exporter().map(config -> hostSource(config, sources));
        opened.add(() -> sources.forEach(Runnable::run));
        Scraper scraper =
                new Scraper(
                        new ScrapeSetup(
                                plan.scrapeFile(),
                                plan.scrape(),
                                plan.externalLabels(),
                                builtIn(host.isPresent(), services, kept),
                                sink,
                                target -> source(target, http, host, services, kept),
                                http.requests(),
                                plan.kubernetes(),
                                pool,
                                http.metrics(),
                                budget(head),
                                timers(),
                                clock,
                                System::nanoTime,
                                new SecureRandom().nextLong()));
        opened.add(scraper::close);
        return scraper;
    }

    private RemoteWriting openRemotes(Head head, HttpSources http) {
        RemoteWriting remotes =
                new RemoteWriting(
                        head,
                        plan.dataDir().resolve("remote-write"),
                        plan.remoteLogBytes(),
                        clock,
                        http.requests());
        opened.add(remotes::close);
        return remotes;
    }

    private void startScraper(Scraper scraper) throws YamlException, StartException {
        try {
            scraper.start();
        } catch (UncheckedIOException e) {
            throw cannotWrite(
                    plan.dataDir().resolve("remote-write"), Objects.requireNonNull(e.getCause()));
        }
    }

    private Intake openIntake(SampleSink sink, Scraper scraper) throws StartException {
        try {
            AppendContext context =
                    new AppendContext(
                            new AppendMetrics(),
                            scraper.budget(),
                            System::nanoTime,
                            new SecureRandom().nextLong());
            return new Intake(
                    plan.intake(scraper.external()), sink, context, scraper.appending(), clock);
        } catch (IOException e) {
            throw new StartException(StartException.MACHINE, String.valueOf(e.getMessage()), e);
        }
    }

    private List<PushListener> openListeners(Intake intake) throws StartException {
        List<PushListener> listeners = new ArrayList<>();
        if (plan.statsd().isPresent()) {
            try {
                listeners.add(new StatsdListener(plan.statsd().get(), intake, clock));
            } catch (IOException e) {
                throw new StartException(StartException.MACHINE, String.valueOf(e.getMessage()), e);
            }
        }
        plan.mqtt().ifPresent(mqtt -> listeners.add(new MqttListener(vertx, mqtt, intake, clock)));
        listeners.forEach(listener -> opened.add(listener::close));
        return listeners;
    }

    private MemoryBudget budget(Head head) {
        return new MemoryBudget(
                plan.memoryBudgetBytes(),
                () -> {
                    SeriesFootprint footprint = head.footprint();
                    return new StoreUse(footprint.bytes(), footprint.collected());
                },
                System::nanoTime);
    }

    private static HostSource hostSource(HostExporterConfig config, List<Runnable> sources) {
        HostExporter exporter = new HostExporter(config);
        ExecutorService executor =
                Executors.newSingleThreadExecutor(task -> daemon(task, "muster-host"));
        sources.add(executor::shutdownNow);
        sources.add(exporter::close);
        return new HostSource(exporter::collect, executor);
    }

    private static BodySource source(
            Target target,
            HttpSources http,
            Optional<HostSource> host,
            Optional<ServiceWiring> services,
            KeptWiring kept) {
        return switch (target.endpoint()) {
            case Endpoint.Http endpoint -> http.of(target, endpoint);
            case Endpoint.Host _ -> host.orElseThrow();
            case Endpoint.Checks _ -> services.orElseThrow().checkSource();
            case Endpoint.Kept(var path) -> kept.source(path);
        };
    }

    private List<ScrapeJob> builtIn(
            boolean host, Optional<ServiceWiring> services, KeptWiring kept) {
        List<ScrapeJob> jobs = new ArrayList<>();
        if (host) {
            jobs.add(hostJob());
        }
        services.ifPresent(wiring -> jobs.addAll(wiring.jobs(plan.host(), plan.scrape())));
        jobs.addAll(kept.jobs(plan.scrape()));
        return jobs;
    }

    /// The host exporter as a job, so that it is a target as any other.
    private ScrapeJob hostJob() {
        return ScrapeJob.ofHost(plan.host(), plan.scrape().timing(), plan.scrape().limits());
    }

    private Timers timers() {
        return (delayMs, task) -> {
            long id = vertx.setTimer(delayMs, _ -> task.run());
            return () -> vertx.cancelTimer(id);
        };
    }

    private CellSeat joinCell(DirectoryPart directory) throws StartException {
        try {
            CellSeat seat =
                    new CellSeat(
                            member(),
                            config ->
                                    Cell.join(
                                            config.withSource(
                                                    () -> directory.memberAddresses(config.cell())),
                                            clock));
            opened.add(seat::close);
            return seat;
        } catch (UncheckedIOException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            throw new StartException(StartException.MACHINE, String.valueOf(cause.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new StartException(StartException.CONFIG, "config: " + e.getMessage(), e);
        }
    }

    /// The agent's part in its cell; with pods to look for, if there are some.
    private CellConfig member() {
        if (plan.pods().isEmpty()) {
            return plan.member();
        }
        AgentPlan.PodSelector pods = plan.pods().get();
        HttpSources http = new HttpSources(vertx, new BodyPool(POD_LIST_BYTES));
        opened.add(http::close);
        return plan.member()
                .withSource(
                        PodAddresses.inCluster(http.requests(), pods.labels(), pods.namespace()));
    }

    private Takeover openTakeover(
            CellSeat seat,
            Scraper scraper,
            KeptWiring kept,
            Optional<Bucket> bucket,
            NameHints names) {
        Takeover takeover =
                new Takeover(
                        new TakeoverSetup(
                                plan.takeover(),
                                plan.cell(),
                                plan.host(),
                                plan.reachableAddress(),
                                plan.dataDir().resolve("taken"),
                                plan.procfs(),
                                new CellTakeover(seat),
                                TakenStore.opener(plan, bucket, clock, names::watch),
                                scraper::jobs,
                                kept.board(),
                                pool -> new HttpSources(vertx, pool),
                                timers(),
                                clock,
                                System::nanoTime,
                                new SecureRandom().nextLong()));
        opened.add(takeover::close);
        takeover.start();
        seat.onJoin(cell -> cell.takeover(CellTakeover.port(takeover)));
        return takeover;
    }

    private static CellHints hints(
            NameHints names, CellSeat cell, Takeover takeover, PeerHttp peers) {
        names.taken(takeover::series);
        cell.onJoin(joined -> joined.hint(names::number));
        return new CellHints(
                names, cell::view, host -> cell.cell().hint(host), peers, AgentAssembly::nowMs);
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
