package dev.muster.query.api;

import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockEntry;
import dev.muster.blocks.schema.BlockId;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/// What is stored, over agents and blocks: `status/tsdb`, `status/tsdb/blocks`, `status/walreplay`.
final class TsdbCalls {
    /// Series of this time count where the call names none.
    private static final long LATELY_MS = 3_600_000;

    private static final int DEFAULT_LIMIT = 10;
    private static final int MOST_LIMIT = 10_000;

    private static final char[] CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

    private final SeriesSource source;
    private final BlockCatalog catalog;
    private final InstantSource clock;

    TsdbCalls(SeriesSource source, BlockCatalog catalog, InstantSource clock) {
        this.source = source;
        this.catalog = catalog;
        this.clock = clock;
    }

    /// The cardinality of the series of the last hour, or of `start` to `end`.
    Answer status(Call call) throws ApiException, IOException {
        int limit = limit(call.parameters());
        long endMs = call.parameters().timeMs("end", clock.millis());
        long startMs = call.parameters().timeMs("start", endMs - LATELY_MS);
        if (endMs < startMs) {
            throw ApiException.invalid("end", "end timestamp must not be before start time");
        }
        SelectRequest request =
                new SelectRequest(
                        TimeRange.closed(startMs, endMs), List.of(), false, call.budget());
        Cardinality cardinality = new Cardinality();
        try (SeriesSet set = source.select(request)) {
            cardinality.add(set, call.budget());
            return Answer.of(
                    json -> write(cardinality, limit, startMs, endMs, json), set.warnings());
        }
    }

    private static int limit(Parameters parameters) throws ApiException {
        if (!parameters.has("limit")) {
            return DEFAULT_LIMIT;
        }
        int limit;
        try {
            limit = Integer.parseInt(parameters.text("limit"));
        } catch (NumberFormatException e) {
            limit = 0;
        }
        if (limit < 1) {
            throw ApiException.badData("limit must be a positive number");
        }
        if (limit > MOST_LIMIT) {
            throw ApiException.badData("limit must not exceed " + MOST_LIMIT);
        }
        return limit;
    }

    private static void write(
            Cardinality cardinality, int limit, long startMs, long endMs, JsonWriter json)
            throws IOException {
        json.beginObject().name("headStats").beginObject();
        json.name("numSeries").value(cardinality.series());
        json.name("numLabelPairs").value(cardinality.labelPairs());
        json.name("chunkCount").value(0);
        json.name("minTime").value(startMs);
        json.name("maxTime").value(endMs).endObject();
        write("seriesCountByMetricName", cardinality.seriesByMetric(limit), json);
        write("labelValueCountByLabelName", cardinality.valuesByLabel(limit), json);
        write("memoryInBytesByLabelName", cardinality.bytesByLabel(limit), json);
        write("seriesCountByLabelValuePair", cardinality.seriesByPair(limit), json);
        json.endObject();
    }

    private static void write(String name, List<Cardinality.Stat> stats, JsonWriter json)
            throws IOException {
        json.name(name).beginArray();
        for (Cardinality.Stat stat : stats) {
            json.beginObject().name("name").value(stat.name());
            json.name("value").value(stat.value()).endObject();
        }
        json.endArray();
    }

    /// The blocks that are visible in the bucket.
    Answer blocks(Call call) {
        List<BlockEntry> blocks = catalog.blocks(TimeRange.closed(Times.MIN_MS, Times.MAX_MS));
        return Answer.of(json -> {
            json.beginObject().name("blocks").beginArray();
            for (BlockEntry block : blocks) {
                write(block.id(), json);
            }
            json.endArray().endObject();
        });
    }

    private static void write(BlockId id, JsonWriter json) throws IOException {
        String ulid = ulid(id);
        json.beginObject().name("ulid").value(ulid);
        json.name("minTime").value(id.range().startMs());
        json.name("maxTime").value(id.range().endMs());
        json.name("compaction").beginObject();
        json.name("level").value(id.level().ordinal() + 1L);
        json.name("sources").strings(List.of(ulid)).endObject();
        json.name("version").value(1);
        json.name("cell").value(id.cell());
        json.name("host").value(id.host()).endObject();
    }

    /// A name of the form that Prometheus gives to blocks, always the same for one block: the time
    /// is the end of its window, the rest follows from its key.
    static String ulid(BlockId id) {
        long low = Labels.of("key", id.seriesKey()).seriesId();
        long high = Labels.of("key", id.samplesKey()).seriesId() & 0xffff;
        char[] text = new char[26];
        long timeMs = id.range().endMs();
        for (int i = 9; i >= 0; i--) {
            text[i] = CROCKFORD[(int) (timeMs & 31)];
            timeMs >>>= 5;
        }
        for (int i = 25; i >= 10; i--) {
            text[i] = CROCKFORD[(int) (low & 31)];
            low = (low >>> 5) | (high << 59);
            high >>>= 5;
        }
        return new String(text);
    }

    /// This node has no log to read back.
    Answer walReplay(Call call) {
        return Answer.of(json -> {
            json.beginObject().name("min").value(0);
            json.name("max").value(0).name("current").value(0).endObject();
        });
    }
}
