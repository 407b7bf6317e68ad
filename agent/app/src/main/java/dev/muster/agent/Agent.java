package dev.muster.agent;

import dev.muster.agent.api.AgentView;
import dev.muster.agent.config.AgentPlan;
import dev.muster.agent.config.StopPlan;
import dev.muster.agent.exporter.HostExporter;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.fleet.CellSeat;
import dev.muster.agent.fleet.Fleet;
import dev.muster.agent.hint.CellHints;
import dev.muster.agent.intake.ChannelState;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.PushListener;
import dev.muster.agent.part.PartLimits;
import dev.muster.agent.remotewrite.RemoteWriting;
import dev.muster.agent.scrape.Scraper;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.services.registry.RegisteredService;
import dev.muster.agent.services.registry.ServicePort;
import dev.muster.agent.takeover.Takeover;
import dev.muster.agent.upload.Uploader;
import dev.muster.agent.upness.UpnessReader;
import dev.muster.agent.upness.UpnessRecorder;
import dev.muster.agent.why.LoopbackProbe;
import dev.muster.agent.why.Why;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.stream.HintSource;
import dev.muster.federation.view.CellView;
import dev.muster.head.Head;
import dev.muster.head.HeadStats;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.ExemplarSource;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import dev.muster.yaml.YamlException;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A running agent: its parts, and the two rounds that go on between them. Every second the cell
/// hears how the targets are; every few seconds changed files are read.
final class Agent implements AgentView, AutoCloseable {
    private static final Logger LOG = System.getLogger(Agent.class.getName());
    private static final int POLL_SECONDS = 5;

    /// After a move series of before end within this time.
    private static final long MOVE_MS = 60_000;

    /// How long a port is asked on behalf of somebody who waits.
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(2);

    private final AgentPlan plan;
    private final AgentParts parts;
    private final long startedMs;
    private final SeriesSource series;
    private final PushHandlers pushes;
    private final RateMeter rate = new RateMeter();
    private final Retirements retirements = new Retirements();
    private final LongAdder reportFailures = new LongAdder();
    private final Object hostLock = new Object();
    private @Nullable HostExporter host;
    private volatile @Nullable Why why;

    Agent(AgentPlan plan, AgentParts parts, long startedMs) {
        this.plan = plan;
        this.parts = parts;
        this.startedMs = startedMs;
        series = new HeldSeries(parts.head(), parts.takeover()::series);
        pushes = new PushHandlers(parts.intake(), plan);
    }

    /// Starts the rounds.
    void start() {
        ScheduledExecutorService rounds = parts.rounds();
        repeat(rounds, this::report, 1);
        repeat(rounds, parts.scraper()::poll, POLL_SECONDS);
        repeat(rounds, parts.tls()::reload, POLL_SECONDS);
    }

    private static void repeat(ScheduledExecutorService rounds, Runnable task, long seconds) {
        var _ =
                rounds.scheduleAtFixedRate(
                        () -> {
                            try {
                                task.run();
                            } catch (RuntimeException e) {
                                LOG.log(Level.ERROR, "round failed and goes on", e);
                            }
                        },
                        seconds,
                        seconds,
                        TimeUnit.SECONDS);
    }

    private void report() {
        rate.tick(parts.head().stats().samplesAppended());
        parts.intake().round();
        parts.remotes().round();
        parts.services().ifPresent(ServiceWiring::round);
        parts.kept().round();
        parts.takeover().round(found(), parts.scraper().external());
        parts.hints().round();
        List<RegisteredService> registered =
                parts.services().map(ServiceWiring::services).orElse(List.of());
        List<ServiceState> services =
                retirements.add(
                        ServiceStates.of(targets(), registered), registered, System.nanoTime());
        try {
            parts.cell().report(services);
        } catch (RuntimeException e) {
            if (reportFailures.sum() == 0) {
                LOG.log(Level.WARNING, "cell did not take the report; scraping goes on", e);
            }
            reportFailures.increment();
        }
    }

    /// What takes pushes.
    PushHandlers pushes() {
        return pushes;
    }

