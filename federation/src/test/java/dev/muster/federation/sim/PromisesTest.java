package dev.muster.federation.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.Seeds;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PromisesTest {
    /// Until the detector tells of transitions and takes over.
    private static final Set<String> NEEDS_TRANSITIONS = Set.of("history", "announced");

    static Stream<Arguments> promises() {
        return Scenarios.all().stream()
                .filter(scenario -> !scenario.name().endsWith("-long"))
                .filter(scenario -> !NEEDS_TRANSITIONS.contains(scenario.name()))
                .flatMap(scenario ->
                        Seeds.few().limit(2).mapToObj(seed -> Arguments.of(scenario.name(), seed)));
    }

    @ParameterizedTest(name = "{0} seed={1}")
    @MethodSource("promises")
    void isKept(String name, long seed) {
        Scenario scenario = Scenarios.named(name);
        var tally = new Tally();
        for (int size : new int[] {5, 12, 24}) {
            var world = new CellWorld(seed * 1000 + size, CellWorld.Plan.of(size));
            tally.add(scenario.play(world));
        }
        assertThat(tally.examples).as("seed=%d", seed).isEmpty();
        assertThat(scenario.kept(tally)).as("seed=%d", seed).isTrue();
    }
}
