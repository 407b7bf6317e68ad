package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.PlainSource;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SeriesSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.parquet.format.Encoding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Values of one row group, some of which compress best one way and some the other: each page says
/// how, and so does the footer.
class PageEncodingTest {
    private static final BlockId ID = Blocks.id("h", 0);
    private static final int ROWS = 3_000;

    /// Where pages lie is read from the samples file itself, each time.
    private static final BlockReadConfig FORGETFUL =
            BlockReadConfig.DEFAULT.withFooterCache(0).withPageCache(0).withDecodedCache(0);

    @TempDir Path directory;
    private Bucket bucket;
    private byte[] series = {};
    private byte[] samples = {};
    private TableLayout said;
    private TableLayout found;
    private Map<Labels, List<String>> expected = Map.of();

    @BeforeEach
    void ship() throws Exception {
        PlainSource source = new PlainSource();
        Random random = new Random(3);
        double[] few = random.doubles(8).toArray();
        for (int i = 0; i < ROWS; i++) {
            long timeMs = Blocks.window(0).startMs() + 2_000L * i;
            source.add(Labels.of("__name__", "few"), timeMs, few[random.nextInt(few.length)]);
            source.add(Labels.of("__name__", "noise"), timeMs, 1 + random.nextDouble());
        }
        bucket = Blocks.memory();
        BlockUpload.ship(
                bucket,
                new BlockWriter(new BlockWriterConfig(64, 512, 3)).write(ID, source, directory));
        series = content(ID.seriesKey());
        samples = content(ID.samplesKey());
        expected = Answers.of(source, Blocks.everything());
        List<TableLayout> layouts = new ArrayList<>();
        List<BlockMetadata> metadata = new ArrayList<>();
        SeriesIndexBuilder.read(
                series,
                new SeriesTables(),
                (of, _, layout) -> {
                    metadata.add(of);
                    layouts.add(layout);
                });
        said = layouts.getFirst();
        var table = metadata.getFirst().samples();
        found =
                TableLayout.of(
                        TableLayout.Kind.SAMPLES,
                        bucket.range(ID.samplesKey(), table.tailOffset(), table.tailBytes()),
                        table);
    }

    @AfterEach
    void close() {
        bucket.close();
    }

    private byte[] content(String key) throws Exception {
        return bucket.range(key, 0, (int) bucket.stat(key).orElseThrow().sizeBytes());
    }

    @Test
    void isThatOfThePageAndNotOfTheRowGroup() throws Exception {
        PageList values = said.column("value");
        Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
        for (int page = 0; page < values.size(); page++) {
            encodings.add(values.encoding(page));
            assertThat(found.column("value").encoding(page)).isEqualTo(values.encoding(page));
        }

        assertThat(encodings).containsExactly(Encoding.PLAIN, Encoding.BYTE_STREAM_SPLIT);
        assertThat(values.encoding(0)).isEqualTo(Encoding.PLAIN);
        assertThat(values.encoding(values.size() - 1)).isEqualTo(Encoding.BYTE_STREAM_SPLIT);
    }

    @Test
    void isKnownWhereverThePlacesOfPagesComeFrom() throws Exception {
        assertThat(Answers.of(Blocks.open(bucket), Blocks.everything())).isEqualTo(expected);
        assertThat(Answers.of(Blocks.open(bucket, FORGETFUL), Blocks.everything()))
                .isEqualTo(expected);
    }

    /// A header has no checksum of its own: what is flipped in it never makes other values.
    @Test
    void isNotTakenFromADamagedHeader() throws Exception {
        PageList values = said.column("value");
        for (int page = 0; page < values.size(); page += values.size() - 1) {
            for (int bit = 0; bit < 40 * Byte.SIZE; bit++) {
                byte[] damaged = samples.clone();
                damaged[(int) values.offset(page) + bit / Byte.SIZE] ^= (byte) (1 << bit % 8);
                check(damaged, BlockReadConfig.DEFAULT);
                check(damaged, FORGETFUL);
            }
        }
    }

    private void check(byte[] damaged, BlockReadConfig config) throws Exception {
        try (Bucket other = Blocks.memory()) {
            other.putIfAbsent(ID.samplesKey(), damaged);
            other.putIfAbsent(ID.seriesKey(), series);
            try (SeriesSet set = Blocks.open(other, config).select(Blocks.everything())) {
                Map<Labels, List<String>> answer = Answers.of(set);
                if (set.warnings().isEmpty()) {
                    assertThat(answer).isEqualTo(expected);
                } else {
                    assertThat(expected.entrySet()).containsAll(answer.entrySet());
                }
            }
        }
    }
}
