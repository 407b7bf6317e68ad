package dev.muster.agent.intake.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.intake.ByteMutator;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.IntakeRig;
import dev.muster.agent.intake.PushBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a device sends is read or not, and nothing else. More rounds with
/// `-Dmuster.fuzz.rounds=N`, the same ones with `-Dseed=N`. A file of the corpus is a topic, a line
/// feed and the message.
class MessageReaderFuzzTest {
    private static final int ROUNDS = Integer.getInteger("muster.fuzz.rounds", 20_000);

    private final MessageReader reader =
            new MessageReader(
                    List.of(
                            new TopicTemplate("plant/{line}/{__name__}"),
                            new TopicTemplate("home/#")),
                    () -> Instant.ofEpochMilli(IntakeRig.NOW_MS));

    private boolean read(byte[] file, PushBatch batch) {
        int end = 0;
        while (end < file.length && file[end] != '\n') {
            end++;
        }
        String topic = new String(file, 0, end, StandardCharsets.UTF_8);
        return reader.read(
                topic,
                Arrays.copyOfRange(file, Math.min(end + 1, file.length), file.length),
                batch);
    }

    @Test
    void readsTheCorpus(@TempDir Path directory) throws Exception {
        try (IntakeRig rig = new IntakeRig(directory)) {
            PushBatch batch = PushBatch.byTarget();
            int readable = 0;
            for (byte[] file : ByteMutator.corpus("mqtt")) {
                readable += read(file, batch) ? 1 : 0;
            }
            assertThat(readable).isEqualTo(8);
            rig.intake.accept(batch, new IntakeReceipt());
            assertThat(rig.samples())
                    .containsKeys(
                            "temp{host=\"h1\", job=\"mqtt\", line=\"l1\"}",
                            "air_in_t{host=\"h1\", job=\"mqtt\", line=\"l1\"}",
                            "mqtt_f255{host=\"h1\", job=\"mqtt\", topic=\"home/a/b\"}")
                    .doesNotContainKey("mqtt_f256{host=\"h1\", job=\"mqtt\", topic=\"home/a/b\"}");
        }
    }

    @Test
    void survivesAnyBytes() throws IOException {
        long seed = Long.getLong("seed", 20_261);
        ByteMutator mutator =
                new ByteMutator(
                        "mqtt",
                        seed,
                        "{",
                        "}",
                        "\"",
                        ":",
                        ",",
                        "[",
                        "]",
                        "1e999",
                        "-",
                        "null",
                        "\"time\":",
                        "\"ts\":",
                        "+999999999-01-01T00:00:00Z",
                        "/",
                        "\n",
                        "\\u",
                        "\0",
                        "NaN");
        PushBatch batch = PushBatch.byTarget();
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] file = mutator.next();
            try {
                read += read(file, batch) ? 1 : 0;
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed=%d round=%d: %s".formatted(seed, round, Arrays.toString(file)), e);
            }
            batch.clear();
        }
        assertThat(read).isBetween(ROUNDS / 20, ROUNDS);
    }
}
