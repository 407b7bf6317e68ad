package dev.muster.blocks.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.blocks.schema.BlockId;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockWriterTest {
    private static final long START = 1_795_348_800_000L;
    private static final BlockId ID =
            new BlockId("c1", "h1", new TimeRange(START, START + 7_200_000));

    @TempDir Path directory;

    @Test
    void writesWhatDuckDbReads() throws Exception {
        PlainSource source = new PlainSource();
        Labels up = Labels.of("__name__", "up", "job", "node", "instance", "h1:9100");
        Labels bytes = Labels.of("__name__", "bytes_total", "job", "web", "service", "shop");
        for (int i = 0; i < 480; i++) {
            source.add(up, START + i * 15_000L, i == 7 ? Staleness.STALE : 1);
            source.add(bytes, START + i * 15_000L, i == 100 ? Double.NaN : (i % 200) * 1.5);
        }
        source.describe(bytes, new MetricMetadata(MetricType.COUNTER, "bytes", "help"));

        LocalBlock block =
                new BlockWriter(new BlockWriterConfig(2, 100, 3)).write(ID, source, directory);

        assertThat(block.sampleCount()).isEqualTo(960);
        assertThat(block.seriesCount()).isEqualTo(2);
        assertThat(block.samplesBytes()).isEqualTo(Files.size(block.samples()));
        try (DuckDb duck = new DuckDb()) {
            assertThat(
                            duck.rows(
                                    "select metric, cell, host, service, count(*), count(value),"
                                            + " sum(value) filter (not isnan(value)) from '"
                                            + block.samples()
                                            + "' group by all order by metric"))
                    .containsExactly(
                            "bytes_total|c1|h1|shop|480|480|" + sumWithoutNan(),
                            "up|c1|h1|node|480|479|479.0");
            assertThat(
                            duck.rows(
                                    "select metric, type, unit, cell, host, service, job, instance,"
                                            + " labels['instance'], labels['__name__'], row_start,"
                                            + " row_count, n, n_stale, first, last, min, max, sum,"
                                            + " resets from '"
                                            + block.series()
                                            + "' order by row_start"))
                    .containsExactly(
                            "bytes_total|counter|bytes|c1|h1|shop|web|null|null|bytes_total|0|480|480|0"
                                + "|0.0|118.5|0.0|298.5|NaN|2",
                            "up|unknown|null|c1|h1|node|node|h1:9100|h1:9100|up|480|480|479|1"
                                    + "|1.0|1.0|1.0|1.0|479.0|0");
        }
    }

    private static double sumWithoutNan() {
        double sum = 0;
        for (int i = 0; i < 480; i++) {
            sum += i == 100 ? 0 : (i % 200) * 1.5;
        }
        return sum;
    }

    @Test
    void writesTheSameBytesForTheSameSamples() throws Exception {
        PlainSource source = new PlainSource();
        for (int i = 0; i < 500; i++) {
            source.add(Labels.of("__name__", "m" + i % 7), START + i, i);
        }
        BlockWriter writer = new BlockWriter(BlockWriterConfig.DEFAULT);
        LocalBlock first = writer.write(ID, source, directory);
        byte[] series = Files.readAllBytes(first.series());
        byte[] samples = Files.readAllBytes(first.samples());

        LocalBlock second = writer.write(ID, source, directory);

        assertThat(Files.readAllBytes(second.series())).isEqualTo(series);
        assertThat(Files.readAllBytes(second.samples())).isEqualTo(samples);
    }

    @Test
    void writesAnEmptyWindow() throws Exception {
        PlainSource source = new PlainSource().add(Labels.of("__name__", "m"), START - 1, 1);

        LocalBlock block = new BlockWriter(BlockWriterConfig.DEFAULT).write(ID, source, directory);

        assertThat(block.sampleCount()).isZero();
        assertThat(block.seriesCount()).isZero();
        try (DuckDb duck = new DuckDb()) {
            assertThat(duck.rows("select count(*) from '" + block.samples() + "'"))
                    .containsExactly("0");
        }
    }

    @Test
    void leavesNoFileWhereTheWindowCannotBeRead() {
        BlockWriter writer = new BlockWriter(BlockWriterConfig.DEFAULT);
        SeriesSource broken =
                request -> {
                    throw new IOException("disk");
                };

        assertThatThrownBy(() -> writer.write(ID, broken, directory)).hasMessage("disk");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void countsNothingButStaleMarkersAsNull() throws Exception {
        PlainSource source =
                new PlainSource()
                        .add(Labels.of("__name__", "gone"), START, Staleness.STALE)
                        .add(Labels.of("__name__", "inf"), START, Double.POSITIVE_INFINITY)
                        .add(Labels.of("__name__", "inf"), START + 1, 1)
                        .add(Labels.of("__name__", "nan"), START, Double.NaN);
        LocalBlock block = new BlockWriter(BlockWriterConfig.DEFAULT).write(ID, source, directory);

        try (DuckDb duck = new DuckDb()) {
            assertThat(
                            duck.rows(
                                    "select metric, n, n_stale, first, min, max, sum, resets from '"
                                            + block.series()
                                            + "' order by metric"))
                    .containsExactly(
                            "gone|0|1|null|null|null|null|0",
                            "inf|2|0|Infinity|1.0|Infinity|Infinity|1",
                            "nan|1|0|NaN|NaN|NaN|NaN|0");
        }
    }
}
