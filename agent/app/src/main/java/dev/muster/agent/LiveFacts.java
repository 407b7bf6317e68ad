package dev.muster.agent;

import dev.muster.agent.config.AgentPlan;
import dev.muster.agent.scrape.ScrapeProgress;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.append.AccountQuestion;
import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.takeover.TakenView;
import dev.muster.agent.upload.Uploader;
import dev.muster.agent.upness.TakenSpans;
import dev.muster.agent.why.AgentFacts;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.federation.view.CellView;
import dev.muster.head.HeadStats;
import dev.muster.head.wal.Wal;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The parts of a running agent as explanations see them.
final class LiveFacts implements AgentFacts {
    private static final Logger LOG = System.getLogger(LiveFacts.class.getName());

    /// How long an account of series is waited for.
    private static final long PATIENCE_MS = 200;

    /// How far back it is told that peers looked after a service.
    private static final long AWAY_MS = 24 * 3_600_000L;

    private final AgentPlan plan;
    private final Agent.AgentParts parts;

    LiveFacts(AgentPlan plan, Agent.AgentParts parts) {
        this.plan = plan;
        this.parts = parts;
    }

    @Override
    public String host() {
        return plan.host();
    }

    @Override
    public String cell() {
        return parts.cell().config().cell();
    }

    @Override
    public long nowMs() {
        return System.currentTimeMillis();
    }

    @Override
    public List<ScrapeJob> jobs() {
        return parts.scraper().jobs();
    }

    @Override
    public DiscoveryState state(DiscoveryConfig discovery) {
        return parts.scraper().state(discovery);
    }

    @Override
    public TargetSet found() {
        return parts.scraper().found();
    }

    @Override
    public List<TargetStatus> targets() {
        return parts.scraper().targets();
    }

    @Override
    public Optional<ScrapeProgress> progress(String key) {
        return parts.scraper().progress(key);
    }

    @Override
    public Optional<SeriesAccount> account(String key, AccountQuestion question) {
        Optional<CompletableFuture<SeriesAccount>> answer = parts.scraper().account(key, question);
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(answer.get().get(PATIENCE_MS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public SeriesSource series() {
        return new HeldSeries(parts.head(), parts.takeover()::series);
    }

    @Override
    public HeadFacts head() {
        HeadStats stats = parts.head().stats();
        Wal.Position log = parts.head().walPosition();
        return new HeadFacts(
                log.segment(),
                log.offsetBytes(),
                log.sequence(),
                log.synced(),
                stats.walBytes(),
                stats.series(),
                plan.head().seriesLimit(),
                plan.head().window().toMillis(),
                stats.oldestMs());
    }

    @Override
    public List<Budget> budgets() {
        MemoryBudget memory = parts.scraper().budget();
        return List.of(
                new Budget("muster.scrape.memory-budget", memory.usedBytes(), memory.limitBytes()));
    }

    @Override
    public ShipmentFacts shipping() {
        Optional<Uploader> uploader = parts.uploader();
        return new ShipmentFacts(
                plan.store().map(BucketConfig::url).orElse(""),
                uploader.map(Uploader::shipments).orElse(List.of()),
                uploader.map(Uploader::error).orElse(""),
                plan.head().outOfOrderWindow().toMillis());
    }

    @Override
    public CellView cellView() {
        return parts.cell().view();
    }

    @Override
    public List<TakenView> taken() {
        return parts.takeover().views();
    }

    @Override
    public List<TakenSpans.Span> away(String job, String instance) {
        long nowMs = nowMs();
        UpnessTarget target =
                new UpnessTarget(parts.cell().view().cell(), plan.host(), job, instance);
        try {
            return TakenSpans.of(
                    parts.upness().read(new TimeRange(nowMs - AWAY_MS, nowMs + 1), target::equals));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "upness log not read", e);
            return List.of();
        }
    }

    @Override
    public String fileError() {
        return parts.scraper().fileError();
    }

    @Override
    public String queryUrl() {
        return plan.queryUrl();
    }
}