    @Override
    public SeriesSource series() {
        return series;
    }

    @Override
    public boolean holdsOthers() {
        return !parts.takeover().series().isEmpty();
    }

    @Override
    public Optional<TimeRange> rangeOfOthers() {
        Optional<TimeRange> taken = parts.takeover().range();
        OptionalLong movedMs = parts.scraper().relabelledMs();
        long oldestMs = parts.head().stats().oldestMs();
        if (movedMs.isEmpty() || oldestMs > movedMs.getAsLong()) {
            return taken;
        }
        // series of before the move have another cell
        long endMs = movedMs.getAsLong() + MOVE_MS;
        return Optional.of(
                taken.map(range ->
                                new TimeRange(
                                        Math.min(range.startMs(), oldestMs),
                                        Math.max(range.endMs(), endMs)))
                        .orElseGet(() -> new TimeRange(oldestMs, endMs)));
    }

    @Override
    public Labels owner() {
        return Labels.of(plan.externalLabels(parts.cell().config().cell()));
    }

    @Override
    public PartLimits partLimits() {
        return plan.parts();
    }

    @Override
    public long storedThroughMs() {
        return parts.scraper().storedThroughMs();
    }

    @Override
    public ExemplarSource exemplars() {
        return parts.head();
    }

    @Override
    public List<TargetStatus> targets() {
        return parts.scraper().targets();
    }

    @Override
    public TargetSet found() {
        return parts.scraper().found();
    }

    @Override
    public Optional<ServicePort> services() {
        return parts.services().map(ServiceWiring::port);
    }

    @Override
    public UpnessReader upness() {
        return parts.upness();
    }

    @Override
    public CellView cell() {
        return parts.cell().view();
    }

    @Override
    public Optional<byte[]> manifest(Optional<String> host) {
        CellSeat seat = parts.cell();
        return seat.cell().manifestFrame(host.orElseGet(() -> seat.config().host()));
    }

    @Override
    public HintSource hints() {
        return parts.hints();
    }

    @Override
    public Optional<byte[]> hint() {
        return parts.hints().frame();
    }

    @Override
    public Fleet fleet() {
        return parts.fleet();
    }

    @Override
    public Why why() {
        Why current = why;
        if (current == null) {
            current =
                    new Why(
                            new LiveFacts(plan, parts),
                            new LoopbackProbe(PROBE_LIMIT, System::nanoTime));
            why = current;
        }
        return current;
    }

    @Override
    public List<ScrapeJob> jobs() {
        return parts.scraper().jobs();
    }

    @Override
    public JsonObject status() {
        HeadStats head = parts.head().stats();
        CellView view = cell();
        List<TargetStatus> targets = targets();
        Optional<Uploader> uploader = parts.uploader();
        return new JsonObject()
                .put("host", plan.host())
                .put("cell", view.cell())
                .put("incarnation", view.member(plan.host()).map(Member::incarnation).orElse(0L))
                .put("pid", ProcessHandle.current().pid())
                .put("startedMs", startedMs)
                .put("series", head.series())
                .put("samplesAppended", head.samplesAppended())
                .put("samplesPerSecond", rate.perSecond())
                .put("targetsUp", targets.stream().filter(TargetStatus::up).count())
                .put("targets", targets.size())
                .put("blocksShipped", uploader.map(Uploader::blocksShipped).orElse(0L))
                .put("blocksPending", uploader.map(Uploader::blocksPending).orElse(0L))
                .put("walBytes", head.walBytes())
                .put("uploadError", uploader.map(Uploader::error).orElse(""))
                .put("membersUp", view.membersUp())
                .put("members", view.members().size());
    }

