package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.LocalBlock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocks written by earlier versions must be readable for good. `-Dgolden=DIR` writes new ones.
class GoldenBlockTest {
    private static final BlockId ID = Blocks.id("golden", 0);

    @TempDir Path directory;

    @Test
    void readsFormat1AsItWasAtFirst() throws Exception {
        try (Bucket bucket = Blocks.memory()) {
            bucket.putIfAbsent(ID.samplesKey(), resource("block-1/samples.parquet"));
            bucket.putIfAbsent(ID.seriesKey(), resource("block-1/series.parquet"));

            assertThat(Answers.of(Blocks.open(bucket), Blocks.everything()))
                    .isEqualTo(Answers.of(Blocks.source(0), Blocks.everything()));
        }
    }

    @Test
    void readsFormat2() throws Exception {
        String write = System.getProperty("golden");
        if (write != null) {
            LocalBlock block = Blocks.write(RichBlocks.source(0), ID, directory);
            Files.createDirectories(Path.of(write));
            Files.copy(block.samples(), Path.of(write, "samples.parquet"));
            Files.copy(Objects.requireNonNull(block.hist()), Path.of(write, "hist.parquet"));
            Files.copy(block.series(), Path.of(write, "series.parquet"));
        }
        try (Bucket bucket = Blocks.memory()) {
            bucket.putIfAbsent(ID.samplesKey(), resource("block-2/samples.parquet"));
            bucket.putIfAbsent(ID.histKey(), resource("block-2/hist.parquet"));
            bucket.putIfAbsent(ID.seriesKey(), resource("block-2/series.parquet"));

            assertThat(Answers.of(Blocks.open(bucket), Blocks.everything()))
                    .isEqualTo(Answers.of(RichBlocks.source(0), Blocks.everything()));
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = GoldenBlockTest.class.getResourceAsStream("/golden/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
