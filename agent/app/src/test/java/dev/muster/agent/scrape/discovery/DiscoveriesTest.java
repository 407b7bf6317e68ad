package dev.muster.agent.scrape.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Place;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.agent.scrape.sd.NoRequests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiscoveriesTest {
    private static final ScrapeTiming TIMING =
            new ScrapeTiming(Duration.ofSeconds(1), Duration.ofSeconds(1));

    /// A discovery that is told what to know.
    private static final class Told implements Discovery {
        DiscoveryState state = DiscoveryState.NONE;
        boolean closed;

        @Override
        public String kind() {
            return "told";
        }

        @Override
        public DiscoveryState state() {
            return state;
        }

        @Override
        public void close() {
            closed = true;
        }

        void found(String... addresses) {
            TargetGroup group = TargetGroup.of("s", List.of(addresses), Map.of());
            state = new DiscoveryState(List.of(group), 5_000, "");
        }
    }

    /// @param opened discoveries by the name of their settings
    private record ToldSettings(String name, Map<String, Told> opened)
            implements DiscoverySettings {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ToldSettings settings && settings.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }

        @Override
        public String kind() {
            return "told";
        }

        @Override
        public Discovery open(DiscoveryContext context) {
            Told discovery = new Told();
            Told before = opened.put(name, discovery);
            assertThat(before == null || before.closed).isTrue();
            return discovery;
        }
    }

    private final Map<String, Told> opened = new HashMap<>();
    private final Discoveries discoveries =
            new Discoveries(new DiscoveryBench().context(new NoRequests()));

    private ScrapeJob job(String name, int line, ScrapeLimits limits, String... settings) {
        return new ScrapeJob(
                name,
                TIMING,
                "http",
                "/metrics",
                Map.of(),
                HttpAccess.DEFAULT,
                limits,
                ScrapeFormats.DEFAULT,
                SeriesRules.DEFAULT,
                List.of(),
                Arrays.stream(settings)
                        .map(of ->
                                new DiscoveryConfig(
                                        new ToldSettings(of, opened), new Place("p.yml", line)))
                        .toList(),
                new Place("p.yml", 1));
    }

    private List<String> serve(ScrapeJob... jobs) {
        discoveries.serve(List.of(jobs));
        return TargetSet.of(List.of(jobs), discoveries).active().values().stream()
                .map(target -> target.instance() + " " + target.origin().place())
                .toList();
    }

    private Told opened(String name) {
        return Objects.requireNonNull(opened.get(name));
    }

    @Test
    void goesOnOverAReloadThatMovesIt() {
        serve(job("a", 3, ScrapeLimits.NONE, "x"));
        Told first = opened("x");
        first.found("h:1");
        assertThat(serve(job("a", 7, ScrapeLimits.NONE, "x"))).containsExactly("h:1 p.yml:7");
        assertThat(opened("x")).isSameAs(first);
        assertThat(first.closed).isFalse();
    }

    @Test
    void isOneForJobsWithEqualSettings() {
        serve(job("a", 3, ScrapeLimits.NONE, "x"), job("b", 5, ScrapeLimits.NONE, "x"));
        opened("x").found("h:1");
        assertThat(serve(job("b", 5, ScrapeLimits.NONE, "x"))).containsExactly("h:1 p.yml:5");
        assertThat(opened("x").closed).isFalse();
        serve();
        assertThat(opened("x").closed).isTrue();
    }

    @Test
    void keepsTheTargetsOfTheOneBeforeUntilItIsAnswered() {
        serve(job("a", 3, ScrapeLimits.NONE, "x"));
        opened("x").found("h:1");
        assertThat(serve(job("a", 3, ScrapeLimits.NONE, "y"))).containsExactly("h:1 p.yml:3");
        assertThat(opened("x").closed).isTrue();
        opened("y").state = DiscoveryState.NONE.failed("away");
        assertThat(serve(job("a", 3, ScrapeLimits.NONE, "z"))).containsExactly("h:1 p.yml:3");
        opened("z").found("h:2");
        assertThat(serve(job("a", 3, ScrapeLimits.NONE, "z"))).containsExactly("h:2 p.yml:3");
    }

    @Test
    void countsEqualTargetsOnceForTheLimit() {
        serve(job("a", 3, ScrapeLimits.NONE, "x", "y"));
        opened("x").found("h:1");
        opened("y").found("h:1");
        ScrapeLimits one = new ScrapeLimits(0, 0, 0, 0, 0, 1);
        assertThat(serve(job("a", 3, one, "x", "y"))).containsExactly("h:1 p.yml:3");
        opened("y").found("h:2");
        assertThat(serve(job("a", 3, one, "x", "y"))).isEmpty();
    }

    @Test
    void writesMetricsByKind() {
        serve(job("a", 3, ScrapeLimits.NONE, "x", "y"));
        opened("x").found("h:1", "h:2");
        opened("y").state = DiscoveryState.NONE.failed("away");
        ExpositionWriter out = new ExpositionWriter();
        discoveries.writeMetrics(out);
        assertThat(new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8))
                .contains("muster_discovery_open{kind=\"told\"} 2\n")
                .contains("muster_discovery_failing{kind=\"told\"} 1\n")
                .contains("muster_discovery_targets{kind=\"told\"} 2\n")
                .contains("muster_discovery_last_success_timestamp_seconds{kind=\"told\"} 5\n");
    }
}
