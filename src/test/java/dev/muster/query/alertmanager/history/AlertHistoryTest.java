package dev.muster.query.alertmanager.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.blocks.alertstore.AlertTable;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.TimeRange;
import dev.muster.query.alertmanager.dispatch.Claims;
import dev.muster.query.alertmanager.dispatch.Delivery;
import dev.muster.query.alertmanager.match.Matcher;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.NotificationKey;
import dev.muster.query.alertmanager.state.Silence;
import dev.muster.query.alertmanager.state.StateRecord;
import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.NotifiedAlert;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that see the same alerts, one table.
class AlertHistoryTest {
    private static final HistoryConfig CONFIG = new HistoryConfig(Duration.ofHours(2), 1 << 20);
    private static final Instant BEGIN = Instant.parse("2026-11-23T10:00:00Z");

    @TempDir Path directory;

    private final Bucket bucket = bucket();
    private final Map<Long, Alert> alerts = new HashMap<>();
    private final Map<String, AlertHistory> nodes = new HashMap<>();
    private Instant now = BEGIN.plusSeconds(60);

    private static Bucket bucket() {
        try {
            return Buckets.open(BucketConfig.of("memory:"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private AlertTable table() {
        return new AlertTable(bucket, directory);
    }

    private AlertHistory node(String name, Claims claims) throws IOException {
        HistoryMetrics metrics = new HistoryMetrics(new SimpleMeterRegistry());
        AlertHistory made =
                new AlertHistory(
                        HistoryLog.open(directory.resolve(name), CONFIG, metrics),
                        table(),
                        claims,
                        name,
                        record -> toOthers(name, record),
                        metrics,
                        () -> now);
        made.begin(print -> Optional.ofNullable(alerts.get(print)), () -> alerts.values());
        nodes.put(name, made);
        return made;
    }

    private void toOthers(String from, StateRecord record) {
        nodes.forEach((name, node) -> {
            if (!name.equals(from) && record instanceof StateRecord.OfRow(var row)) {
                node.row(row);
            }
        });
    }

    private Alert alert(String name, int startsAgo, int endsIn) {
        Alert alert =
                Alert.of(
                                Labels.of("alertname", name, "severity", "page"),
                                new TreeMap<>(Map.of("cause", "host_down")),
                                now.minusSeconds(startsAgo),
                                now.plusSeconds(endsIn),
                                now,
                                false,
                                "http://g")
                        .measured(3, 0.5);
        alerts.put(alert.fingerprint(), alert);
        return alert;
    }

    private List<Path> files(String node) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(node))) {
            return files.toList();
        }
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            nodes.values().forEach(AlertHistory::tick);
        }
    }

    private List<String> shipped() throws IOException {
        List<String> rows = new ArrayList<>();
        for (AlertRow row :
                table().read(
                                new TimeRange(
                                        BEGIN.toEpochMilli(), BEGIN.toEpochMilli() + 7_200_000))) {
            rows.add(
                    (row.atMs() - BEGIN.toEpochMilli()) / 1000
                            + " "
                            + switch (row) {
                                case AlertRow.Transition each ->
                                        each.labels().get("alertname") + " " + each.state();
                                case AlertRow.Notified each ->
                                        each.node() + " " + each.receiver() + " " + each.outcome();
                                case AlertRow.Silenced each ->
                                        each.silence() + " " + each.change() + " " + each.node();
                            });
        }
        return rows;
    }

    private void endOfWindow() {
        now = BEGIN.plus(Duration.ofHours(2)).plusSeconds(31);
        nodes.values().forEach(AlertHistory::ship);
    }

