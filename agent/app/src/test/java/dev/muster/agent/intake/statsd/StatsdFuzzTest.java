package dev.muster.agent.intake.statsd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.intake.ByteMutator;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.IntakeRig;
import dev.muster.agent.intake.PushBatch;
import dev.muster.model.labels.Labels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a packet holds is counted or added up, and nothing else. More rounds with
/// `-Dmuster.fuzz.rounds=N`, the same ones with `-Dseed=N`.
class StatsdFuzzTest {
    private static final int ROUNDS = Integer.getInteger("muster.fuzz.rounds", 20_000);
    private static final long NOW_MS = IntakeRig.NOW_MS;

    private final Map<Labels, StatsdSeries> series = new HashMap<>();

    /// @return how many values were taken
    private int take(byte[] packet) {
        int taken = 0;
        for (String line : new String(packet, StandardCharsets.UTF_8).split("\n", -1)) {
            Optional<StatsdLine> found = StatsdLine.of(line.strip());
            if (found.isPresent()) {
                StatsdLine one = found.get();
                StatsdSeries to =
                        series.computeIfAbsent(
                                one.series(), _ -> new StatsdSeries(one.kind(), NOW_MS - 1_000));
                for (String value : one.values()) {
                    taken += to.take(value, one.rate(), NOW_MS) ? 1 : 0;
                }
            }
        }
        return taken;
    }

    private void store(IntakeRig rig) throws PushRefusedException {
        PushBatch batch = PushBatch.byTarget();
        for (Map.Entry<Labels, StatsdSeries> each : series.entrySet()) {
            each.getValue().sample(each.getKey(), NOW_MS, batch);
            if (batch.full()) {
                rig.intake.accept(batch, new IntakeReceipt());
                batch.clear();
            }
        }
        rig.intake.accept(batch, new IntakeReceipt());
    }

    @Test
    void takesTheCorpus(@TempDir Path directory) throws Exception {
        int taken = 0;
        for (byte[] packet : ByteMutator.corpus("statsd")) {
            taken += take(packet);
        }
        assertThat(taken).isEqualTo(19);
        try (IntakeRig rig = new IntakeRig(directory)) {
            store(rig);
            assertThat(rig.samples().keySet())
                    .contains("temp{host=\"h1\", job=\"statsd\"}")
                    .noneMatch(labels -> labels.startsWith("x{"));
        }
    }

    @Test
    void survivesAnyBytes(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("seed", 20_262);
        ByteMutator mutator =
                new ByteMutator(
                        "statsd",
                        seed,
                        ":",
                        "|",
                        "@",
                        "#",
                        ",",
                        "\n",
                        "|c",
                        "|ms",
                        "|g",
                        "|s",
                        "|h",
                        "1e308",
                        "-1",
                        "+",
                        "NaN",
                        "\0",
                        "__name__",
                        "ü");
        int taken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] packet = mutator.next();
            try {
                taken += take(packet);
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed=%d round=%d: %s".formatted(seed, round, Arrays.toString(packet)), e);
            }
        }
        assertThat(taken).isGreaterThan(ROUNDS / 2);
        try (IntakeRig rig = new IntakeRig(directory)) {
            store(rig);
            assertThat(rig.samples()).isNotEmpty();
        }
    }
}
