package dev.muster.agent.runs;

import dev.muster.model.labels.Labels;
import java.util.Comparator;

/// A job on an instance.
///
/// @param job name of the job
/// @param instance where it runs, mostly a host
public record RunKey(String job, String instance) implements Comparable<RunKey> {
    private static final int LENGTH_LIMIT = 200;

    public RunKey {
        if (job.isEmpty()
                || instance.isEmpty()
                || job.length() > LENGTH_LIMIT
                || instance.length() > LENGTH_LIMIT) {
            throw new IllegalArgumentException(
                    "job and instance must have 1 to "
                            + LENGTH_LIMIT
                            + " characters: job="
                            + job
                            + ", instance="
                            + instance);
        }
    }

    Labels labels() {
        return Labels.of("instance", instance, "job", job);
    }

    @Override
    public int compareTo(RunKey other) {
        return Comparator.comparing(RunKey::job)
                .thenComparing(RunKey::instance)
                .compare(this, other);
    }
}