    @Test
    void whatSeveralNodesSeeIsInTheTableOnce() throws IOException {
        AlertHistory one = node("n1", Claims.ALL);
        AlertHistory other = node("n2", _ -> Claims.Claim.OTHERS);
        Alert early = alert("a", 5, 600);
        Alert late = alert("a", 4, 600);
        alerts.put(early.fingerprint(), early.merge(late, now));
        one.alerts(List.of(early));
        other.alerts(List.of(late));
        pass(5);
        one.alerts(List.of(late));
        alert("a", 10, 0);
        one.alerts(List.copyOf(alerts.values()));
        other.alerts(List.copyOf(alerts.values()));
        pass(5);
        endOfWindow();
        assertThat(shipped()).containsExactly("55 a FIRING", "65 a RESOLVED");

        now = now.plus(Duration.ofMinutes(3));
        nodes.values().forEach(AlertHistory::ship);
        assertThat(shipped()).hasSize(2);
        assertThat(files("n2")).isEmpty();
        AlertRow.Transition fired =
                (AlertRow.Transition) table().read(new TimeRange(0, now.toEpochMilli())).getFirst();
        assertThat(fired.value()).isEqualTo(3);
        assertThat(fired.share()).isEqualTo(0.5);
        assertThat(fired.reason()).isEqualTo("host_down");
    }

    @Test
    void oneThatDiesAfterItWasToldWritesItDownWhenItIsBack() throws IOException {
        AlertHistory one = node("n1", Claims.ALL);
        one.alerts(List.of(alert("a", 0, 600)));
        one.close();
        pass(3);
        node("n1", Claims.ALL);
        pass(3);
        endOfWindow();
        assertThat(shipped()).containsExactly("60 a FIRING");
    }

    @Test
    void whatFiresOnIsNotWrittenDownAgainAfterARestart() throws IOException {
        AlertHistory one = node("n1", Claims.ALL);
        one.alerts(List.of(alert("a", 0, 600)));
        pass(3);
        one.close();
        AlertHistory again = node("n1", Claims.ALL);
        again.alerts(List.of(alert("a", 3, 900)));
        pass(3);
        endOfWindow();
        again.alerts(List.copyOf(alerts.values()));
        pass(3);
        assertThat(shipped()).containsExactly("60 a FIRING");
        assertThat(bucket.list("v1/alerts/")).hasSize(1);
    }

    @Test
    void whatEndsByItselfHasItsEnd() throws IOException {
        AlertHistory one = node("n1", Claims.ALL);
        one.alerts(List.of(alert("a", 0, 20)));
        Silence silence =
                new Silence(
                        "s",
                        List.of(Matcher.equal("a", "b")),
                        now,
                        now.plusSeconds(10),
                        now,
                        "jo",
                        "ack: me",
                        new TreeMap<>());
        one.silence(silence, true);
        pass(60);
        one.silences(List.of(silence), now);
        endOfWindow();
        assertThat(shipped())
                .containsExactlyInAnyOrder(
                        "60 a FIRING", "80 a RESOLVED", "60 s CREATED n1", "70 s EXPIRED ");
    }

    @Test
    void whatOnlyOneNodeKnowsOutlivesIt() throws IOException {
        AlertHistory one = node("n1", Claims.ALL);
        node("n2", Claims.ALL);
        Alert alert = alert("a", 0, 600);
        NotifiedAlert notified =
                new NotifiedAlert(
                        alert.labels(),
                        alert.annotations(),
                        alert.startsAt(),
                        Optional.empty(),
                        "",
                        alert.fingerprint());
        one.ended(
                new Delivery(
                        new NotificationKey("{}:{}", "r", "webhook", 0),
                        new Notification(
                                "{}:{}",
                                Labels.EMPTY,
                                "r",
                                List.of(notified),
                                URI.create("http://m"),
                                false),
                        Delivery.Result.DELIVERED,
                        Optional.empty(),
                        1,
                        now,
                        now.plusSeconds(1),
                        ""));
        nodes.remove("n1");
        endOfWindow();
        assertThat(shipped()).containsExactly("61 n1 r DELIVERED");
    }

    @Test
    void aTornTailIsCutOff() throws IOException {
        AlertHistory one = node("n1", Claims.ALL);
        one.alerts(List.of(alert("a", 0, 600)));
        pass(2);
        one.alerts(List.of(alert("b", 0, 600)));
        pass(2);
        one.close();
        Path file = files("n1").getFirst();
        try (RandomAccessFile torn = new RandomAccessFile(file.toFile(), "rw")) {
            torn.setLength(torn.length() - 3);
        }
        alerts.clear();
        node("n1", Claims.ALL);
        endOfWindow();
        assertThat(shipped()).containsExactly("60 a FIRING");
    }
}
