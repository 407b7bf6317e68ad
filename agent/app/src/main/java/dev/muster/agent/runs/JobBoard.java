package dev.muster.agent.runs;

import java.util.List;

/// The jobs of an agent as others see them. Thread-safe.
public interface JobBoard {
    /// No jobs at all.
    JobBoard NONE =
            new JobBoard() {
                @Override
                public List<JobView> jobs() {
                    return List.of();
                }

                @Override
                public long changes() {
                    return 0;
                }
            };

    /// All jobs, by name and instance.
    List<JobView> jobs();

    /// Another number after each change of [#jobs()].
    long changes();
}
