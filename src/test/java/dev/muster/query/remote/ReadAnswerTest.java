package dev.muster.query.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.ReadBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ReadAnswerTest {
    private static final Labels UP = Labels.of("__name__", "up", "job", "a");
    private static final Labels SIZES = Labels.of("__name__", "sizes", "job", "a");

    private final MemorySource source = new MemorySource();
    private final ReadAnswer answer = new ReadAnswer(source, ReadLimits.DEFAULT);

    @Test
    void readsARequest() throws Exception {
        ReadRequest request = ReadRequest.decode(request(1_000, 2_000, List.of(1, 0)));
        assertThat(request.kind()).isEqualTo(ReadRequest.Kind.STREAMED_XOR_CHUNKS);
        ReadRequest.Query query = request.queries().getFirst();
        assertThat(query.startMs()).isEqualTo(1_000);
        assertThat(query.endMs()).isEqualTo(2_000);
        assertThat(query.matchers()).hasToString("[job=\"a\"]");
        assertThat(ReadRequest.decode(new byte[0]).kind()).isEqualTo(ReadRequest.Kind.SAMPLES);
        assertThatThrownBy(() -> ReadRequest.decode(request(1, 2, List.of(7))))
                .hasMessage("server does not support any of the requested response types: [7]");
    }

    @Test
    void honoursHints() {
        var hints = new ReadRequest.Hints(1_500, 1_800, "rate");
        var query = new ReadRequest.Query(1_000, 2_000, List.of(), hints);
        assertThat(query.neededStartMs()).isEqualTo(1_500);
        assertThat(query.neededEndMs()).isEqualTo(1_800);
        assertThat(new ReadRequest.Hints(0, 0, "series").labelsOnly()).isTrue();
    }

    /// Whatever is cut or turned over is refused, and nothing else happens.
    @Test
    void refusesDamagedRequests() {
        byte[] good = request(1_000, 2_000, List.of(1, 0));
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int j = random.nextInt(4); j > 0 && bad.length > 0; j--) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                ReadRequest.decode(bad);
            } catch (WireFormatException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void answersSamples() throws Exception {
        source.add(UP, 1_000, 1);
        source.add(UP, 1_500, Staleness.STALE);
        source.add(UP, 2_000, 0);
        source.add(UP, 2_001, 5);
        source.add(SIZES, 1_200, histogram(0));
        byte[] bytes = answer.samples(all(ReadRequest.Kind.SAMPLES), ReadBudget.UNLIMITED);
        List<String> told = new ArrayList<>();
        WireReader in = new WireReader(bytes);
        while (in.next()) {
            WireReader result = in.message();
            while (result.next()) {
                told.add(series(result.message()));
            }
        }
        assertThat(told)
                .containsExactly(
                        "__name__=sizes,job=a, hist@1200 spans=2",
                        "__name__=up,job=a, 1000=3ff0000000000000 1500=7ff0000000000002 2000=0");
    }

    private static String series(WireReader in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (in.next()) {
            int field = in.field();
            WireReader part = in.message();
            switch (field) {
                case 1 -> {
                    part.next();
                    text.append(part.text()).append('=');
                    part.next();
                    text.append(part.text()).append(',');
                }
                case 2 -> {
                    double value = 0;
                    long timeMs = 0;
                    while (part.next()) {
                        if (part.field() == 1) {
                            value = part.real();
                        } else {
                            timeMs = part.number();
                        }
                    }
                    text.append(' ').append(timeMs).append('=');
                    text.append(Long.toHexString(Double.doubleToRawLongBits(value)));
                }
                default -> {
                    int spans = 0;
                    long timeMs = 0;
                    while (part.next()) {
                        if (part.field() == 15) {
                            timeMs = part.number();
                        } else {
                            spans += part.field() == 11 ? 1 : 0;
                            part.skip();
                        }
                    }
                    text.append(" hist@").append(timeMs).append(" spans=").append(spans);
                }
            }
        }
        return text.toString();
    }

    @Test
    void refusesMoreThanOneMessageMayHold() {
        source.add(UP, 1_000, 1);
        source.add(UP, 2_000, 1);
        ReadAnswer few = new ReadAnswer(source, new ReadLimits(1, 1_000, 1_000));
        assertThatThrownBy(() -> few.samples(all(ReadRequest.Kind.SAMPLES), ReadBudget.UNLIMITED))
                .hasMessage("exceeded sample limit (1)");
    }

    @Test
    void streamsChunksThatReadBackTheSame() throws Exception {
        Random random = new Random(3);
        SampleColumns expected = new SampleColumns();
        long timeMs = 1_000;
        for (int i = 0; i < 1_000; i++) {
            timeMs += random.nextInt(10) == 0 ? random.nextInt(5_000_000) + 1 : 15_000;
            double value =
                    switch (random.nextInt(5)) {
                        case 0 ->
                                Double.longBitsToDouble(random.nextLong() & 0x7fef_ffff_ffff_ffffL);
                        case 1 -> Staleness.STALE;
                        default -> i;
                    };
            expected.append(timeMs, value);
            source.add(UP, timeMs, value);
        }
        SampleColumns read = streamed(timeMs, 1 << 20);
        assertSame(read, expected);
        assertSame(streamed(timeMs, 1), expected);
    }

    private static void assertSame(SampleColumns read, SampleColumns expected) {
        assertThat(read.size()).isEqualTo(expected.size());
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.timestampsMs()[i]).isEqualTo(expected.timestampsMs()[i]);
            assertThat(read.histogram(i)).isEqualTo(expected.histogram(i));
            if (read.histogram(i) == null) {
                assertThat(Double.doubleToRawLongBits(read.values()[i]))
                        .isEqualTo(Double.doubleToRawLongBits(expected.values()[i]));
            }
        }
    }

    @Test
    void streamsHistogramsOfAnyLayout() throws Exception {
        SampleColumns expected = new SampleColumns();
        for (int i = 0; i < 300; i++) {
            NativeHistogram histogram = i < 200 ? histogram(i) : custom(i);
            expected.append(1_000 + 15_000L * i + i % 3, histogram);
            source.add(SIZES, 1_000 + 15_000L * i + i % 3, histogram);
        }
        assertSame(streamed(10_000_000, 1 << 20), expected);
    }

    /// Checks lengths and sums of frames on the way.
    private SampleColumns streamed(long endMs, int frameBytes) throws IOException {
        ReadAnswer small = new ReadAnswer(source, new ReadLimits(1_000_000, 1 << 20, frameBytes));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var query = new ReadRequest.Query(0, endMs, List.of(), ReadRequest.Hints.NONE);
        small.stream(
                new ReadRequest(List.of(query), ReadRequest.Kind.STREAMED_XOR_CHUNKS),
                ReadBudget.UNLIMITED,
                out);
        SampleColumns all = new SampleColumns();
        byte[] bytes = out.toByteArray();
        int at = 0;
        while (at < bytes.length) {
            int length = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = bytes[at++];
                length |= (b & 0x7f) << shift;
                if (b >= 0) {
                    break;
                }
            }
            CRC32C sum = new CRC32C();
            sum.update(bytes, at + 4, length);
            assertThat(ByteBuffer.wrap(bytes).getInt(at)).isEqualTo((int) sum.getValue());
            frame(new WireReader(Arrays.copyOfRange(bytes, at + 4, at + 4 + length)), all);
            at += 4 + length;
        }
        return all;
    }

    private static void frame(WireReader in, SampleColumns all) throws IOException {
        while (in.next()) {
            if (in.field() != 1) {
                in.skip();
                continue;
            }
            WireReader series = in.message();
            while (series.next()) {
                if (series.field() == 2) {
                    chunk(series.message(), all);
                } else {
                    series.skip();
                }
            }
        }
    }

    private static void chunk(WireReader in, SampleColumns all) throws IOException {
        long kind = 0;
        while (in.next()) {
            switch (in.field()) {
                case 3 -> kind = in.number();
                case 4 -> {
                    SampleColumns some =
                            kind == 1
                                    ? ChunkDecoder.numbers(in.copy())
                                    : ChunkDecoder.histograms(in.copy());
                    all.appendFrom(some, 0, some.size());
                }
                default -> in.skip();
            }
        }
    }

    private static NativeHistogram histogram(int i) {
        return NativeHistogram.exponential(
                i < 100 ? 3 : -2,
                CounterReset.UNKNOWN,
                i < 50 ? 0 : 0.001,
                i,
                10.0 * i,
                0.1 * i,
                Buckets.of(new int[] {-5, -4, 7}, new double[] {1, i, 2.5 * i}),
                i % 20 == 0 ? Buckets.NONE : Buckets.of(new int[] {3}, new double[] {i}));
    }

    private static NativeHistogram custom(int i) {
        return NativeHistogram.custom(
                CounterReset.UNKNOWN,
                3.0 * i,
                i,
                new double[] {-1, 0.5, 1e9},
                Buckets.of(new int[] {0, 2}, new double[] {i, 2.0 * i}));
    }

    private static ReadRequest all(ReadRequest.Kind kind) {
        return new ReadRequest(
                List.of(new ReadRequest.Query(1_000, 2_000, List.of(), ReadRequest.Hints.NONE)),
                kind);
    }

    private static byte[] request(long startMs, long endMs, List<Integer> kinds) {
        WireWriter matcher = new WireWriter();
        matcher.text(2, "job");
        matcher.text(3, "a");
        WireWriter query = new WireWriter();
        query.number(1, startMs);
        query.number(2, endMs);
        query.message(3, matcher);
        WireWriter packed = new WireWriter();
        kinds.forEach(packed::varint);
        WireWriter request = new WireWriter();
        request.message(1, query);
        request.message(2, packed);
        return request.toBytes();
    }
}
