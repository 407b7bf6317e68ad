package dev.muster.agent.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HostExporterTest {
    private static final HostExporterConfig CONFIG =
            HostExporterConfig.host().withTimeout(Duration.ofMillis(500));

    private static Collector collector(String name, Collecting collecting) {
        return new Collector() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void collect(ExpositionWriter into) throws IOException {
                into.family(name, MetricType.GAUGE, "").sample(name, 1);
                collecting.collect();
            }
        };
    }

    private interface Collecting {
        void collect() throws IOException;
    }

    private static final Collecting NOTHING = () -> {};

    @Test
    void aFailureCostsOnlyItsCollector() {
        Collecting world =
                () -> {
                    throw new IOException("gone");
                };
        Collecting bug =
                () -> {
                    throw new IllegalStateException("broken");
                };
        try (HostExporter exporter =
                new HostExporter(
                        CONFIG,
                        List.of(
                                collector("a", world),
                                collector("b", NOTHING),
                                collector("c", bug)))) {
            Scrape scrape = Scrape.of(exporter);
            String success = "node_scrape_collector_success";
            assertThat(scrape.value("__name__", success, "collector", "a")).isZero();
            assertThat(scrape.value("__name__", success, "collector", "b")).isOne();
            assertThat(scrape.value("__name__", success, "collector", "c")).isZero();
            assertThat(scrape.value("__name__", "a")).isNaN();
            assertThat(scrape.value("__name__", "b")).isOne();
            assertThat(scrape.values()).hasSize(7);
        }
    }

    @Test
    void aCollectorThatHangsIsNotWaitedForAndComesBack() {
        CountDownLatch mount = new CountDownLatch(1);
        Collecting hang =
                () -> {
                    try {
                        mount.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        try (HostExporter exporter =
                new HostExporter(CONFIG, List.of(collector("a", hang), collector("b", NOTHING)))) {
            Scrape late = Scrape.of(exporter);
            assertThat(late.value("__name__", "a")).isNaN();
            assertThat(late.value("__name__", "b")).isOne();
            String duration = "node_scrape_collector_duration_seconds";
            assertThat(late.value("__name__", duration, "collector", "a")).isBetween(0.5, 10.0);
            Scrape busy = Scrape.of(exporter);
            assertThat(busy.value("__name__", duration, "collector", "a")).isLessThan(0.5);
            mount.countDown();
            await().untilAsserted(
                            () -> assertThat(Scrape.of(exporter).value("__name__", "a")).isOne());
        }
    }

    @Test
    void readsThisHost() {
        Scrape scrape = Scrape.of(HostExporterConfig.host().withDetails(true));
        assertThat(scrape.value("__name__", "node_memory_MemTotal_bytes")).isGreaterThan(1 << 20);
        assertThat(scrape.value("__name__", "node_cpu_seconds_total", "cpu", "0", "mode", "user"))
                .isPositive();
        assertThat(scrape.value("__name__", "node_boot_time_seconds")).isGreaterThan(1e9);
        assertThat(scrape.types().get("node_context_switches_total")).isEqualTo(MetricType.COUNTER);
        assertThat(
                        scrape.value(
                                "__name__",
                                "node_scrape_collector_success",
                                "collector",
                                "filesystem"))
                .isOne();
    }

    @Test
    void refusesACollectorThatIsNot() {
        assertThatThrownBy(() -> CONFIG.withCollectors(Set.of("cpu", "gpu")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("collector must be one of [arp, bcache, ")
                .hasMessageEndingWith("]: found=gpu");
        assertThatThrownBy(() -> CONFIG.withTimeout(Duration.ZERO))
                .hasMessage("timeout must be positive: found=PT0S");
    }

    @Test
    void runsOnlyWhatIsAskedFor() {
        Scrape scrape = Scrape.of(CONFIG.withCollectors(Set.of("loadavg")));
        assertThat(scrape.values()).hasSize(5);
    }
}
