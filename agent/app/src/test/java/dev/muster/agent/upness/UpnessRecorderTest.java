package dev.muster.agent.upness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.read.UpnessFileReader;
import dev.muster.blocks.schema.UpnessBlockId;
import dev.muster.blocks.upness.UpnessHistory;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessSpan;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Transition;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpnessRecorderTest {
    private static final UpnessTarget A = UpnessTarget.ofHost("c1", "a");
    private static final UpnessTarget B = UpnessTarget.ofHost("c1", "b");
    private static final UpnessTarget B_WEB = new UpnessTarget("c1", "b", "web", "b:80");
    private static final UpnessTarget A_WEB = new UpnessTarget("c1", "a", "web", "a:80");

    @TempDir Path directory;

    private final InstantSource clock = () -> Instant.ofEpochMilli(this.nowMs);
    private long nowMs;
    private long incarnation = 1;
    private Upness upnessOfB = new Upness.Up(0);
    private ServiceState webOfB = ServiceState.own("web", "b:80", true, "", 0);
    private ServiceState webOfA = ServiceState.own("web", "a:80", true, "", 0);
    private boolean bIsThere = true;

    @BeforeEach
    void now() {
        // files have times of the real clock
        nowMs = System.currentTimeMillis() / 1000 * 1000;
        upnessOfB = new Upness.Up(nowMs);
        webOfB = ServiceState.own("web", "b:80", true, "", nowMs);
        webOfA = ServiceState.own("web", "a:80", true, "", nowMs);
    }

    private UpnessRecorder recorder(MemorySource series) throws IOException {
        return new UpnessRecorder(
                new UpnessPlan("a", directory, 4 << 20, Duration.ofHours(48), Optional.empty()),
                this::view,
                series,
                clock);
    }

    private UpnessRecorder recorder() throws IOException {
        return recorder(new MemorySource());
    }

    private CellView view() {
        List<Member> members = new ArrayList<>();
        members.add(
                new Member("a", "", incarnation, new Upness.Up(nowMs), List.of(webOfA), 0, 0, 1));
        if (bIsThere) {
            members.add(new Member("b", "", 1, upnessOfB, List.of(webOfB), 0, 0, 1));
        }
        return new CellView("c1", "a", 1, members, false, incarnation, true, nowMs);
    }

    private void seconds(UpnessRecorder recorder, int seconds) throws IOException {
        for (int i = 0; i < seconds; i++) {
            nowMs += 1000;
            recorder.step();
        }
    }

    private List<String> spans(Collection<UpnessRun> runs, UpnessTarget target, long startMs) {
        List<UpnessSpan> spans =
                UpnessHistory.of(runs, new TimeRange(startMs, nowMs + 1))
                        .getOrDefault(target, List.of());
        return spans.stream()
                .map(s ->
                        "%s(%s%s) %d-%d"
                                .formatted(
                                        s.state().label(),
                                        s.provenance().label(),
                                        s.cause().isEmpty() ? "" : " " + s.cause(),
                                        (s.fromMs() - startMs) / 1000,
                                        (s.untilMs() - startMs) / 1000))
                .toList();
    }

    private Collection<UpnessRun> all(UpnessRecorder recorder, long startMs) throws IOException {
        return recorder.read(new TimeRange(startMs, nowMs + 1), _ -> true);
    }

    @Test
    void logsTransitionsWithTheirWitnessesAndBackdating() throws IOException {
        long startMs = nowMs;
        UpnessRecorder recorder = recorder();
        seconds(recorder, 20);
        upnessOfB = new Upness.Down(startMs + 15_000, Cause.HOST_DOWN);
        webOfB = webOfB.as(Health.DOWN, Provenance.HOST, "host down", startMs + 15_000);
        for (String job : List.of("", "web")) {
            recorder.take(
                    new Transition(
                            "c1",
                            "b",
                            job,
                            job.isEmpty() ? "" : "b:80",
                            startMs + 15_000,
                            startMs + 20_000,
                            "up",
                            "down",
                            Cause.HOST_DOWN,
                            Provenance.HOST,
                            List.of("a", "c"),
                            0));
        }
        seconds(recorder, 10);

        var runs = all(recorder, startMs);
        assertThat(spans(runs, B, startMs))
                .containsExactly("up(own) 1-15", "down(host host_down) 15-30");
        assertThat(spans(runs, B_WEB, startMs))
                .containsExactly("up(own) 1-15", "down(host host_down) 15-30");
        assertThat(runs)
                .anyMatch(r ->
                        r.entries().stream()
                                .anyMatch(e -> e.witnesses().equals(List.of("a", "c"))));
        assertThat(runs.iterator().next().entries()).hasSize(6);
    }

    @Test
    void whatNoTransitionToldIsTakenFromTheView() throws IOException {
        long startMs = nowMs;
        UpnessRecorder recorder = recorder();
        seconds(recorder, 10);
        webOfB = ServiceState.own("web", "b:80", false, "connection refused", nowMs - 500);
        seconds(recorder, 5);
        bIsThere = false;
        seconds(recorder, 5);

        var runs = all(recorder, startMs);
        assertThat(spans(runs, B_WEB, startMs))
                .containsExactly("up(own) 1-9", "down(own service_down) 9-16");
        assertThat(spans(runs, B, startMs)).containsExactly("up(own) 1-16");
        assertThat(runs.iterator().next().entries())
                .anyMatch(e -> e.reason().equals("connection refused"));
    }

    @Test
    void afterAKillNothingIsKnownOfTheTimeBetween() throws IOException {
        long startMs = nowMs;
        UpnessRecorder killed = recorder();
        seconds(killed, 30);
        nowMs += 20_000;
        incarnation = 2;
        webOfA = ServiceState.own("web", "a:80", true, "", nowMs + 1000);
        UpnessRecorder recorder = recorder();
        seconds(recorder, 10);

        var runs = all(recorder, startMs);
        assertThat(spans(runs, A_WEB, startMs))
                .containsExactly("up(own) 1-30", "unknown(none not_logged) 30-51", "up(own) 51-60");
        assertThat(spans(runs, B, startMs))
                .containsExactly("up(own) 1-26", "unknown(none not_logged) 26-51", "up(own) 51-60");
    }

    @Test
    void aServiceWhoseProcessLivedThroughTheGapWasUp() throws IOException {
        long startMs = nowMs;
        UpnessRecorder killed = recorder();
        seconds(killed, 30);
        nowMs += 20_000;
        incarnation = 2;
        long backMs = nowMs + 1000;
        webOfA = ServiceState.own("web", "a:80", true, "", backMs);
        var labels =
                Labels.of(
                        Map.of(
                                "__name__",
                                "process_start_time_seconds",
                                "job",
                                "web",
                                "instance",
                                "a:80"));
        UpnessRecorder recorder = recorder(processes(labels, backMs, startMs / 1000.0 - 50));
        seconds(recorder, 10);

        assertThat(spans(all(recorder, startMs), A_WEB, startMs))
                .containsExactly("up(own) 1-30", "up(inferred) 30-51", "up(own) 51-60");
    }

    private static MemorySource processes(Labels labels, long atMs, double startSeconds) {
        var source = new MemorySource();
        source.add(labels, atMs, startSeconds);
        return source;
    }

    @Test
    void aProcessThatStoodStillKnowsNothingOfThatTime() throws IOException {
        long startMs = nowMs;
        UpnessRecorder recorder = recorder();
        seconds(recorder, 10);
        nowMs += 15_000;
        seconds(recorder, 5);

        assertThat(spans(all(recorder, startMs), A_WEB, startMs))
                .containsExactly("up(own) 1-10", "unknown(none not_logged) 10-26", "up(own) 26-30");
    }

    @Test
    void aTornTailIsCutAndTheLogGoesOn() throws IOException {
        long startMs = nowMs;
        seconds(recorder(), 10);
        Path segment = segments().getFirst();
        try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.setLength(file.length() - 3);
        }
        nowMs += 5000;
        UpnessRecorder recorder = recorder();
        seconds(recorder, 5);

        assertThat(segments()).hasSize(2);
        assertThat(spans(all(recorder, startMs), A, startMs)).isNotEmpty();
    }

    private List<Path> segments() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.upness")) {
            files.forEach(found::add);
        }
        found.sort(null);
        return found;
    }

    @Test
    void shipsAWindowOnceReadableAloneAndJoinedWithTheNext() throws IOException {
        long startMs = nowMs / 60_000 * 60_000 + 60_000;
        nowMs = startMs - 5000;
        webOfA = ServiceState.own("web", "a:80", true, "", nowMs);
        UpnessRecorder recorder = recorder();
        seconds(recorder, 35);
        webOfA = ServiceState.own("web", "a:80", false, "refused", nowMs);
        seconds(recorder, 100);
        Bucket bucket = Buckets.open(BucketConfig.of("file://" + directory.resolve("store")));
        UpnessShipper shipper = recorder.shipper(bucket);
        var first = new TimeRange(startMs, startMs + 60_000);
        var second = new TimeRange(startMs + 60_000, startMs + 120_000);
        shipper.ship(first);
        shipper.ship(first);
        shipper.ship(second);

        String key = new UpnessBlockId("c1", "a", first, 0).key();
        assertThat(bucket.list("v1/upness/")).hasSize(2);
        List<UpnessRun> runs = new ArrayList<>(read(bucket, key));
        assertThat(spans(runs, A_WEB, startMs))
                .startsWith("up(own) 0-30", "down(own service_down) 30-60");
        runs.addAll(read(bucket, new UpnessBlockId("c1", "a", second, 0).key()));
        assertThat(spans(runs, A_WEB, startMs))
                .startsWith("up(own) 0-30", "down(own service_down) 30-120");
    }

    private static List<UpnessRun> read(Bucket bucket, String key) throws IOException {
        int size = Math.toIntExact(bucket.stat(key).orElseThrow().sizeBytes());
        return UpnessFileReader.read(bucket.range(key, 0, size));
    }

    @Test
    void whatIsConcludedOfAShippedWindowIsAFileOfItsOwn() throws IOException {
        long startMs = nowMs / 60_000 * 60_000 + 60_000;
        nowMs = startMs - 1000;
        webOfA = ServiceState.own("web", "a:80", true, "", nowMs);
        seconds(recorder(), 31);
        nowMs += 60_000;
        incarnation = 2;
        long backMs = nowMs + 1000;
        webOfA = ServiceState.own("web", "a:80", true, "", backMs);
        var labels =
                Labels.of(
                        Map.of(
                                "__name__",
                                "process_start_time_seconds",
                                "job",
                                "web",
                                "instance",
                                "a:80"));
        UpnessRecorder recorder = recorder(processes(labels, backMs, 1000));
        seconds(recorder, 60);
        Bucket bucket = Buckets.open(BucketConfig.of("file://" + directory.resolve("store")));
        var second = new TimeRange(startMs + 60_000, startMs + 120_000);
        recorder.shipper(bucket).ship(second);

        var first = new TimeRange(startMs, startMs + 60_000);
        List<UpnessRun> late =
                read(bucket, new UpnessBlockId("c1", "a", first, second.endMs()).key());
        assertThat(late).hasSize(1);
        assertThat(late.getFirst().entries())
                .hasSize(1)
                .allMatch(e -> e.atMs() == startMs + 30_000 && e.untilMs() == startMs + 60_000);
    }
}