    @Override
    public void writeMetrics(ExpositionWriter out) {
        parts.scraper().writeMetrics(out);
        parts.intake().writeMetrics(out);
        parts.remotes().writeMetrics(out);
        pushes.writeMetrics(out);
        parts.listeners().forEach(listener -> listener.writeMetrics(out));
        ChannelState.write(parts.listeners().stream().map(PushListener::channel).toList(), out);
        StatsMetrics stats = new StatsMetrics(out);
        stats.write(parts.head().stats());
        stats.write(parts.cell().stats());
        parts.fleet().writeMetrics(out);
        out.family(
                        "muster_cell_report_failures_total",
                        MetricType.COUNTER,
                        "Reports that the cell did not take.")
                .sample("muster_cell_report_failures_total", reportFailures.sum());
        parts.takeover().writeMetrics(out);
        parts.uploader().ifPresent(uploader -> uploader.writeMetrics(out));
        parts.services().ifPresent(services -> services.writeMetrics(out));
        parts.upness().writeMetrics(out);
        parts.kept().writeMetrics(out);
        parts.hints().writeMetrics(out);
        parts.tls().writeMetrics(out);
    }

    @Override
    public void writeHostMetrics(ExpositionWriter out) {
        if (plan.exporter().isEmpty()) {
            return;
        }
        synchronized (hostLock) {
            HostExporter exporter = host;
            if (exporter == null) {
                exporter = new HostExporter(plan.exporter().get());
                host = exporter;
            }
            exporter.collect(out);
        }
    }

    @Override
    public void reload() throws YamlException {
        parts.scraper().reload();
    }

    /// Leaves the cell, stops scraping and closes the head. What was appended is kept.
    @Override
    public void close() {
        // while others take over its services, it still looks after them itself
        quietly("fleet", parts.fleet()::close);
        quietly("cell", this::leaveCell);
        // a round that goes on now is not interrupted
        parts.rounds().shutdown();
        quietly("takeover", parts.takeover()::close);
        quietly("upness", parts.upness()::close);
        parts.listeners().forEach(listener -> quietly("push listener", listener::close));
        quietly("intake", parts.intake()::close);
        quietly("scraper", parts.scraper()::close);
        quietly("remote write", parts.remotes()::close);
        parts.uploader().ifPresent(uploader -> quietly("uploader", uploader::close));
        parts.sources().forEach(source -> quietly("source", source));
        quietly("kept", parts.kept()::close);
        quietly("head", parts.head()::close);
        parts.bucket().ifPresent(bucket -> quietly("bucket", bucket::close));
        synchronized (hostLock) {
            HostExporter exporter = host;
            if (exporter != null) {
                quietly("host exporter", exporter::close);
            }
        }
    }

    /// What others left here.
    KeptWiring kept() {
        return parts.kept();
    }

    long startedMs() {
        return startedMs;
    }

    private void leaveCell() {
        StopPlan stop = plan.stop();
        if (stop.restarts()) {
            parts.cell().restart(stop.back(), stop.handOver());
        } else {
            parts.cell().leave();
        }
    }

    private static void quietly(String part, Runnable close) {
        try {
            close.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "closing failed part=" + part, e);
        }
    }

    /// The parts, in the order they are made.
    ///
    /// @param head holds the samples
    /// @param bucket blocks go there, if there is one
    /// @param uploader ships them
    /// @param scraper scrapes
    /// @param remotes sends on what is stored
    /// @param intake takes what is pushed
    /// @param listeners take samples in by ways of their own
    /// @param services where services register, if they may
    /// @param sources what the scraper fetches through, to be closed after it
    /// @param cell the agent's part in its cell
    /// @param takeover looks after the services of lost peers
    /// @param upness keeps the log of how the cell changes
    /// @param fleet the directory, the watch and the moves
    /// @param kept what others leave here: pushed groups, runs of jobs
    /// @param hints tells what metric names there are
    /// @param tls the certificates
    /// @param rounds runs what is repeated
    record AgentParts(
            Head head,
            Optional<Bucket> bucket,
            Optional<Uploader> uploader,
            Scraper scraper,
            RemoteWriting remotes,
            Intake intake,
            List<PushListener> listeners,
            Optional<ServiceWiring> services,
            List<Runnable> sources,
            CellSeat cell,
            Takeover takeover,
            UpnessRecorder upness,
            Fleet fleet,
            KeptWiring kept,
            CellHints hints,
            AgentTls tls,
            ScheduledExecutorService rounds) {}
}
