package dev.muster.agent.takeover;

import dev.muster.agent.scrape.append.StoreUse;
import dev.muster.head.Head;
import dev.muster.head.HeadStats;
import dev.muster.head.SeriesFootprint;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Samples of lost peers' services, a head for each peer: so they are told from the agent's own,
/// and shipped as blocks of their own. Thread-safe.
///
/// A head is opened when its peer is taken over and stays until its samples are shipped. Those of
/// an earlier run are opened at the start.
public final class TakenHeads implements AutoCloseable {
    private static final Logger LOG = System.getLogger(TakenHeads.class.getName());

    /// A store of one peer's samples that was opened.
    public interface Opened extends AutoCloseable {
        Head head();

        /// Is everything shipped that was appended?
        boolean isEmpty();

        /// Blocks that are in the store, since it was opened.
        long blocksShipped();

        /// Windows that have ended and are not in the store yet.
        long blocksPending();

        @Override
        void close();
    }

    /// Opens the store of a peer's samples in a directory of its own.
    @FunctionalInterface
    public interface Opener {
        Opened open(String host, Path directory) throws IOException;
    }

    private final Path root;
    private final int limit;
    private final Opener opener;
    private final TakeoverMetrics metrics;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private long blocksDropped;
    private long samplesDropped;
    private volatile List<SeriesSource> sources = List.of();

    private static final class Slot {
        final Opened opened;
        final Path directory;
        int users;

        Slot(Opened opened, Path directory) {
            this.opened = opened;
            this.directory = directory;
        }
    }

    TakenHeads(Path root, int limit, Opener opener, TakeoverMetrics metrics) {
        this.root = root;
        this.limit = limit;
        this.opener = opener;
        this.metrics = metrics;
    }

    /// Opens what an earlier run left.
    synchronized void restore() {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(root)) {
            for (Path directory : directories) {
                String host = HostText.of(String.valueOf(directory.getFileName()));
                if (!host.isEmpty()) {
                    open(host, directory);
                }
            }
        } catch (IOException e) {
            metrics.headFailures.increment();
            LOG.log(Level.WARNING, "samples of lost peers of an earlier run are left out", e);
        }
        publish();
    }

    private Slot open(String host, Path directory) throws IOException {
        Files.createDirectories(directory);
        Slot slot = new Slot(opener.open(host, directory), directory);
        slots.put(host, slot);
        return slot;
    }

    /// The head of that peer's samples, to be given back; empty if there are too many others or the
    /// disk refuses.
    synchronized Optional<Head> take(String host) {
        Slot slot = slots.get(host);
        if (slot == null) {
            if (slots.size() >= limit && !evict()) {
                return Optional.empty();
            }
            try {
                slot = open(host, root.resolve(HostText.escaped(host)));
            } catch (IOException | RuntimeException e) {
                metrics.headFailures.increment();
                LOG.log(Level.WARNING, () -> "no samples of a lost peer: host=" + host, e);
                return Optional.empty();
            }
            publish();
        }
        slot.users++;
        return Optional.of(slot.opened.head());
    }

    synchronized void giveBack(String host) {
        Slot slot = slots.get(host);
        if (slot != null) {
            slot.users--;
        }
    }

    /// Deletes what is shipped. To be called now and then.
    synchronized void sweep() {
        for (String host : List.copyOf(slots.keySet())) {
            Slot slot = slots.get(host);
            if (slot != null && slot.users == 0 && slot.opened.isEmpty()) {
                drop(host, slot);
            }
        }
    }

    /// Makes room: the peer whose samples are oldest goes, if none of them is being taken.
    private boolean evict() {
        Optional<Map.Entry<String, Slot>> oldest =
                slots.entrySet().stream()
                        .filter(entry -> entry.getValue().users == 0)
                        .min(
                                Comparator.comparingLong(entry ->
                                        entry.getValue().opened.head().stats().newestMs()));
        oldest.ifPresent(entry -> {
            metrics.headsEvicted.increment();
            LOG.log(
                    Level.WARNING,
                    () ->
                            "samples of a lost peer dropped to make room for another: host="
                                    + entry.getKey());
            drop(entry.getKey(), entry.getValue());
        });
        return oldest.isPresent();
    }

    private void drop(String host, Slot slot) {
        slots.remove(host);
        publish();
        blocksDropped += slot.opened.blocksShipped();
        samplesDropped += slot.opened.head().stats().samplesAppended();
        slot.opened.close();
        try (Stream<Path> files = Files.walk(slot.directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, () -> "not deleted: directory=" + slot.directory, e);
        }
    }

    private void publish() {
        List<SeriesSource> all = new ArrayList<>();
        slots.values().forEach(slot -> all.add(slot.opened.head()));
        sources = List.copyOf(all);
    }

    /// The series of all lost peers, a source for each; empty most of the time.
    List<SeriesSource> sources() {
        return sources;
    }

    /// From the first to the last of their samples; empty if there are none.
    synchronized Optional<TimeRange> range() {
        long startMs = Long.MAX_VALUE;
        long endMs = Long.MIN_VALUE;
        for (Slot slot : slots.values()) {
            HeadStats stats = slot.opened.head().stats();
            if (stats.oldestMs() != Long.MAX_VALUE) {
                startMs = Math.min(startMs, stats.oldestMs());
                endMs = Math.max(endMs, stats.newestMs() + 1);
            }
        }
        return startMs < endMs ? Optional.of(new TimeRange(startMs, endMs)) : Optional.empty();
    }

    /// What all of them take of memory.
    synchronized StoreUse use() {
        long bytes = 0;
        long collected = 0;
        for (Slot slot : slots.values()) {
            SeriesFootprint footprint = slot.opened.head().footprint();
            bytes += footprint.bytes();
            collected += footprint.collected();
        }
        return new StoreUse(bytes, collected);
    }

    synchronized int size() {
        return slots.size();
    }

    synchronized long samplesAppended() {
        long sum = samplesDropped;
        for (Slot slot : slots.values()) {
            sum += slot.opened.head().stats().samplesAppended();
        }
        return sum;
    }

    synchronized long blocksPending() {
        return slots.values().stream().mapToLong(slot -> slot.opened.blocksPending()).sum();
    }

    synchronized long blocksShipped() {
        return blocksDropped
                + slots.values().stream().mapToLong(slot -> slot.opened.blocksShipped()).sum();
    }

    @Override
    public synchronized void close() {
        slots.values().forEach(slot -> slot.opened.close());
        slots.clear();
        sources = List.of();
    }
}
