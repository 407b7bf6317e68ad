package dev.muster.agent.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.exporter.collect.Collector;
import java.util.List;
import org.junit.jupiter.api.Test;

class CollectorNamesTest {
    @Test
    void eachNameIsACollectorAndEachCollectorIsNamed() {
        List<String> names =
                HostExporter.all(HostExporterConfig.host()).stream().map(Collector::name).toList();

        assertThat(names).doesNotHaveDuplicates();
        assertThat(CollectorNames.all()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void wordsChangeTheDefaultsOrStandAlone() {
        assertThat(CollectorNames.chosen(List.of())).isEqualTo(CollectorNames.defaults());
        assertThat(CollectorNames.chosen(List.of("cpu", "stat")))
                .containsExactlyInAnyOrder("cpu", "stat");
        assertThat(CollectorNames.chosen(List.of("all"))).isEqualTo(CollectorNames.all());
        assertThat(CollectorNames.chosen(List.of("none"))).isEmpty();
        assertThat(CollectorNames.chosen(List.of("+zoneinfo", "-zfs")))
                .contains("zoneinfo", "cpu")
                .doesNotContain("zfs", "slabinfo");
        assertThatThrownBy(() -> CollectorNames.chosen(List.of("+cpus")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found=cpus");
    }
}
