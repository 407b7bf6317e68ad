package dev.muster.agent.runs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRequest;
import dev.muster.agent.exposition.EncodedFamily;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.ExpositionParser;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.ManualTimers;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.Staleness;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.QueryValue;
import dev.muster.promql.VectorValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
    private static final long START_MS = 1_800_000_000_000L;

    @TempDir Path directory;

    private final ManualTimers time = new ManualTimers(START_MS);

    private RunStore open() throws IOException {
        return open(0);
    }

    private RunStore open(long hostStartMs) throws IOException {
        return new RunStore(directory, time, time::nanoTime, hostStartMs);
    }

    private PushAnswer call(RunStore store, String method, String call, String body)
            throws PushRefusedException {
        int query = call.indexOf('?');
        Map<String, List<String>> parameters = new HashMap<>();
        if (query >= 0) {
            for (String pair : call.substring(query + 1).split("&", -1)) {
                String[] parts = pair.split("=", 2);
                parameters.put(parts[0], List.of(parts[1]));
            }
        }
        byte[] bytes = body.getBytes(UTF_8);
        return new RunCalls(store, "here", time)
                .call(
                        new PushRequest(
                                method,
                                "/api/v1/runs/" + (query < 0 ? call : call.substring(0, query)),
                                parameters,
                                Map.of(),
                                false,
                                bytes,
                                bytes.length));
    }

    private static Map<String, String> series(RunStore store) {
        ExpositionWriter out = new ExpositionWriter();
        RunSeries.write(store.jobs(), out);
        Map<String, String> series = new HashMap<>();
        new String(out.bytes(), 0, out.size(), UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> {
                    int blank = line.lastIndexOf(' ');
                    series.put(
                            line.substring(0, blank).replace("{instance=\"here\",job=\"j\"}", ""),
                            line.substring(blank + 1));
                });
        return series;
    }

    private static List<String> told(RunStore store) throws Exception {
        List<EncodedFamily> families = store.nextMetrics();
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        List<String> samples = new ArrayList<>();
        for (EncodedFamily family : families) {
            byte[] bytes = new byte[family.sizeBytes()];
            family.copyTo(bytes, 0);
            parser.reset(ExpositionFormat.PROMETHEUS_PROTOBUF, bytes, bytes.length);
            while (parser.next()) {
                samples.add(parser.labels() + " " + parser.value() + " " + parser.startMs());
            }
        }
        return samples;
    }

    @Test
    void tellsOfARunFromStartToEnd() throws Exception {
        try (RunStore store = open()) {
            call(store, "POST", "j/start?id=1", "");
            assertThat(series(store))
                    .containsEntry("job_running", "1")
                    .containsEntry("job_up", "1")
                    .containsEntry("job_last_start_timestamp_seconds", "1.8e+09")
                    .doesNotContainKeys("job_overdue", "job_last_exit_code");
            time.advance(3_000);
            call(store, "POST", "j/finish?id=1&exit=0", "# TYPE rows counter\nrows 5\nsize 7\n");
            assertThat(series(store))
                    .containsEntry("job_running", "0")
                    .containsEntry("job_duration_seconds", "3")
                    .containsEntry("job_last_exit_code", "0")
                    .containsEntry("job_last_success_timestamp_seconds", "1.800000003e+09");
            assertThat(told(store))
                    .containsExactly(
                            "rows{instance=\"here\", job=\"j\"} 5.0 " + START_MS,
                            "size{instance=\"here\", job=\"j\"} 7.0 0");
            assertThat(told(store)).isEmpty();
            call(store, "POST", "j/finish?id=2&exit=3", "");
            assertThat(series(store))
                    .containsEntry("job_up", "0")
                    .containsEntry("job_last_exit_code", "3")
                    .containsEntry(
                            "job_runs_total{instance=\"here\",job=\"j\",result=\"failure\"}", "1")
                    .containsEntry(
                            "job_runs_total{instance=\"here\",job=\"j\",result=\"success\"}", "1");
        }
    }

    @Test
    void runsThatEndInOneSecondAreToldOneAfterTheOther() throws Exception {
        try (RunStore store = open()) {
            for (int i = 1; i <= 3; i++) {
                call(store, "POST", "j/start?id=" + i, "");
                call(store, "POST", "j/finish?id=" + i, "# TYPE rows counter\nrows " + i + "\n");
            }
            assertThat(told(store)).as("a tick may lie before its start").isEmpty();
            time.advance(2_000);
            assertThat(told(store)).singleElement().asString().contains(" 1.0 ");
            assertThat(told(store)).singleElement().asString().contains(" 2.0 ");
            assertThat(told(store)).singleElement().asString().contains(" 3.0 ");
        }
    }

    @Test
    void theIncreaseOfARunIsWhatItCounted() throws Exception {
        MemorySource source = new MemorySource();
        try (RunStore store = open()) {
            for (int i = 1; i <= 3; i++) {
                call(store, "POST", "j/start?id=" + i, "");
                time.advance(3_000);
                call(
                        store,
                        "POST",
                        "j/finish?id=" + i,
                        "# TYPE r_total counter\nr_total " + i + "\n");
                time.advance(700);
                long tickMs = time.millis() / 1_000 * 1_000;
                for (String sample : told(store)) {
                    String[] parts = sample.substring(sample.indexOf("} ") + 2).split(" ", -1);
                    Labels labels = Labels.of(Labels.METRIC, "r_total");
                    source.add(labels, tickMs, Double.parseDouble(parts[0]));
                    source.start(labels, tickMs, Long.parseLong(parts[1]));
                    source.add(labels, tickMs + 1_000, Staleness.STALE);
                }
                time.advance(900_000);
            }
        }
        assertThat(query(source, "increase(r_total[10m])", START_MS + 300_000)).isEqualTo(1);
        assertThat(query(source, "increase(r_total[10m])", START_MS + 1_000_000)).isEqualTo(2);
        assertThat(query(source, "rate(r_total[1h]) * 3600", START_MS + 600_000)).isEqualTo(1);
        assertThat(query(source, "sum_over_time(r_total[1h])", START_MS + 2_000_000)).isEqualTo(6);
    }

    private static double query(MemorySource source, String query, long timeMs) throws Exception {
        PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);
        QueryValue value = engine.instant(source, query, timeMs, QueryOptions.DEFAULT).value();
        return ((VectorValue) value).value(0);
    }

    @Test
    void nothingAcknowledgedIsLostAndNothingIsCountedTwice() throws Exception {
        RunStore store = open();
        call(store, "PUT", "j?schedule=30 2 * * *&zone=Europe/Zurich&grace=5m", "");
        call(store, "POST", "j/start?id=1", "");
        time.advance(2_000);
        call(store, "POST", "j/finish?id=1", "# TYPE rows counter\nrows 5\n");
        call(store, "POST", "j/finish?id=1", "# TYPE rows counter\nrows 5\n");
        call(store, "POST", "j/start?id=2", "");
        assertThat(told(store)).hasSize(1);
        List<JobView> before = store.jobs();
        // not closed: as if the process was killed
        RunStore again = open();
        assertThat(again.jobs()).isEqualTo(before);
        assertThat(told(again)).as("not known to be stored").hasSize(1);
        assertThat(told(again)).isEmpty();
        try (RunStore third = open()) {
            assertThat(told(third)).isEmpty();
            call(third, "POST", "j/start?id=1", "");
            assertThat(third.jobs().getFirst().running()).containsOnlyKeys("2");
            call(third, "DELETE", "j", "");
        }
        try (RunStore last = open()) {
            assertThat(last.jobs()).isEmpty();
        }
    }

    /// The agent was told of a job due each hour, and is down when it is due.
    private void downWhileDue(String plan, long forMs) throws Exception {
        try (RunStore store = open()) {
            call(store, "PUT", "j?schedule=@every 1h&grace=5m" + plan, "");
            store.look();
        }
        time.advance(forMs);
    }

    @Test
    void dueDatesSurviveTheHost() throws Exception {
        downWhileDue("", 3_600_000 + 299_000);
        try (RunStore store = open(START_MS + 3_601_000)) {
            store.look();
            assertThat(series(store))
                    .containsEntry("job_overdue", "0")
                    .containsEntry("job_up", "1");
            time.advance(2_000);
            store.look();
            assertThat(series(store))
                    .containsEntry("job_overdue", "1")
                    .containsEntry("job_overdue_total", "1")
                    .containsEntry("job_up", "0");
        }
        try (RunStore store = open()) {
            store.look();
            assertThat(series(store))
                    .as("was overdue before")
                    .containsEntry("job_overdue", "1")
                    .containsEntry("job_overdue_total", "1");
            // a start that was kept while the agent was away
            call(store, "POST", "j/finish?id=1&started=" + (START_MS + 3_600_500), "");
            store.look();
            assertThat(series(store))
                    .containsEntry("job_overdue", "0")
                    .containsEntry("job_up", "1");
            assertThat(store.unheard()).isZero();
        }
    }

    @Test
    void whatFellDueWhileItsHostWasUpIsNotOverdueOnReturn() throws Exception {
        downWhileDue("", 2 * 3_600_000);
        try (RunStore store = open(START_MS - 86_400_000)) {
            store.look();
            assertThat(series(store))
                    .containsEntry("job_overdue", "0")
                    .containsEntry("job_overdue_total", "0")
                    .containsEntry("job_next_due_timestamp_seconds", "1.8000108e+09");
            assertThat(store.unheard()).isOne();
        }
        time.advance(1_000);
        try (RunStore store = open(START_MS - 86_400_000)) {
            store.look();
            assertThat(store.unheard()).as("known from before").isZero();
            time.advance(3_600_000);
            store.look();
            time.advance(301_000);
            store.look();
            assertThat(series(store)).as("the next one counts").containsEntry("job_overdue", "1");
        }
    }

    @Test
    void whatFellDueWhileItWasHeardIsOverdueAfterARestart() throws Exception {
        try (RunStore store = open()) {
            call(store, "PUT", "j?schedule=@every 1h&grace=5m", "");
            store.look();
            time.advance(3_601_000);
            store.look();
            time.advance(59_000);
            store.look();
        }
        time.advance(10_000);
        try (RunStore store = open()) {
            store.look();
            assertThat(series(store)).containsEntry("job_overdue", "0");
            time.advance(231_000);
            store.look();
            assertThat(series(store)).containsEntry("job_overdue", "1");
        }
    }

    @Test
    void aRunWhoseEndMayBeUnheardTakesNotTooLong() throws Exception {
        try (RunStore store = open()) {
            call(store, "POST", "j/start?id=1&expected=10m&grace=1m", "");
            store.look();
        }
        time.advance(12 * 60_000);
        try (RunStore store = open(START_MS - 1)) {
            store.look();
            assertThat(series(store)).containsEntry("job_overdue", "0");
            assertThat(store.unheard()).isOne();
        }
        try (RunStore store = open(START_MS + 60_000)) {
            store.look();
            assertThat(series(store)).as("it died with the host").containsEntry("job_overdue", "1");
        }
    }

    @Test
    void readsWhenTheHostWasStarted() throws Exception {
        Path stat = Files.writeString(directory.resolve("stat"), "cpu 1 2\nbtime 1800000000\n");
        assertThat(HostStart.readMs(stat)).isEqualTo(START_MS);
        assertThat(HostStart.readMs(directory.resolve("absent"))).isZero();
        assertThat(HostStart.readMs(Files.writeString(stat, "btime x\n"))).isZero();
    }

    @Test
    void aRunThatTakesTooLongIsOverdue() throws Exception {
        try (RunStore store = open()) {
            call(store, "POST", "j/start?id=1&expected=10m&grace=1m", "");
            time.advance(11 * 60_000);
            store.look();
            assertThat(series(store)).containsEntry("job_overdue", "0");
            time.stepWall(-3_600_000);
            time.advance(1);
            store.look();
            assertThat(series(store)).containsEntry("job_overdue", "1");
            call(store, "POST", "j/finish?id=1", "");
            store.look();
            assertThat(series(store)).containsEntry("job_overdue", "0");
        }
    }

    @Test
    void refusesWhatCannotBe() throws Exception {
        try (RunStore store = open()) {
            for (String wrong :
                    List.of(
                            "j/begin",
                            "/start",
                            "%zz/start",
                            "%ff/start",
                            "j/start?schedule=never",
                            "j/start?schedule=@daily&zone=Mars",
                            "j/start?schedule=@daily&grace=soon",
                            "j/start?started=12",
                            "j/start?started=" + (START_MS + 600_000),
                            "j/finish?exit=bad")) {
                assertThatThrownBy(() -> call(store, "POST", wrong, ""))
                        .as(wrong)
                        .isInstanceOf(PushRefusedException.class);
            }
            assertThatThrownBy(() -> call(store, "POST", "j/finish?id=1", "rows 1 5\n"))
                    .hasMessageContaining("no timestamps");
            assertThatThrownBy(() -> call(store, "DELETE", "j", ""))
                    .hasMessage("job must be known: found=j");
            assertThat(store.jobs()).isEmpty();
        }
    }
}
