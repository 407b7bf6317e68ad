package dev.muster.agent.upness;

import dev.muster.blocks.upness.UpnessDecoder;
import dev.muster.blocks.upness.UpnessEncoder;
import dev.muster.blocks.upness.UpnessRun;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// The files of the log, by number. Confined to the log, which locks.
final class Segments {
    static final String SUFFIX = ".upness";
    static final String ALIVE = "alive";

    private static final Logger LOG = System.getLogger(Segments.class.getName());

    private final UpnessPlan plan;
    private final UpnessMetrics metrics;

    /// Sizes by number.
    private final TreeMap<Integer, Long> sizes = new TreeMap<>();

    /// Up to when segments that are ended say anything, as far as they were read.
    private final Map<Integer, Long> untilMs = new HashMap<>();

    Segments(UpnessPlan plan, UpnessMetrics metrics) throws IOException {
        this.plan = plan;
        this.metrics = metrics;
        Files.createDirectories(plan.directory());
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(plan.directory(), "*" + SUFFIX)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (name.matches("\\d{8}\\.upness")) {
                    sizes.put(Integer.parseInt(name.substring(0, 8)), Files.size(file));
                }
            }
        }
    }

    boolean isEmpty() {
        return sizes.isEmpty();
    }

    int next() {
        return sizes.isEmpty() ? 1 : sizes.lastKey() + 1;
    }

    Path path(int number) {
        return plan.directory().resolve("%08d%s".formatted(number, SUFFIX));
    }

    Path alive() {
        return plan.directory().resolve(ALIVE);
    }

    /// Ends the last segment, if the process before this one was killed: cuts its torn tail, and
    /// says up to when it logged.
    void endLast() throws IOException {
        if (sizes.isEmpty()) {
            return;
        }
        int number = sizes.lastKey();
        UpnessDecoder.Log log = UpnessDecoder.read(Files.readAllBytes(path(number)));
        try (FileChannel file = FileChannel.open(path(number), StandardOpenOption.WRITE)) {
            if (!log.error().isEmpty()) {
                metrics.damaged.increment();
                LOG.log(Level.WARNING, () -> "upness segment=" + number + " cut: " + log.error());
                file.truncate(log.goodBytes());
            }
            if (log.open()) {
                long aliveMs = AliveFile.read(alive(), number).orElse(0);
                long endMs = Math.max(aliveMs, log.runs().getLast().untilMs());
                byte[] end = new UpnessEncoder(log).end(endMs, true);
                file.write(ByteBuffer.wrap(end), log.goodBytes());
                file.force(true);
            }
            sizes.put(number, file.size());
        }
    }

    /// The log of a segment; what is damaged is left out.
    UpnessDecoder.Log read(int number) throws IOException {
        UpnessDecoder.Log log = UpnessDecoder.read(Files.readAllBytes(path(number)));
        if (!log.error().isEmpty()) {
            metrics.damaged.increment();
        }
        if (number < sizes.lastKey()) {
            untilMs.put(number, lastMs(log));
        }
        return log;
    }

    private static long lastMs(UpnessDecoder.Log log) {
        return log.runs().stream().mapToLong(UpnessRun::untilMs).max().orElse(0);
    }

    /// Segments that may say something of that time or later.
    List<Integer> since(long ms) {
        List<Integer> found = new ArrayList<>();
        for (int number : sizes.keySet()) {
            if (untilMs.getOrDefault(number, Long.MAX_VALUE) >= ms) {
                found.add(number);
            }
        }
        return found;
    }

    void grown(int number, long sizeBytes) {
        sizes.put(number, sizeBytes);
        metrics.segments.set(sizes.size());
        metrics.sizeBytes.set(total());
    }

    private long total() {
        return sizes.values().stream().mapToLong(size -> size).sum();
    }

    /// Deletes the oldest segments while the log is too large or they are too old; the one that is
    /// written to stays.
    void drop(long nowMs) throws IOException {
        while (sizes.size() > 1) {
            Map.Entry<Integer, Long> oldest = sizes.firstEntry();
            Path path = path(oldest.getKey());
            long writtenMs = Files.getLastModifiedTime(path).toMillis();
            boolean old = nowMs - writtenMs > plan.retain().toMillis();
            if (!old && total() <= plan.maxSizeBytes()) {
                break;
            }
            Files.deleteIfExists(path);
            sizes.remove(oldest.getKey());
            untilMs.remove(oldest.getKey());
            metrics.segmentsDropped.increment();
        }
        metrics.segments.set(sizes.size());
        metrics.sizeBytes.set(total());
    }

    /// Up to when an earlier process logged; empty if none did.
    OptionalLong lastEndMs() throws IOException {
        return sizes.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(lastMs(read(sizes.lastKey())));
    }
}
