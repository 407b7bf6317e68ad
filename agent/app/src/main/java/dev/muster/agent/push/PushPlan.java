package dev.muster.agent.push;

import java.nio.file.Path;

/// How groups, and the runs of jobs, are kept.
///
/// @param directory of their log
/// @param runsDirectory of the log of runs
/// @param limits of what may be pushed
/// @param adminApi may all groups be deleted at once?
public record PushPlan(Path directory, Path runsDirectory, PushLimits limits, boolean adminApi) {}
