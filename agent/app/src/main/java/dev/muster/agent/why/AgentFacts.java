package dev.muster.agent.why;

import dev.muster.agent.scrape.ScrapeProgress;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.append.AccountQuestion;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.takeover.TakenView;
import dev.muster.agent.upload.Shipment;
import dev.muster.agent.upness.TakenSpans;
import dev.muster.federation.view.CellView;
import dev.muster.model.series.SeriesSource;
import java.util.List;
import java.util.Optional;

/// What an explanation is made from: snapshots that the parts of the agent publish anyway. Nothing
/// here costs a scrape more than being asked. Thread-safe.
public interface AgentFacts {
    /// Name of the host.
    String host();

    /// Name of the cell.
    String cell();

    /// Now, Unix time.
    long nowMs();

    /// Jobs that are scraped.
    List<ScrapeJob> jobs();

    /// What a discovery of a job knows.
    DiscoveryState state(DiscoveryConfig discovery);

    /// What became of the addresses that discoveries know.
    TargetSet found();

    /// How targets are.
    List<TargetStatus> targets();

    /// How the scraping of a target goes.
    ///
    /// @param key the target's
    Optional<ScrapeProgress> progress(String key);

    /// What became of a target's series; empty where that cannot be told in a short time.
    ///
    /// @param key the target's
    Optional<SeriesAccount> account(String key, AccountQuestion question);

    /// Recent samples.
    SeriesSource series();

    /// What the head holds.
    HeadFacts head();

    /// Budgets of the agent that new series can use up, in bytes.
    List<Budget> budgets();

    /// The way of blocks to the store.
    ShipmentFacts shipping();

    /// The cell as this agent sees it.
    CellView cellView();

    /// The lost peers whose services this agent looks after.
    List<TakenView> taken();

    /// When peers looked after a service of this host, of late, the oldest first.
    List<TakenSpans.Span> away(String job, String instance);

    /// Why the configuration file was refused when it was last read; empty if it was not.
    String fileError();

    /// Where a query node answers, without a slash at its end; empty if that is not configured.
    String queryUrl();

    /// A budget of the whole agent.
    ///
    /// @param name as in the configuration
    /// @param used now
    /// @param limit most that may be used
    record Budget(String name, long used, long limit) {}

    /// The head.
    ///
    /// @param walSegment number of the segment of the log that is written
    /// @param walOffsetBytes where the next record of it goes
    /// @param walSequence number of the next record
    /// @param walSynced whether a sync has begun since the last record
    /// @param walBytes size of the log
    /// @param series held
    /// @param seriesLimit most that may be held; 0 for no limit
    /// @param windowMs length of a window, and so of a block
    /// @param oldestMs oldest sample held, Unix time; `Long.MAX_VALUE` when empty
    record HeadFacts(
            int walSegment,
            long walOffsetBytes,
            long walSequence,
            boolean walSynced,
            long walBytes,
            int series,
            int seriesLimit,
            long windowMs,
            long oldestMs) {}

    /// Shipping.
    ///
    /// @param store where blocks go, in words; empty if nowhere
    /// @param shipments the last closed windows, oldest first
    /// @param error why the last attempt failed; empty if it did not
    /// @param closeDelayMs how long after its end a window is closed
    record ShipmentFacts(String store, List<Shipment> shipments, String error, long closeDelayMs) {
        public ShipmentFacts {
            shipments = List.copyOf(shipments);
        }
    }
}
