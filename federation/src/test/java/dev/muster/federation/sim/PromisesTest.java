package dev.muster.federation.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.Seeds;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PromisesTest {
    static Stream<Arguments> promises() {
        return Scenarios.all().stream()
                .filter(scenario -> !scenario.name().endsWith("-long"))
                .flatMap(scenario ->
                        Seeds.few().limit(2).mapToObj(seed -> Arguments.of(scenario.name(), seed)));
    }

    @ParameterizedTest(name = "{0} seed={1}")
    @MethodSource("promises")
    void isKept(String name, long seed) {
        Scenario scenario = Scenarios.named(name);
        var tally = new Tally();
        for (int size : seed % 2 == 1 ? new int[] {5, 24} : new int[] {3, 12}) {
            var world = new CellWorld(seed * 1000 + size, CellWorld.Plan.of(size));
            tally.add(scenario.play(world));
        }
        assertThat(tally.examples).as("seed=%d", seed).isEmpty();
        assertThat(scenario.kept(tally)).as("seed=%d", seed).isTrue();
    }
}
