package dev.muster.blocks.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCacheTest {
    private static final long LIMIT = 1 << 21;

    @TempDir Path directory;

    private DiskCache open() throws IOException {
        return DiskCache.open(directory, LIMIT);
    }

    /// Always the same for a key.
    private static byte[] content(int key) {
        byte[] content = new byte[key % 3_000];
        new Random(key).nextBytes(content);
        return content;
    }

    /// Whether it is there; then it is what was put.
    private static boolean has(DiskCache cache, int key) {
        byte[] found = cache.find("key " + key, content(key).length);
        if (found != null) {
            assertThat(found).isEqualTo(content(key));
        }
        return found != null;
    }

    private static void fill(DiskCache cache, int from, int to) {
        for (int key = from; key < to; key++) {
            cache.put("key " + key, content(key));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith("lock")).sorted().toList();
        }
    }

    @Test
    void aReaderThatIsInterruptedHarmsNobody() throws Exception {
        try (DiskCache cache = open()) {
            fill(cache, 1_000, 1_100);
            Thread.currentThread().interrupt();
            boolean found = has(cache, 1_000);
            assertThat(Thread.interrupted()).isTrue();

            assertThat(found).isTrue();
            assertThat(IntStream.range(1_000, 1_100)).allMatch(key -> has(cache, key));
            assertThat(cache.stats().damaged()).isZero();
        }
    }

    @Test
    void findsWhatWasPut() throws Exception {
        try (DiskCache cache = open()) {
            fill(cache, 1_000, 1_100);

            assertThat(IntStream.range(1_000, 1_100)).allMatch(key -> has(cache, key));
            assertThat(cache.find("key 1000", 5)).isNull();
            assertThat(cache.find("other", 5)).isNull();
            assertThat(cache.stats().hits()).isEqualTo(100);
            assertThat(cache.stats().misses()).isEqualTo(2);
        }
    }

    @Test
    void findsItAfterARestart() throws Exception {
        try (DiskCache cache = open()) {
            fill(cache, 0, 200);
        }
        try (DiskCache cache = open()) {
            assertThat(cache.stats().entries()).isEqualTo(200);
            assertThat(IntStream.range(0, 200)).allMatch(key -> has(cache, key));
            fill(cache, 200, 300);
            assertThat(IntStream.range(0, 300)).allMatch(key -> has(cache, key));
        }
        try (DiskCache cache = open()) {
            assertThat(cache.stats().entries()).isEqualTo(300);
        }
    }

    /// As a process that was killed leaves it: the file is cut anywhere.
    @Test
    void keepsWhatIsWholeOfATornFile() throws Exception {
        try (DiskCache cache = open()) {
            fill(cache, 1, 9);
        }
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 0; cut < whole.length; cut += 1 + whole.length / 200) {
            for (Path other : files()) {
                Files.delete(other);
            }
            Files.write(file, Arrays.copyOf(whole, cut));
            try (DiskCache cache = open()) {
                long entries = cache.stats().entries();
                assertThat(IntStream.range(1, 9).filter(key -> has(cache, key)).count())
                        .as("cut at %d", cut)
                        .isEqualTo(entries);
                fill(cache, 1, 9);
                assertThat(IntStream.range(1, 9)).allMatch(key -> has(cache, key));
            }
            try (DiskCache cache = open()) {
                assertThat(cache.stats().entries()).isEqualTo(8);
            }
        }
    }

    /// A flipped bit makes an entry vanish, never change.
    @Test
    void dropsWhatIsDamaged() throws Exception {
        try (DiskCache cache = open()) {
            fill(cache, 20, 24);
        }
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        long damaged = 0;
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(file, flipped);
            try (DiskCache cache = open()) {
                long found = IntStream.range(20, 24).filter(key -> has(cache, key)).count();
                assertThat(found).as("byte %d", at).isLessThan(4);
                damaged += cache.stats().damaged();
                assertThat(cache.stats().entries()).isEqualTo(found);
            }
        }
        assertThat(damaged).isPositive();
    }

    @Test
    void staysWithinItsLimitAndKeepsWhatIsUsed() throws Exception {
        try (DiskCache cache = open()) {
            for (int key = 0; key < 20_000; key++) {
                cache.put("key " + key, content(key));
                has(cache, 2_999);
                assertThat(cache.stats().bytes()).isLessThanOrEqualTo(LIMIT);
            }
            assertThat(has(cache, 19_999)).isTrue();
            assertThat(has(cache, 2_999)).isTrue();
            assertThat(has(cache, 2_998)).isFalse();
            assertThat(cache.stats().evictions()).isPositive();
            long onDisk = 0;
            for (Path file : files()) {
                onDisk += Files.size(file);
            }
            assertThat(onDisk).isEqualTo(cache.stats().bytes());
        }
        try (DiskCache cache = DiskCache.open(directory, 1 << 17)) {
            assertThat(cache.stats().bytes()).isLessThanOrEqualTo(1 << 17);
        }
    }

    @Test
    void countsADiskThatDoesNotTakeIt() throws Exception {
        try (DiskCache cache = open()) {
            Files.delete(directory.resolve("lock"));
            Files.delete(directory);
            cache.put("key 1", content(1));

            assertThat(cache.find("key 1", 1)).isNull();
            assertThat(cache.stats().errors()).isEqualTo(1);
        }
        Files.createDirectories(directory);
    }

    @Test
    void isUsedByManyThreads() throws Exception {
        try (DiskCache cache = open();
                ExecutorService executor = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done =
                    IntStream.range(0, 4)
                            .<Future<?>>mapToObj(thread ->
                                    executor.submit(() -> {
                                        Random random = new Random(thread);
                                        for (int i = 0; i < 3_000; i++) {
                                            int key = random.nextInt(4_000);
                                            if (!has(cache, key)) {
                                                cache.put("key " + key, content(key));
                                            }
                                        }
                                    }))
                            .toList();
            for (Future<?> one : done) {
                one.get();
            }
            assertThat(cache.stats().errors()).isZero();
        }
    }

    @Test
    void isOfOneProcess() throws Exception {
        try (DiskCache cache = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("disk cache: directory must be of one process: ");
            assertThat(cache.stats().errors()).isZero();
        }
        open().close();
    }

    @Test
    void refusesNoRoomAtAll() {
        assertThatThrownBy(() -> DiskCache.open(directory, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("disk cache: limit must be above 0: limitBytes=0");
    }
}
