package dev.muster.agent.api;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.fleet.Fleet;
import dev.muster.agent.part.PartLimits;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.discovery.TargetSet;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.services.registry.ServicePort;
import dev.muster.agent.upness.UpnessReader;
import dev.muster.agent.why.Why;
import dev.muster.federation.stream.HintSource;
import dev.muster.federation.view.CellView;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.ExemplarSource;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import dev.muster.yaml.YamlException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/// What the routes show of a running agent. Thread-safe.
public interface AgentView {
    /// Recent samples, those taken in place of lost peers among them.
    SeriesSource series();

    /// Are there samples of lost peers?
    boolean holdsOthers();

    /// The time of which there are samples of lost peers; empty if there are none.
    Optional<TimeRange> rangeOfOthers();

    /// Labels that tell the series of this agent from those of all others, and that all of them
    /// have which do not come with others of those names.
    Labels owner();

    /// What parts of queries may take.
    PartLimits partLimits();

    /// The time up to which all scraped samples are stored, Unix time.
    long storedThroughMs();

    /// Recent exemplars.
    ExemplarSource exemplars();

    List<TargetStatus> targets();

    /// What discovery found beside the targets.
    TargetSet found();

    /// Where services register; empty if they may not.
    Optional<ServicePort> services();

    /// The cell as this agent sees it.
    CellView cell();

    /// What other agents need to know to scrape in the place of that host's agent, if it is known.
    ///
    /// @param host this agent's own if empty
    Optional<byte[]> manifest(Optional<String> host);

    /// The log of how the cell changed.
    UpnessReader upness();

    /// What is known of the metric names that agents of the cell hold.
    HintSource hints();

    /// What this agent tells of its own, as a frame; empty while a name is not in it.
    Optional<byte[]> hint();

    /// The fleet as far as this agent knows it.
    Fleet fleet();

    /// Answers why a target or a series is there or not.
    Why why();

    /// Jobs that are scraped.
    List<ScrapeJob> jobs();

    /// Figures at a glance.
    JsonObject status();

    /// Appends the agent's own metrics.
    void writeMetrics(ExpositionWriter out);

    /// Appends the host's metrics.
    void writeHostMetrics(ExpositionWriter out);

    /// Reads the scrape configuration again.
    ///
    /// @throws YamlException if it is wrong; then the old one stays
    void reload() throws YamlException;
}
