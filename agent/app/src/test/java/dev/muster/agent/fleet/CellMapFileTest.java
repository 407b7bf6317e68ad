package dev.muster.agent.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.assign.CellMap;
import dev.muster.federation.assign.CellSpec;
import dev.muster.federation.assign.Home;
import dev.muster.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellMapFileTest {
    private static final String MAP =
            """
            epoch: 2
            zones:
              zone-a:
                a-01: ["10.0.0.1:9641", "10.0.0.2:9641"]
                a-02: []
              zone-b: {b-01: }
            """;

    private @TempDir Path directory;

    private FleetPlan plan(String zone, boolean named) {
        return new FleetPlan(
                "h",
                "http://h:1",
                zone,
                Optional.of(directory.resolve("map.yml")),
                named,
                List.of(),
                Optional.empty(),
                directory.resolve("cell"),
                1,
                2);
    }

    @Test
    void readsZonesCellsAndSeeds() throws IOException {
        CellMap map = CellMapFile.parse("map.yml", MAP);
        assertThat(map.epoch()).isEqualTo(2);
        assertThat(map.cells("zone-a"))
                .containsExactly(
                        new CellSpec("a-01", List.of("10.0.0.1:9641", "10.0.0.2:9641")),
                        new CellSpec("a-02", List.of()));
        assertThat(map.cells("zone-b")).containsExactly(new CellSpec("b-01", List.of()));
    }

    @Test
    void saysWhereAMapIsWrong() {
        assertThatThrownBy(() -> CellMapFile.parse("m", "epoch: 0\nzones: {a: {b: }}"))
                .isInstanceOf(YamlException.class)
                .hasMessage("file=m line=1 column=8: epoch must be a whole number from 1: found=0");
        assertThatThrownBy(() -> CellMapFile.parse("m", "epoch: 1\nzones: {a: {b: }, c: {b: }}"))
                .hasMessageContaining("a cell must not stand twice: cell=b");
        assertThatThrownBy(() -> CellMapFile.parse("m", "epoch: 1\nzone: {a: {b: }}"))
                .hasMessageContaining("unknown key: found=zone, nearest=zones");
    }

    @Test
    void anAgentThatStartsChoosesAndKeepsItsCell() throws IOException {
        Files.writeString(directory.resolve("map.yml"), MAP);
        CellChoice first = CellChoice.of(plan("zone-a", false)).orElseThrow();
        assertThat(first.cell()).startsWith("a-0");
        assertThat(first.directory()).isEqualTo(directory.resolve("cell").resolve(first.cell()));
        String other = first.cell().equals("a-01") ? "a-02" : "a-01";
        new FleetFiles(directory.resolve("cell")).write(new Home(other, 1));
        assertThat(CellChoice.of(plan("zone-a", false)).orElseThrow().cell()).isEqualTo(other);
        assertThat(CellChoice.of(plan("zone-a", true))).isEmpty();
    }

    @Test
    void refusesAZoneThatIsNotInTheMap() throws IOException {
        Files.writeString(directory.resolve("map.yml"), MAP);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CellChoice.of(plan("zone-c", false)))
                .withMessageContaining("zone must be one of [zone-a, zone-b]: found=zone-c");
    }
}
