package dev.muster.agent.upness;

import dev.muster.agent.upload.WindowCompanion;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.PutResult;
import dev.muster.blocks.schema.UpnessBlockId;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.write.UpnessFileWriter;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Ships the log of each window with the window's block. May be called again after any failure: a
/// file that is there is left as it is.
public final class UpnessShipper implements WindowCompanion {
    private final String host;
    private final UpnessLog log;
    private final Bucket bucket;
    private final Path scratch;
    private final UpnessMetrics metrics;

    UpnessShipper(
            String host, UpnessLog log, Bucket bucket, Path directory, UpnessMetrics metrics) {
        this.host = host;
        this.log = log;
        this.bucket = bucket;
        this.scratch = directory.resolve("shipping.parquet");
        this.metrics = metrics;
    }

    @Override
    public void ship(TimeRange window) throws IOException {
        Map<String, List<UpnessRun>> cells = new LinkedHashMap<>();
        for (UpnessRun run : log.read(window, _ -> true)) {
            if (run.observer().equals(host)) {
                cells.computeIfAbsent(run.cell(), _ -> new ArrayList<>())
                        .add(decidedIn(run, window));
            }
        }
        for (Map.Entry<String, List<UpnessRun>> cell : cells.entrySet()) {
            put(new UpnessBlockId(cell.getKey(), host, window, 0), cell.getValue());
            shipLate(cell.getKey(), window);
        }
    }

    /// A run without what was decided after the window: that is in the file of the next.
    private static UpnessRun decidedIn(UpnessRun run, TimeRange window) {
        List<UpnessEntry> entries = new ArrayList<>();
        for (UpnessEntry entry : run.entries()) {
            if (entry.decidedMs() >= window.endMs()) {
                continue;
            }
            entries.add(
                    entry.untilMs() == 0 ? entry : entry.clipped(window.startMs(), window.endMs()));
        }
        return new UpnessRun(
                run.cell(),
                run.observer(),
                run.incarnation(),
                run.fromMs(),
                run.untilMs(),
                run.cut(),
                entries);
    }

    /// What was concluded in this window of earlier ones, whose files are shipped.
    private void shipLate(String cell, TimeRange window) throws IOException {
        Map<Long, List<UpnessRun>> late = new LinkedHashMap<>();
        for (UpnessRun run : log.read(new TimeRange(0, window.endMs()), _ -> true)) {
            for (UpnessEntry entry : run.entries()) {
                if (run.observer().equals(host)
                        && run.cell().equals(cell)
                        && entry.untilMs() != 0
                        && window.contains(entry.decidedMs())) {
                    split(entry, run, window, late);
                }
            }
        }
        for (Map.Entry<Long, List<UpnessRun>> part : late.entrySet()) {
            TimeRange of = TimeRange.windowOf(part.getKey(), window.lengthMs());
            put(new UpnessBlockId(cell, host, of, window.endMs()), part.getValue());
        }
    }

    private static void split(
            UpnessEntry entry, UpnessRun run, TimeRange window, Map<Long, List<UpnessRun>> into) {
        long atMs = entry.atMs();
        while (atMs < Math.min(entry.untilMs(), window.startMs())) {
            TimeRange of = TimeRange.windowOf(atMs, window.lengthMs());
            UpnessEntry part = entry.clipped(of.startMs(), of.endMs());
            into.computeIfAbsent(of.startMs(), _ -> new ArrayList<>())
                    .add(
                            new UpnessRun(
                                    run.cell(),
                                    run.observer(),
                                    run.incarnation(),
                                    part.atMs(),
                                    part.atMs(),
                                    false,
                                    List.of(part)));
            atMs = of.endMs();
        }
    }

    private void put(UpnessBlockId id, List<UpnessRun> runs) throws IOException {
        byte[] file = UpnessFileWriter.write(id, runs, scratch);
        if (bucket.putIfAbsent(id.key(), file) == PutResult.CREATED) {
            metrics.shipped.increment();
        }
    }
}
