package dev.muster.agent.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.exposition.EncodedBody;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.exposition.FamilyEncoder;
import dev.muster.agent.scrape.ManualTimers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushStoreTest {
    private static final PushLimits LIMITS = new PushLimits(20, 1 << 20, 0);

    @TempDir Path directory;

    private final ManualTimers time = new ManualTimers(1_800_000_000_000L);

    private PushStore open() throws IOException {
        return new PushStore(directory, LIMITS, time);
    }

    private static EncodedBody body(String path, String text) throws PushException {
        byte[] bytes = text.getBytes(UTF_8);
        try {
            return FamilyEncoder.encode(
                    ExpositionFormat.PROMETHEUS_TEXT,
                    bytes,
                    bytes.length,
                    GroupPath.parse(path).labels(),
                    LIMITS.groupBytes());
        } catch (ExpositionException e) {
            throw new PushException(PushFault.SYNTAX, String.valueOf(e.getMessage()));
        }
    }

    private static void put(PushStore store, String path, String text) throws PushException {
        store.push(GroupPath.parse(path), true, body(path, text), OptionalLong.empty());
    }

    private static void post(PushStore store, String path, String text) throws PushException {
        store.push(GroupPath.parse(path), false, body(path, text), OptionalLong.empty());
    }

    private static String text(PushStore store) {
        ExpositionWriter out = new ExpositionWriter();
        new GroupReader().write(store.groups(), out);
        return new String(out.bytes(), 0, out.size(), UTF_8);
    }

    private static List<String> samples(PushStore store) {
        return text(store).lines().filter(line -> !line.startsWith("#")).toList();
    }

    @Test
    void holdsWhatWasPushedWithTheLabelsOfTheGroup() throws Exception {
        try (PushStore store = open()) {
            put(
                    store,
                    "/metrics/job/backup/instance/db-1",
                    """
                    # HELP size_bytes Size.
                    # TYPE size_bytes gauge
                    size_bytes{disk="a",job="other"} 5
                    # TYPE took histogram
                    took_bucket{le="1"} 2
                    took_bucket{le="+Inf"} 3
                    took_sum 4.5
                    took_count 3
                    """);
            assertThat(text(store))
                    .isEqualTo(
                            """
                            # HELP push_failure_time_seconds When a push to the group was last \
                            refused, Unix time; 0 if none was.
                            # TYPE push_failure_time_seconds gauge
                            push_failure_time_seconds{instance="db-1",job="backup"} 0
                            # HELP push_time_seconds When the group was last pushed with success, \
                            Unix time.
                            # TYPE push_time_seconds gauge
                            push_time_seconds{instance="db-1",job="backup"} 1.8e+09
                            # HELP size_bytes Size.
                            # TYPE size_bytes gauge
                            size_bytes{disk="a",instance="db-1",job="backup"} 5
                            # TYPE took histogram
                            took_count{instance="db-1",job="backup"} 3
                            took_sum{instance="db-1",job="backup"} 4.5
                            took_bucket{instance="db-1",job="backup",le="1.0"} 2
                            took_bucket{instance="db-1",job="backup",le="+Inf"} 3
                            """);
        }
    }

    @Test
    void aPutReplacesTheGroupAndAPostFamiliesOfIt() throws Exception {
        try (PushStore store = open()) {
            put(store, "/metrics/job/j", "a{x=\"1\"} 1\na{x=\"2\"} 2\nb 3\n");
            post(store, "/metrics/job/j", "a{x=\"3\"} 4\n");
            assertThat(samples(store))
                    .contains(
                            "a{instance=\"\",job=\"j\",x=\"3\"} 4", "b{instance=\"\",job=\"j\"} 3")
                    .noneMatch(line -> line.contains("x=\"1\""));
            put(store, "/metrics/job/j", "c 5\n");
            assertThat(samples(store)).hasSize(3).contains("c{instance=\"\",job=\"j\"} 5");
            store.delete(GroupPath.parse("/metrics/job/j"));
            assertThat(store.groups()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a 1 123                                    | pushed metrics must not have timestamps
                    a 1~a 2                                    | with the same name and label values: found=a{job="j"}
                    a{job="x"} 1~a{job="y"} 2                  | with the same name and label values
                    # TYPE known counter~known 2               | must have one type in all groups: name=known, type=counter, elsewhere=gauge
                    # TYPE known gauge~known{other="1"} 2      | the same labels are in group=/metrics/job/j/other/1
                    known_h_count 2                            | collides with the histogram or summary=known_h
                    # TYPE h summary~h_sum 1~h_count 2~# TYPE h_count gauge~h_count{a="b"} 1 | body must
                    """)
    void refusesContradictions(String text, String message) throws Exception {
        try (PushStore store = open()) {
            put(
                    store,
                    "/metrics/job/j/other/1",
                    "# TYPE known gauge\nknown 1\n# TYPE known_h histogram\nknown_h_sum 1\n");
            List<String> before = samples(store);
            String body = text.replace('~', '\n') + "\n";
            if (message.equals("body must")) {
                // the parser itself takes the first for a part of the summary
                assertThatThrownBy(() -> put(store, "/metrics/job/j", body))
                        .isInstanceOf(PushException.class);
                return;
            }
            assertThatThrownBy(() -> put(store, "/metrics/job/j", body))
                    .isInstanceOf(PushException.class)
                    .hasMessageContaining(message);
            assertThat(samples(store)).containsAll(before);
            assertThat(samples(store))
                    .contains(
                            "push_failure_time_seconds{instance=\"\",job=\"j\"} 1.8e+09",
                            "push_time_seconds{instance=\"\",job=\"j\"} 0");
            assertThat(store.group(GroupPath.parse("/metrics/job/j")).orElseThrow())
                    .matches(group -> !group.lastPushSucceeded());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a 1~# TYPE a gauge          | line=2 column=1: type of a family must be told once
                    # TYPE a gauge~# TYPE a gauge~a 1 | line=2 column=1: type of a family must be told once
                    # TYPE a histogram~a 1      | sample must be one of its family's type
                    # TYPE a histogram~a_bucket 1 | sample must be one of its family's type
                    a                           | sample must have a value
                    """)
    void refusesWhatIsNoExposition(String text, String message) {
        assertThatThrownBy(() -> body("/metrics/job/j", text.replace('~', '\n') + "\n"))
                .hasMessageContaining(message);
    }

    @Test
    void aBodyEndsWithALineFeed() {
        assertThatThrownBy(() -> body("/metrics/job/j", "a 1"))
                .hasMessage("line=1 column=4: body must end with a line feed");
    }

    @Test
    void groupsGoWhenTheirTimeIsOver() throws Exception {
        try (PushStore store = open()) {
            GroupKey key = GroupPath.parse("/metrics/job/j");
            EncodedBody body = body("/metrics/job/j", "a 1\n");
            store.push(key, true, body, OptionalLong.of(5_000));
            time.advance(4_999);
            store.expire();
            assertThat(store.groups()).hasSize(1);
            time.advance(1);
            store.expire();
            assertThat(store.groups()).isEmpty();
        }
        try (PushStore again = open()) {
            assertThat(again.groups()).isEmpty();
        }
    }

    @Test
    void refusesMoreThanThereIsRoomFor() throws Exception {
        try (PushStore store = open()) {
            for (int i = 0; i < LIMITS.groups(); i++) {
                put(store, "/metrics/job/j" + i, "a 1\n");
            }
            assertThatThrownBy(() -> put(store, "/metrics/job/more", "a 1\n"))
                    .hasMessage("agent must have at most 20 groups (muster.push.max-groups)");
            put(store, "/metrics/job/j0", "a 2\n");
            StringBuilder large = new StringBuilder();
            for (int i = 0; i < 40_000; i++) {
                large.append("a{i=\"").append(i).append("\"} 1\n");
            }
            assertThatThrownBy(() -> put(store, "/metrics/job/j1", large.toString()))
                    .hasMessageContaining("group must have at most bytes=262144");
            assertThat(store.groups()).hasSize(20);
        }
    }

    @Test
    void nothingAcknowledgedIsLost() throws Exception {
        List<String> before;
        PushStore store = open();
        put(store, "/metrics/job/j", "a 1\n");
        put(store, "/metrics/job/k", "a 1\n");
        time.advance(1_000);
        post(store, "/metrics/job/j", "b 2\n");
        assertThatThrownBy(() -> put(store, "/metrics/job/j", "a 1 5\n")).isNotNull();
        store.delete(GroupPath.parse("/metrics/job/k"));
        before = samples(store);
        // not closed: as if the process was killed
        try (PushStore again = open()) {
            assertThat(samples(again)).isEqualTo(before);
            again.wipe();
        }
        try (PushStore empty = open()) {
            assertThat(empty.groups()).isEmpty();
        }
    }

    @Test
    void theLogIsWrittenAnewBeforeItGrowsTooLarge() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4_000; i++) {
            text.append("a{i=\"").append(i).append("\"} 1\n");
        }
        List<String> before;
        try (PushStore store = open()) {
            for (int i = 0; i < 50; i++) {
                put(store, "/metrics/job/j", text.toString());
            }
            before = samples(store);
            try (Stream<Path> files = Files.list(directory)) {
                List<Path> all = files.toList();
                assertThat(all).hasSize(1);
                assertThat(Files.size(all.getFirst())).isLessThan(6 << 20);
                assertThat(all.getFirst().getFileName()).asString().isNotEqualTo("00000001.push");
            }
        }
        try (PushStore again = open()) {
            assertThat(samples(again)).isEqualTo(before);
        }
    }

    /// Bodies as they come and as they must not: taken or refused, and what is held reads back.
    @Test
    void holdsAgainstAnyBody() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> corpus = new ArrayList<>();
        try (var in = Objects.requireNonNull(getClass().getResourceAsStream("bodies.txt"))) {
            corpus.addAll(List.of(new String(in.readAllBytes(), UTF_8).split("----\n", -1)));
        }
        try (PushStore store = open()) {
            for (int round = 0; round < Integer.getInteger("muster.fuzz.rounds", 1_500); round++) {
                StringBuilder text = new StringBuilder(corpus.get(random.nextInt(corpus.size())));
                for (int i = random.nextInt(4); i > 0 && !text.isEmpty(); i--) {
                    int at = random.nextInt(text.length());
                    switch (random.nextInt(3)) {
                        case 0 -> text.setCharAt(at, (char) random.nextInt(128));
                        case 1 -> text.delete(at, Math.min(text.length(), at + 5));
                        default -> text.insert(at, corpus.get(random.nextInt(corpus.size())));
                    }
                }
                try {
                    put(store, "/metrics/job/j" + random.nextInt(10), text.toString());
                } catch (PushException e) {
                    assertThat(e.getMessage()).as("seed=%s", seed).isNotEmpty();
                }
            }
            List<String> before = samples(store);
            try (PushStore again = open()) {
                assertThat(samples(again)).as("seed=%s", seed).isEqualTo(before);
            }
        }
    }
}
