package dev.muster.head.memory;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.Exemplar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a scrape has beside numbers, before its commit: histograms at the tick, start times,
/// exemplars. Confined as its [Staging] is.
final class StagedSide {
    private @Nullable NativeHistogram[] histograms = new NativeHistogram[0];
    private final IntList histogramSlots = new IntList();

    private final IntList startSlots = new IntList();
    private long[] startsMs = new long[0];

    /// By start time: does it count from the next tick on?
    private boolean[] startNext = new boolean[0];

    /// Index of the newest start time by slot, + 1.
    private int[] newestStart = new int[0];

    private final IntList exemplarSlots = new IntList();
    private final List<Exemplar> exemplars = new ArrayList<>();

    boolean isEmpty() {
        return histogramSlots.size() + startSlots.size() + exemplars.size() == 0;
    }

    void histogram(int slot, NativeHistogram histogram) {
        if (slot >= histograms.length) {
            histograms = Arrays.copyOf(histograms, slot + 1 + (slot >> 2));
        }
        histograms[slot] = histogram;
        histogramSlots.add(slot);
    }

    @Nullable NativeHistogram histogram(int slot) {
        return slot < histograms.length ? histograms[slot] : null;
    }

    IntList histogramSlots() {
        return histogramSlots;
    }

    /// @param next does it count from the next tick on, because this one has a sample?
    void start(int slot, long startMs, boolean next) {
        int index = startSlots.size();
        startSlots.add(slot);
        if (index >= startsMs.length) {
            startsMs = Arrays.copyOf(startsMs, index * 2 + 8);
            startNext = Arrays.copyOf(startNext, index * 2 + 8);
        }
        startsMs[index] = startMs;
        startNext[index] = next;
        if (slot >= newestStart.length) {
            newestStart = Arrays.copyOf(newestStart, slot + 1 + (slot >> 2));
        }
        newestStart[slot] = index + 1;
    }

    /// Since when samples of the slot count, if this scrape has said so.
    long startMs(int slot, long before) {
        int newest = slot < newestStart.length ? newestStart[slot] : 0;
        return newest == 0 ? before : startsMs[newest - 1];
    }

    IntList startSlots() {
        return startSlots;
    }

    /// The start time at `index` of [#startSlots].
    long startAt(int index) {
        return startsMs[index];
    }

    boolean startsNext(int index) {
        return startNext[index];
    }

    /// Notes an exemplar, unless it is the one noted before it.
    void exemplar(int slot, Exemplar exemplar) {
        int newest = exemplars.size() - 1;
        if (newest < 0
                || exemplarSlots.at(newest) != slot
                || !exemplars.get(newest).equals(exemplar)) {
            exemplarSlots.add(slot);
            exemplars.add(exemplar);
        }
    }

    int exemplars() {
        return exemplars.size();
    }

    int exemplarSlot(int index) {
        return exemplarSlots.at(index);
    }

    Exemplar exemplar(int index) {
        return exemplars.get(index);
    }

    void clear() {
        for (int i = 0; i < histogramSlots.size(); i++) {
            histograms[histogramSlots.at(i)] = null;
        }
        for (int i = 0; i < startSlots.size(); i++) {
            newestStart[startSlots.at(i)] = 0;
        }
        histogramSlots.clear();
        startSlots.clear();
        exemplarSlots.clear();
        exemplars.clear();
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        return 200 + histograms.length * 4L + newestStart.length * 4L + startsMs.length * 9L;
    }
}
