package dev.muster.agent.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRequest;
import dev.muster.agent.intake.influx.InfluxWrite;
import dev.muster.agent.intake.otlp.OtlpMetrics;
import dev.muster.agent.intake.otlp.OtlpPlan;
import dev.muster.agent.intake.remote.RemoteWrite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is at the edge of what a protocol may say, for each protocol: taken or refused with a
/// reason, and the next push is taken as ever.
class LimitsTest {
    private static final long NOW = IntakeRig.NOW_MS;
    private static final byte[] CUT = {'a', (byte) 0xc3, '('};
    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    @TempDir Path directory;
    private IntakeRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new IntakeRig(directory.resolve("head"));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /// One sample, by each protocol.
    enum Protocol {
        REMOTE_WRITE_1 {
            @Override
            PushRequest request(byte[] metric, byte[] label, byte[] text, double value, long ms) {
                return IntakeRig.request(
                        Proto.of(request ->
                                request.message(
                                        1,
                                        series -> {
                                            pair(series, bytes("__name__"), metric);
                                            pair(series, label, text);
                                            series.message(
                                                    2, point -> point.real(1, value).number(2, ms));
                                        })));
            }

            private void pair(Proto series, byte[] name, byte[] text) {
                series.message(1, label -> label.bytes(1, name).bytes(2, text));
            }
        },
        REMOTE_WRITE_2 {
            @Override
            PushRequest request(byte[] metric, byte[] label, byte[] text, double value, long ms) {
                return IntakeRig.request(
                        Proto.of(request -> {
                            for (byte[] symbol :
                                    new byte[][] {{}, bytes("__name__"), metric, label, text}) {
                                request.bytes(4, symbol);
                            }
                            request.message(
                                    5,
                                    series ->
                                            series.packed(1, 1, 2, 3, 4)
                                                    .message(
                                                            2,
                                                            point ->
                                                                    point.real(1, value)
                                                                            .number(2, ms)));
                        }),
                        "Content-Type",
                        "application/x-protobuf;proto=io.prometheus.write.v2.Request");
            }
        },
        OTLP {
            @Override
            PushRequest request(byte[] metric, byte[] label, byte[] text, double value, long ms) {
                return IntakeRig.request(
                        Proto.of(request ->
                                request.message(
                                        1,
                                        resource ->
                                                resource.message(
                                                        2,
                                                        scope ->
                                                                scope.message(
                                                                        2,
                                                                        one -> {
                                                                            one.bytes(1, metric);
                                                                            gauge(
                                                                                    one, label,
                                                                                    text, value,
                                                                                    ms);
                                                                        })))),
                        "Content-Type",
                        "application/x-protobuf");
            }

            private void gauge(Proto one, byte[] label, byte[] text, double value, long ms) {
                one.message(
                        5,
                        gauge ->
                                gauge.message(
                                        1,
                                        point ->
                                                point.message(
                                                                7,
                                                                pair ->
                                                                        pair.bytes(1, label)
                                                                                .message(
                                                                                        2,
                                                                                        any ->
                                                                                                any
                                                                                                        .bytes(
                                                                                                                1,
                                                                                                                text)))
                                                        .fixed(3, ms * 1_000_000)
                                                        .real(4, value)));
            }
        },
        INFLUX {
            @Override
            PushRequest request(byte[] metric, byte[] label, byte[] text, double value, long ms) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                line.writeBytes(metric);
                line.write(',');
                line.writeBytes(label);
                line.write('=');
                line.writeBytes(text);
                line.writeBytes(bytes(" value=" + value + " " + ms));
                return IntakeRig.request(
                        "/write", java.util.Map.of("precision", "ms"), line.toByteArray());
            }
        };

