package dev.muster.query.api;

import dev.muster.blocks.tombstone.Tombstone;
import dev.muster.blocks.tombstone.TombstoneStore;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Deletes series: `admin/tsdb/*`. Off until it is asked for.
final class AdminCalls {
    private final boolean enabled;
    private final TombstoneStore tombstones;
    private final Runnable changed;
    private final InstantSource clock;

    /// @param changed told when other samples are hidden than before
    AdminCalls(boolean enabled, TombstoneStore tombstones, Runnable changed, InstantSource clock) {
        this.enabled = enabled;
        this.tombstones = tombstones;
        this.changed = changed;
        this.clock = clock;
    }

    /// Hides the samples that there are now, here at once, elsewhere with the next refresh.
    Answer deleteSeries(Call call) throws ApiException, IOException {
        requireEnabled();
        Parameters parameters = call.parameters();
        List<String> texts = parameters.texts("match[]");
        if (texts.isEmpty()) {
            throw ApiException.badData("no match[] parameter provided");
        }
        long startMs = parameters.timeMs("start", Times.MIN_MS);
        long endMs = parameters.timeMs("end", Times.MAX_MS);
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        for (String text : texts) {
            selectors.add(matchers(text));
        }
        // what comes later is not deleted
        long lastMs = Math.min(endMs, clock.millis());
        if (lastMs >= startMs) {
            if (tombstones.all().size() + selectors.size() > tombstones.limit()) {
                throw new ApiException(
                        ErrorType.UNAVAILABLE, "tombstones must be at most " + tombstones.limit());
            }
            for (List<LabelMatcher> matchers : selectors) {
                add(TimeRange.closed(startMs, lastMs), matchers);
            }
            changed.run();
        }
        return Answer.nothing();
    }

    private void add(TimeRange range, List<LabelMatcher> matchers)
            throws ApiException, IOException {
        try {
            if (tombstones.add(range, matchers).isEmpty()) {
                throw new ApiException(
                        ErrorType.UNAVAILABLE, "tombstones must be at most " + tombstones.limit());
            }
        } catch (IllegalArgumentException e) {
            throw ApiException.badData(String.valueOf(e.getMessage()));
        }
    }

    private static List<LabelMatcher> matchers(String text) throws ApiException {
        try {
            List<LabelMatcher> matchers = PromQl.parseSelector(text);
            if (matchers.stream().allMatch(LabelMatcher::matchesEmpty)) {
                throw ApiException.invalid(
                        "match[]", "match[] must contain at least one non-empty matcher");
            }
            return matchers;
        } catch (QueryException e) {
            throw ApiException.invalid("match[]", e.getMessage());
        }
    }

    /// Which deletions there are: not a call of Prometheus.
    Answer tombstones(Call call) throws ApiException {
        requireEnabled();
        List<Tombstone> all = tombstones.all();
        long nowMs = clock.millis();
        return Answer.of(json -> {
            json.beginArray();
            for (Tombstone one : all) {
                json.beginObject().name("id").value(one.id());
                json.name("created").seconds(one.createdMs());
                json.name("start").seconds(one.range().startMs());
                json.name("end").seconds(one.range().endMs() - 1);
                json.name("matchers")
                        .strings(one.matchers().stream().map(LabelMatcher::toString).toList());
                json.name("final").value(one.isFinal(nowMs)).endObject();
            }
            json.endArray();
        });
    }

    /// Takes a deletion back, within its grace: not a call of Prometheus.
    Answer restore(Call call) throws ApiException, IOException {
        requireEnabled();
        String id = call.path();
        Optional<Tombstone> found =
                tombstones.all().stream().filter(one -> one.id().equals(id)).findFirst();
        if (found.isEmpty()) {
            throw new ApiException(ErrorType.NOT_FOUND, "no tombstone is known of id=" + id);
        }
        if (found.get().isFinal(clock.millis())) {
            throw ApiException.badData(
                    "tombstone is final after " + Tombstone.GRACE.toHours() + " h: id=" + id);
        }
        tombstones.remove(found.get());
        changed.run();
        return Answer.nothing();
    }

    /// Blocks are rewritten when they are merged, not on demand: nothing is left to be done here.
    Answer cleanTombstones(Call call) throws ApiException {
        requireEnabled();
        return Answer.nothing();
    }

    Answer snapshot(Call call) throws ApiException {
        requireEnabled();
        throw new ApiException(
                ErrorType.UNAVAILABLE,
                "blocks in the bucket never change: a copy of the bucket is a snapshot");
    }

    private void requireEnabled() throws ApiException {
        if (!enabled) {
            throw new ApiException(ErrorType.UNAVAILABLE, "admin APIs disabled");
        }
    }
}
