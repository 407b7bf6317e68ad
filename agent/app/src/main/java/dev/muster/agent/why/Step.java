package dev.muster.agent.why;

import dev.muster.agent.scrape.FetchReport;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.append.SeriesTrace;
import dev.muster.agent.scrape.discovery.TargetOrigin;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.agent.scrape.relabel.RelabelTrace;
import dev.muster.agent.upload.Shipment;
import dev.muster.agent.upness.TakenSpans;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.TimeRange;
import java.util.List;
import java.util.Optional;

/// One step on the way from a service to a stored object, and what was found there. Immutable;
/// every list is bounded by the one who makes it.
public sealed interface Step {
    /// Is it as it should be?
    Mark mark();

    /// What was found, in plain words.
    String text();

    /// A discovery knows the address.
    ///
    /// @param updatedMs when the discovery was last right, Unix time
    /// @param error what is wrong with the discovery now; empty if nothing is
    /// @param labels what was known before relabelling
    record Discovered(
            Mark mark,
            String text,
            TargetOrigin origin,
            long updatedMs,
            String error,
            Labels labels)
            implements Step {}

    /// What the relabel rules did to it.
    record Relabelled(Mark mark, String text, RelabelTrace trace) implements Step {}

    /// The target that came out.
    ///
    /// @param labels what every series of it gets
    /// @param url where it is scraped; empty if it cannot be
    record Targeted(Mark mark, String text, Labels labels, String url) implements Step {}

    /// When it is scraped.
    record Scheduled(Mark mark, String text, ScrapeTiming timing, long nextTickMs, long jitterMs)
            implements Step {}

    /// The last scrape.
    record Scraped(Mark mark, String text, ScrapeOutcome outcome, FetchReport fetch)
            implements Step {}

    /// The scrapes before.
    ///
    /// @param recent the last ones, the newest first
    /// @param changes those that went otherwise than the one before, the newest first
    record Remembered(
            Mark mark, String text, List<ScrapeOutcome> recent, List<ScrapeOutcome> changes)
            implements Step {}

    /// What became of its series.
    ///
    /// @param rules of metric relabelling, which the account names by number
    record Accounted(Mark mark, String text, SeriesAccount account, List<RelabelRule> rules)
            implements Step {}

    /// How much of each limit is used.
    record Limited(Mark mark, String text, List<LimitUse> limits) implements Step {}

    /// A limit and how much of it is used.
    ///
    /// @param name as in the configuration
    /// @param used by the last scrape, or now; -1 where that is not known
    /// @param limit most that is allowed
    record LimitUse(String name, long used, long limit) {
        /// Is more used than is allowed?
        boolean passed() {
            return used > limit;
        }

        /// Is more than four fifths used?
        boolean near() {
            return used > limit / 5 * 4;
        }
    }

    /// Where its samples lie now.
    record Stored(Mark mark, String text, AgentFacts.HeadFacts head) implements Step {}

    /// The blocks that hold its samples or will.
    ///
    /// @param window that samples of now fall into
    /// @param key of the block that this window will become; empty if blocks go nowhere
    /// @param shipments the last closed windows, the newest first
    record Shipped(Mark mark, String text, TimeRange window, String key, List<Shipment> shipments)
            implements Step {}

    /// What the cell is told of it.
    ///
    /// @param cell name of the cell
    /// @param upness of this agent in its own view, such as `up`
    /// @param membersUp members of the cell that are up
    /// @param members of the cell
    /// @param reported whether the cell has been told of the target
    /// @param up what it has been told
    /// @param reason why not up; empty if up
    /// @param sinceMs since when, Unix time
    record Reported(
            Mark mark,
            String text,
            String cell,
            String upness,
            int membersUp,
            int members,
            boolean reported,
            boolean up,
            String reason,
            long sinceMs)
            implements Step {}

    /// Who looks, or looked, after it in place of its agent.
    ///
    /// @param host whose agent was away
    /// @param spans when and by whom, the oldest first
    record Relieved(Mark mark, String text, String host, List<TakenSpans.Span> spans)
            implements Step {}

    /// Where to look at its samples.
    record Linked(Mark mark, String text, String selector, String url) implements Step {}

    /// No discovery knows it; these were asked.
    ///
    /// @param near targets whose names are near
    record Searched(Mark mark, String text, List<DiscoveryLine> discoveries, List<String> near)
            implements Step {}

    /// What answered when it was asked just now.
    ///
    /// @param snippet of configuration that would scrape it; empty if it exposes no metrics
    record Probed(Mark mark, String text, ProbeResult result, String snippet) implements Step {}

    /// Series of the head that fit.
    ///
    /// @param total how many fit
    /// @param series some of them
    record Sampled(Mark mark, String text, int total, List<StoredSeries> series) implements Step {}

    /// A series in the head.
    ///
    /// @param lastMs time of its last sample, Unix time; 0 if it has none that could be read
    /// @param value of the last sample that is no marker
    /// @param stale whether the last sample marks its end
    record StoredSeries(Labels labels, long lastMs, String value, boolean stale) {}

    /// Targets that expose fitting series, and what becomes of them.
    ///
    /// @param asked targets that were asked
    /// @param silent targets that gave no account in time
    record Exposed(Mark mark, String text, int asked, int silent, List<ExposedSeries> series)
            implements Step {}

    /// Series of one target that meet one fate.
    ///
    /// @param target its labels
    /// @param fate such as `dropped`
    /// @param count how many series
    /// @param place of the rule that drops them; empty where none does
    /// @param example what happens to one of them
    /// @param stored its labels in the store; empty where it is not stored
    record ExposedSeries(
            Labels target,
            String fate,
            int count,
            String place,
            Optional<SeriesTrace> example,
            Optional<Labels> stored) {}

    /// Names and values that are near what was asked for.
    record Named(Mark mark, String text, List<String> near) implements Step {}
}
