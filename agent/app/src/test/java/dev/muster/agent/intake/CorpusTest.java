package dev.muster.agent.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.intake.influx.InfluxWrite;
import dev.muster.agent.intake.otlp.OtlpMetrics;
import dev.muster.agent.intake.otlp.OtlpPlan;
import dev.muster.agent.intake.remote.RemoteWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies that once were, or might be, trouble: each is answered, none with an error of the agent.
class CorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/dev/muster/agent/intake/corpus");
    private static final String PROTOBUF = "application/x-protobuf";

    static List<Path> bodies() throws IOException {
        try (Stream<Path> files = Files.walk(CORPUS)) {
            return files.filter(Files::isRegularFile)
                    .map(CORPUS::relativize)
                    // these have no answer: their fuzz tests read them
                    .filter(body -> !body.startsWith("statsd") && !body.startsWith("mqtt"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void isAnswered(Path body, @TempDir Path directory) throws Exception {
        try (IntakeRig rig = new IntakeRig(directory)) {
            RemoteWrite write = new RemoteWrite(rig.intake);
            OtlpMetrics otlp = new OtlpMetrics(rig.intake, OtlpPlan.DEFAULT);
            Map<String, PushHandler> handlers =
                    Map.of(
                            "remote-write-1", write,
                            "remote-write-2", write,
                            "otlp", otlp,
                            "otlp-json", otlp,
                            "influx",
                                    new InfluxWrite(
                                            rig.intake,
                                            () -> Instant.ofEpochMilli(IntakeRig.NOW_MS)));
            Map<String, String> types =
                    Map.of(
                            "remote-write-2", PROTOBUF + ";proto=io.prometheus.write.v2.Request",
                            "otlp-json", "application/json",
                            "influx", "text/plain");
            String kind = body.getName(0).toString();
            byte[] bytes = Files.readAllBytes(CORPUS.resolve(body));
            int status;
            try {
                status =
                        Objects.requireNonNull(handlers.get(kind))
                                .handle(
                                        IntakeRig.request(
                                                bytes,
                                                "Content-Type",
                                                types.getOrDefault(kind, PROTOBUF)))
                                .status();
            } catch (PushRefusedException e) {
                status = e.status();
            }
            assertThat(status).isIn(200, 204, 400);
        }
    }
}
