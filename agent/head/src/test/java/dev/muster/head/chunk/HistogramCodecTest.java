package dev.muster.head.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.head.Histograms;
import dev.muster.head.Seeds;
import dev.muster.head.bytes.ByteReader;
import dev.muster.head.bytes.ByteWriter;
import dev.muster.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HistogramCodecTest {
    static long[] seeds() {
        return Seeds.some("HistogramCodecTest", 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesBackEveryBit(long seed) {
        Random random = new Random(seed);
        ByteWriter bytes = new ByteWriter();
        List<NativeHistogram> written = new ArrayList<>();
        @Nullable NativeHistogram last = null;
        for (int i = 0; i < 200; i++) {
            NativeHistogram next = Histograms.next(last, random);
            HistogramCodec.write(next, last, i, bytes);
            written.add(next);
            last = next;
        }
        ByteReader reader = new ByteReader(bytes.array(), 0, bytes.size());
        @Nullable NativeHistogram base = null;
        for (int i = 0; i < written.size(); i++) {
            long header = reader.varint();
            assertThat(HistogramCodec.own(header)).isEqualTo(i);
            base = HistogramCodec.read(header, reader, base);
            assertThat(base).isEqualTo(written.get(i));
        }
        assertThat(reader.remaining()).isZero();
    }

    @Test
    void damagedBytesAreRefusedOrAnotherHistogram() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            ByteWriter bytes = new ByteWriter();
            HistogramCodec.write(Histograms.random(random), null, 0, bytes);
            int at = random.nextInt(bytes.size());
            bytes.array()[at] ^= (byte) (1 << random.nextInt(8));
            ByteReader reader = new ByteReader(bytes.array(), 0, bytes.size());
            try {
                HistogramCodec.read(reader.varint(), reader, null);
            } catch (IndexOutOfBoundsException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void aDifferenceNeedsItsBase() {
        Random random = new Random(1);
        NativeHistogram histogram = Histograms.random(random);
        ByteWriter bytes = new ByteWriter();
        HistogramCodec.write(histogram, histogram, 0, bytes);
        assertThat(bytes.size()).isEqualTo(1);
        ByteReader reader = new ByteReader(bytes.array(), 0, bytes.size());
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> HistogramCodec.read(reader.varint(), reader, null))
                .withMessageContaining("histogram must have a base");
    }
}
