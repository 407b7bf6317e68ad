package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.blocks.write.PlainSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is kept on disk of a block says the same as its files.
class StoredIndexTest {
    @TempDir Path directory;

    private LocalBlock write(PlainSource source) throws Exception {
        return Blocks.write(source, Blocks.id("h", 0), directory);
    }

    private static SeriesIndex read(LocalBlock block) throws Exception {
        return SeriesIndexBuilder.read(
                Files.readAllBytes(block.series()),
                new SeriesTables(),
                (metadata, kind, layout) -> {});
    }

    @Test
    void saysWhatTheSeriesFileSays() throws Exception {
        for (PlainSource source : new PlainSource[] {Blocks.source(0), RichBlocks.source(0)}) {
            SeriesIndex index = read(write(source));
            SeriesTable table =
                    StoredTable.decode(StoredTable.encode(index.table()), new SeriesTables());
            SeriesIndex stored =
                    Objects.requireNonNull(
                            StoredIndex.decode(
                                    StoredIndex.encode(index),
                                    print -> new SeriesTables.Found(table, true)));

            assertThat(stored.metadata()).isEqualTo(index.metadata());
            assertThat(stored.print()).isEqualTo(index.print());
            assertThat(stored.histRows() == null).isEqualTo(index.histRows() == null);
            assertThat(table.size()).isEqualTo(index.table().size());
            for (int i = 0; i < table.size(); i++) {
                assertThat(stored.span(i)).isEqualTo(index.span(i));
                assertThat(table.id(i)).isEqualTo(index.table().id(i));
                assertThat(table.labels(i)).isEqualTo(index.table().labels(i));
                assertThat(table.metadata(i)).isEqualTo(index.table().metadata(i));
            }
        }
    }

    @Test
    void hasNoIndexWithoutItsTable() throws Exception {
        SeriesIndex index = read(write(Blocks.source(0)));

        assertThat(StoredIndex.decode(StoredIndex.encode(index), print -> null)).isNull();
    }

    @Test
    void saysWherePagesAre() throws Exception {
        LocalBlock block = write(RichBlocks.source(0));
        BlockMetadata metadata = read(block).metadata();
        byte[] samples = Files.readAllBytes(block.samples());
        TableLayout layout =
                TableLayout.of(
                        TableLayout.Kind.SAMPLES,
                        Arrays.copyOfRange(
                                samples, (int) metadata.samples().tailOffset(), samples.length),
                        metadata.samples());

        TableLayout stored = TableLayout.decode(layout.encode());

        assertThat(stored.columns()).hasSameSizeAs(layout.columns());
        for (String name : TableLayout.Kind.SAMPLES.columns()) {
            PageList expected = layout.column(name);
            PageList actual = stored.column(name);
            assertThat(actual.sameRows(expected)).isTrue();
            for (int page = 0; page < expected.size(); page++) {
                assertThat(actual.offset(page)).isEqualTo(expected.offset(page));
                assertThat(actual.sizeBytes(page)).isEqualTo(expected.sizeBytes(page));
                assertThat(actual.encoding(page)).isEqualTo(expected.encoding(page));
            }
        }
    }
}
