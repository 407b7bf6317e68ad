package dev.muster.blocks.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DirectoryBucketTest extends BucketContract {
    @Override
    Bucket open() throws Exception {
        return Buckets.open(BucketConfig.of(directory.resolve("store").toUri().toString()));
    }

    @Test
    void leavesNoTemporaryFile() throws Exception {
        try (Bucket bucket = open()) {
            bucket.putIfAbsent("a/b", bytes("x"));
            bucket.putIfAbsent("a/b", bytes("y"));
        }

        assertThat(temporaries()).isEmpty();
    }

    @Test
    void removesWhatACrashLeftBehindADayAgo() throws Exception {
        open().close();
        Path old = Files.write(directory.resolve("store/.tmp/old"), new byte[3]);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(100_000)));
        Files.write(directory.resolve("store/.tmp/young"), new byte[3]);

        try (Bucket bucket = open()) {
            assertThat(bucket.list("")).isEmpty();
        }
        assertThat(temporaries()).extracting(p -> p.getFileName().toString()).containsOnly("young");
    }

    @Test
    void saysThatItsPlaceIsAFile() throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[1]);

        assertThatThrownBy(() -> Buckets.open(BucketConfig.of(file.toUri().toString())))
                .isInstanceOf(BucketException.class)
                .hasMessageStartingWith("file://" + file + " open: directory must be writable");
    }

    private List<Path> temporaries() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("store/.tmp"))) {
            return files.toList();
        }
    }
}
