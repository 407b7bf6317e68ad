package dev.muster.agent.intake;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What became of pushed samples: how many are stored, and why others are not. Grows while a push
/// is taken in; belongs to one thread at a time.
public final class IntakeReceipt {
    private static final int EXAMPLES = 3;

    private final Map<IntakeFault, Integer> refused = new EnumMap<>(IntakeFault.class);
    private final List<String> examples = new ArrayList<>(EXAMPLES);
    private int samples;
    private int histograms;
    private int exemplars;
    private int folded;

    void written(boolean histogram) {
        if (histogram) {
            histograms++;
        } else {
            samples++;
        }
    }

    void exemplar() {
        exemplars++;
    }

    void countFolded() {
        folded++;
    }

    /// One sample, series or data point is not stored.
    ///
    /// @param why for people: what must hold, what was found
    public void refuse(IntakeFault fault, String why) {
        refused.merge(fault, 1, Integer::sum);
        if (examples.size() < EXAMPLES) {
            examples.add(why.length() <= 300 ? why : why.substring(0, 300) + "…");
        }
    }

    /// Adds what became of others.
    void add(IntakeReceipt other) {
        samples += other.samples;
        histograms += other.histograms;
        exemplars += other.exemplars;
        folded += other.folded;
        other.refused.forEach((fault, count) -> refused.merge(fault, count, Integer::sum));
        other.examples.stream().limit(EXAMPLES - examples.size()).forEach(examples::add);
    }

    /// Numbers stored.
    public int samples() {
        return samples;
    }

    /// Native histograms stored.
    public int histograms() {
        return histograms;
    }

    public int exemplars() {
        return exemplars;
    }

    /// Samples of new series beyond the memory budget, which are counted and not stored.
    public int folded() {
        return folded;
    }

    /// Samples refused.
    public int refused() {
        return refused.values().stream().mapToInt(Integer::intValue).sum();
    }

    public Map<IntakeFault, Integer> refusedBy() {
        return Collections.unmodifiableMap(refused);
    }

    /// Why samples were refused, in words: counts by reason, and some examples; empty if none were.
    public String reasons() {
        if (refused.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("samples refused: ");
        refused.forEach(
                (fault, count) -> text.append(fault.label()).append('=').append(count).append(' '));
        return text.append("examples: ").append(String.join("; ", examples)).toString();
    }
}
