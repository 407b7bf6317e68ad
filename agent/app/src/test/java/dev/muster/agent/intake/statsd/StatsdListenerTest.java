package dev.muster.agent.intake.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.ChannelState;
import dev.muster.agent.intake.IntakeRig;
import dev.muster.model.histogram.NativeHistogram;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatsdListenerTest {
    @TempDir Path directory;
    private IntakeRig rig;
    private StatsdListener statsd;

    @BeforeEach
    void open() throws IOException {
        rig = new IntakeRig(directory.resolve("head"));
        statsd =
                new StatsdListener(
                        new StatsdPlan("127.0.0.1", 0, 50, Duration.ofMinutes(5)),
                        rig.intake,
                        () -> Instant.ofEpochMilli(rig.nowMs.get()));
    }

    @AfterEach
    void close() {
        statsd.close();
        rig.close();
    }

    private void send(String... packets) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (String packet : packets) {
                byte[] bytes = packet.getBytes(StandardCharsets.UTF_8);
                socket.send(
                        new DatagramPacket(
                                bytes,
                                bytes.length,
                                InetAddress.getLoopbackAddress(),
                                statsd.port()));
            }
        }
    }

    private String metrics() {
        ExpositionWriter out = new ExpositionWriter();
        statsd.writeMetrics(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    private void nextSecond(int lines) {
        await().until(() -> metrics().contains("muster_statsd_lines_total " + lines + "\n"));
        rig.nowMs.addAndGet(1_001);
    }

    @Test
    void addsUpWhatComesInASecond() throws Exception {
        send(
                "shop.orders:3|c|#zone:a,vip\nshop.orders:1|c|@0.5|#zone:a,vip",
                "queue:7|g\nqueue:+2|g",
                "latency:250:1000|ms",
                "users:ann|s\nusers:bob|s\nusers:ann|s");
        nextSecond(8);
        String job = "host=\"h1\", job=\"statsd\"";
        await().untilAsserted(() ->
                assertThat(rig.samples())
                        .containsEntry(
                                "shop_orders{" + job + ", vip=\"true\", zone=\"a\"}", List.of(5.0))
                        .containsEntry("queue{" + job + "}", List.of(9.0))
                        .containsEntry("users{" + job + "}", List.of(2.0)));
        NativeHistogram latency = Objects.requireNonNull(rig.columns("latency").histogram(0));
        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.sum()).isEqualTo(1.25);
        assertThat(latency.positive().toString()).isEqualTo("{-16:1.0, 0:1.0}");
    }

    @Test
    void keepsNoMoreSeriesThanItsLimit() throws Exception {
        for (int i = 0; i < 60; i++) {
            send("m" + i + ":1|c");
        }
        nextSecond(60);
        await().untilAsserted(() -> assertThat(rig.samples()).hasSize(50));
        assertThat(metrics()).contains("muster_statsd_over_limit_total 10");
    }

    @Test
    void survivesPacketsOfAnyKind() throws Exception {
        long seed = Long.getLong("seed", 20_264);
        Random random = new Random(seed);
        String alphabet = "a:|@#,.1-+cgms\n\u00e4\u0000";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder line = new StringBuilder("a.b:1|c|@0.5|#t:v");
            for (int i = random.nextInt(5); i >= 0; i--) {
                line.setCharAt(
                        random.nextInt(line.length()),
                        alphabet.charAt(random.nextInt(alphabet.length())));
            }
            StatsdLine.of(line.toString())
                    .ifPresent(one -> {
                        StatsdSeries series = new StatsdSeries(one.kind(), 1);
                        one.values().forEach(value -> series.take(value, one.rate(), 1));
                    });
        }
        send("nonsense\n::|\nok:1|c");
        await().until(() -> metrics().contains("muster_statsd_malformed_total 2"));
    }

    /// A line has a name and tags of at most 1,024 characters, 64 tags and 1,000 values.
    @Test
    void refusesLinesWithTooManyOrTooLongParts() throws Exception {
        String tags = "|c|#" + "t:v,".repeat(64);
        send(
                "a".repeat(1_024) + ":1|c",
                "a".repeat(1_025) + ":1|c",
                "tags:1" + tags.substring(0, tags.length() - 1),
                "tags:1" + tags + "one:more",
                "long:1|c|#t:" + "v".repeat(1_025),
                "long:1|c|#" + "t".repeat(1_025) + ":v",
                "many" + ":1".repeat(1_000) + "|c",
                "more" + ":1".repeat(1_001) + "|c");
        nextSecond(8);
        await().untilAsserted(() -> assertThat(rig.samples()).hasSize(3));
        assertThat(rig.samples().toString()).contains("tags{").contains("many{");
        assertThat(metrics()).contains("muster_statsd_malformed_total 5\n");
    }

    @Test
    void countsNoMoreOfASetThanItsLimit() {
        StatsdSeries set = new StatsdSeries(StatsdLine.Kind.SET, 1);
        for (int i = 0; i < 10_000; i++) {
            assertThat(set.take("u" + i, 1, 1)).isTrue();
        }
        assertThat(set.take("one more", 1, 1)).isFalse();
        assertThat(set.take("u7", 1, 1)).isTrue();
    }

    /// While the head is busy four seconds wait; what does not fit is dropped and counted, and the
    /// counter has it all when the head has time again.
    @Test
    void losesNoCountWhenItsChannelOverflows() throws Exception {
        Runnable release = rig.hold();
        for (int second = 1; second <= 8; second++) {
            send("busy:1|c");
            nextSecond(second);
            int seconds = second;
            await().until(() -> statsd.channel().sent() + statsd.channel().dropped() >= seconds);
        }
        ChannelState full = statsd.channel();
        assertThat(full.limit()).isEqualTo(4);
        assertThat(full.overflow()).isEqualTo("buffer_then_drop_newest");
        assertThat(full.dropped()).isBetween(2L, 5L);
        assertThat(metrics())
                .contains("muster_statsd_samples_not_stored_total " + full.dropped() + "\n");
        release.run();
        await().untilAsserted(() -> {
            rig.nowMs.addAndGet(1_001);
            assertThat(rig.samples())
                    .hasEntrySatisfying(
                            "busy{host=\"h1\", job=\"statsd\"}",
                            values -> assertThat(values.getLast()).isEqualTo(8));
        });
    }
}