        abstract PushRequest request(
                byte[] metric, byte[] label, byte[] text, double value, long ms);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int push(Protocol protocol, PushRequest request) {
        PushHandler handler =
                switch (protocol) {
                    case REMOTE_WRITE_1, REMOTE_WRITE_2 -> new RemoteWrite(rig.intake);
                    case OTLP -> new OtlpMetrics(rig.intake, OtlpPlan.DEFAULT);
                    case INFLUX -> new InfluxWrite(rig.intake, () -> Instant.ofEpochMilli(NOW));
                };
        try {
            PushAnswer answer = handler.handle(request);
            // OTLP tells of refused points in an answer of 200
            boolean refused = protocol == Protocol.OTLP && answer.body().length > 0;
            return refused ? 400 : answer.status();
        } catch (PushRefusedException e) {
            assertThat(e.text()).isNotEmpty();
            return e.status();
        }
    }

    private int push(Protocol protocol, byte[] label, byte[] text, double value, long ms) {
        return push(protocol, protocol.request(bytes("m"), label, text, value, ms));
    }

    private void takesTheNext(Protocol protocol) throws IOException {
        assertThat(push(protocol, bytes("l"), bytes("good"), 7, NOW)).isIn(200, 204);
        assertThat(rig.samples().keySet()).anyMatch(labels -> labels.contains("good"));
    }

    @ParameterizedTest
    @EnumSource
    void refusesTimesThatAreFarOff(Protocol protocol) throws IOException {
        for (long ms :
                new long[] {
                    NOW - 400 * DAY_MS, NOW + 400 * DAY_MS, 1, Long.MAX_VALUE / 1_000_000
                }) {
            assertThat(push(protocol, bytes("l"), bytes("x"), 1, ms)).as("ms=" + ms).isEqualTo(400);
        }
        if (protocol != Protocol.OTLP) {
            for (long ms : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE}) {
                assertThat(push(protocol, bytes("l"), bytes("x"), 1, ms))
                        .as("ms=" + ms)
                        .isEqualTo(400);
            }
        }
        assertThat(rig.samples()).isEmpty();
        assertThat(rig.metrics()).contains("{reason=\"too_old\"}", "{reason=\"too_far_ahead\"}");
        takesTheNext(protocol);
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsNoUtf8(Protocol protocol) throws IOException {
        assertThat(push(protocol, bytes("l"), CUT, 1, NOW)).isEqualTo(400);
        assertThat(push(protocol, CUT, bytes("x"), 1, NOW)).isEqualTo(400);
        assertThat(push(protocol, protocol.request(CUT, bytes("l"), bytes("x"), 1, NOW)))
                .isEqualTo(400);
        assertThat(rig.samples()).isEmpty();
        takesTheNext(protocol);
    }

    /// A value may be any text of UTF-8; it is data, and never a path or a format.
    @ParameterizedTest
    @EnumSource
    void keepsValuesAsTheyAre(Protocol protocol) throws IOException {
        String[] texts = {"a\u0000b", "../../etc/passwd", "..%2f%2e%2e", "\ufeff\u202e"};
        for (String text : texts) {
            assertThat(push(protocol, bytes("l"), bytes(text), 1, NOW)).isIn(200, 204);
        }
        assertThat(rig.samples()).hasSize(texts.length);
        takesTheNext(protocol);
    }

    @ParameterizedTest
    @EnumSource
    void refusesNamesAndValuesWithoutEnd(Protocol protocol) throws IOException {
        byte[] endless = bytes("x".repeat(1 << 20));
        assertThat(push(protocol, bytes("l"), endless, 1, NOW)).isEqualTo(400);
        assertThat(push(protocol, endless, bytes("x"), 1, NOW)).isEqualTo(400);
        assertThat(push(protocol, protocol.request(endless, bytes("l"), bytes("x"), 1, NOW)))
                .isEqualTo(400);
        assertThat(rig.samples()).isEmpty();
        takesTheNext(protocol);
    }

    @ParameterizedTest
    @EnumSource
    void takesNumbersThatAreNone(Protocol protocol) throws IOException {
        double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0};
        for (int i = 0; i < values.length; i++) {
            // the line protocol has no words for them
            int status = push(protocol, bytes("l"), bytes("v" + i), values[i], NOW);
            assertThat(status).isIn(200, 204, 400);
            assertThat(rig.samples().keySet().toString().contains("v" + i))
                    .isEqualTo(status != 400);
        }
        takesTheNext(protocol);
    }
}
