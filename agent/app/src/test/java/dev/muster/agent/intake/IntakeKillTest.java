package dev.muster.agent.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed with SIGKILL while it takes pushes in.
class IntakeKillTest {
    private static final int SERIES = 3;

    /// The process: takes one batch after the other and says each time that it has.
    static final class Taker {
        private Taker() {}

        public static void main(String[] arguments) throws Exception {
            IntakeRig rig = new IntakeRig(Path.of(arguments[0]));
            for (int tick = 1; ; tick++) {
                PushBatch batch = PushBatch.byTarget();
                for (int i = 0; i < SERIES; i++) {
                    int series =
                            batch.series(
                                    Labels.of("__name__", "m" + i, "job", "j" + i),
                                    MetricMetadata.NONE);
                    batch.sample(series, IntakeRig.NOW_MS + tick, tick, 0);
                }
                rig.intake.accept(batch, new IntakeReceipt());
                System.out.println(tick);
            }
        }
    }

    @Test
    void losesNothingThatItAcknowledged(@TempDir Path directory) throws Exception {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Taker.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        int last = 0;
        try (BufferedReader said = process.inputReader()) {
            while (last < 500) {
                last = Integer.parseInt(said.readLine());
            }
            process.toHandle().destroyForcibly();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                last = line.matches("[0-9]+") ? Math.max(last, Integer.parseInt(line)) : last;
            }
        }
        try (IntakeRig rig = new IntakeRig(directory)) {
            List<List<Double>> all = List.copyOf(rig.samples().values());
            assertThat(all).hasSize(SERIES);
            for (List<Double> values : all) {
                assertThat(values.size()).isGreaterThanOrEqualTo(last);
                assertThat(values.get(last - 1)).isEqualTo(last);
            }
        }
    }
}
