package dev.muster.query.alertmanager.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.match.MatcherException;
import dev.muster.query.alertmanager.match.MatcherText;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.NotificationEntry;
import dev.muster.query.alertmanager.state.NotificationKey;
import dev.muster.query.alertmanager.state.Silence;
import dev.muster.query.alertmanager.state.StateCodec;
import dev.muster.query.alertmanager.state.StateRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123456789Z");

    @TempDir private Path directory;

    private static List<StateRecord> records() throws MatcherException {
        return List.of(
                new StateRecord.OfAlert(
                        Alert.of(
                                Labels.of("alertname", "a", "über", "ä"),
                                new TreeMap<>(Map.of("summary", "x")),
                                NOW,
                                NOW.plusSeconds(60),
                                NOW,
                                true,
                                "http://g")),
                new StateRecord.OfSilence(
                        new Silence(
                                "id",
                                MatcherText.parse("{a=~\"b|c\",d!=\"\"}"),
                                NOW,
                                NOW.plusSeconds(5),
                                NOW,
                                "me",
                                "why",
                                new TreeMap<>(Map.of("ticket", "1")))),
                new StateRecord.OfNotification(
                        new NotificationKey("{}:{}", "r", "webhook", 1),
                        new NotificationEntry(
                                NOW, NOW.plusSeconds(9), Set.of(1L, -2L), Set.of(3L))));
    }

    private Journal open() throws IOException {
        return Journal.open(directory, new JournalMetrics(new SimpleMeterRegistry()));
    }

    @Test
    void findsWhatWasLearned() throws Exception {
        try (Journal journal = open()) {
            journal.learned(records(), false);
        }
        try (Journal journal = open()) {
            assertThat(journal.takeFound()).isEqualTo(records());
            journal.learned(records().subList(0, 1), true);
        }
        try (Journal journal = open()) {
            assertThat(journal.takeFound()).hasSize(4);
        }
    }

    @Test
    void cutsOffATailTornAnywhere() throws Exception {
        try (Journal journal = open()) {
            journal.learned(records(), false);
        }
        Path file = directory.resolve("alerts.log");
        byte[] whole = Files.readAllBytes(file);
        int last = StateCodec.framed(records().getLast()).length;
        for (int length = whole.length - last + 1; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            try (Journal journal = open()) {
                assertThat(journal.takeFound()).isEqualTo(records().subList(0, 2));
                assertThat(Files.size(directory.resolve("alerts.log.damaged"))).isEqualTo(length);
                journal.learned(records().subList(2, 3), false);
            }
            assertThat(file).hasBinaryContent(whole);
        }
    }

    @Test
    void doesNotTrustARecordWhoseBitsHaveChanged() throws Exception {
        try (Journal journal = open()) {
            journal.learned(records(), false);
        }
        Path file = directory.resolve("alerts.log");
        byte[] whole = Files.readAllBytes(file);
        int last = StateCodec.framed(records().getLast()).length;
        for (int i = whole.length - last; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 0x10;
            Files.write(file, flipped);
            try (Journal journal = open()) {
                assertThat(journal.takeFound()).isEqualTo(records().subList(0, 2));
            }
        }
    }

    @Test
    void refusesAFileThatIsNone() throws IOException {
        Files.writeString(directory.resolve("alerts.log"), "something else altogether");
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must be of version 1 of alert state");
    }
}
