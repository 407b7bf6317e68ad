package dev.muster.agent.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final List<String> WRITTEN = List.of("one", "", "three and more", "four");
    private static final int HEADER = 12;

    /// Held, so that its level is.
    private static final Logger LOG = Logger.getLogger(Journal.class.getName());

    @TempDir Path root;
    private Path directory;

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    @BeforeEach
    void directory() {
        directory = root.resolve("journal");
    }

    private record Opened(List<String> records, Journal.Found found) {}

    private Journal open(List<String> records) throws IOException {
        return new Journal(
                directory, "test", "MUSTERX1", bytes -> records.add(new String(bytes, UTF_8)));
    }

    private Opened read() throws IOException {
        List<String> records = new ArrayList<>();
        try (Journal journal = open(records)) {
            return new Opened(records, journal.found());
        }
    }

    private Path write() throws IOException {
        try (Journal journal = open(new ArrayList<>())) {
            for (String record : WRITTEN) {
                journal.append(record.getBytes(UTF_8));
            }
        }
        return directory.resolve("00000001.test");
    }

    @Test
    void readsBackWhatWasWritten() throws IOException {
        write();
        assertThat(read()).isEqualTo(new Opened(WRITTEN, new Journal.Found(4, 0, 0, false)));
    }

    @Test
    void aTornTailIsCutAtTheLastWholeRecord() throws IOException {
        byte[] whole = Files.readAllBytes(write());
        for (int length = whole.length; length >= 8; length--) {
            Files.write(directory.resolve("00000001.test"), Arrays.copyOf(whole, length));
            int end = 8;
            List<String> expected = new ArrayList<>();
            for (String record : WRITTEN) {
                end += HEADER + record.length();
                if (end <= length) {
                    expected.add(record);
                }
            }
            assertThat(read().records()).as("length=%s", length).isEqualTo(expected);
            List<String> again = new ArrayList<>();
            try (Journal journal = open(again)) {
                journal.append("next".getBytes(UTF_8));
            }
            expected.add("next");
            assertThat(read().records()).as("length=%s", length).isEqualTo(expected);
        }
    }

    @Test
    void zerosBehindTheEndAreATornTail() throws IOException {
        Path file = write();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length + 100_000));
        assertThat(read()).isEqualTo(new Opened(WRITTEN, new Journal.Found(4, 0, 0, true)));
    }

    /// A flipped bit costs the record it is in; in a header also those behind, which are kept
    /// aside.
    @Test
    void aFlippedBitIsNeverTakenForData() throws IOException {
        byte[] whole = Files.readAllBytes(write());
        for (int bit = 8 * 8; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(directory.resolve("00000001.test"), damaged);
            Opened opened = read();
            int at = 8;
            int index = 0;
            while (bit / 8 >= at + HEADER + WRITTEN.get(index).length()) {
                at += HEADER + WRITTEN.get(index++).length();
            }
            List<String> expected = new ArrayList<>(WRITTEN.subList(0, index));
            boolean inBody = bit / 8 >= at + HEADER;
            if (inBody) {
                expected.addAll(WRITTEN.subList(index + 1, WRITTEN.size()));
                assertThat(opened.found().skipped()).isOne();
            } else {
                assertThat(opened.found().lostBytes()).isEqualTo(whole.length - at);
                assertThat(directory.resolve("00000001.test.damaged")).hasBinaryContent(damaged);
            }
            assertThat(opened.records()).as("bit=%s", bit).isEqualTo(expected);
        }
    }

    @Test
    void goesOnInANewFile() throws IOException {
        write();
        try (Journal journal = open(new ArrayList<>())) {
            journal.restart(Stream.of("all").map(text -> text.getBytes(UTF_8)).iterator());
            journal.append("more".getBytes(UTF_8));
            journal.sync();
        }
        assertThat(directory.resolve("00000001.test")).doesNotExist();
        assertThat(read().records()).containsExactly("all", "more");
    }

    @Test
    void aFileThatWasNotFinishedIsNone() throws IOException {
        write();
        Files.writeString(directory.resolve("00000002.test.new"), "MUSTERX1 and more");
        assertThat(read().records()).isEqualTo(WRITTEN);
        assertThat(directory.resolve("00000002.test.new")).doesNotExist();
    }

    @Test
    void aFileOfSomethingElseIsKeptAside() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("00000007.test"), "something else");
        assertThat(read().records()).isEmpty();
        assertThat(directory.resolve("00000007.test.damaged")).hasContent("something else");
    }
}
