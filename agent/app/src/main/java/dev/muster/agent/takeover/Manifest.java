package dev.muster.agent.takeover;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What an agent scrapes, for the peers that go on with it when the agent is lost. Secrets are not
/// in it.
///
/// @param cell the agent's cell
/// @param host the agent's host
/// @param external labels that every series gets that has none of that name
/// @param targets in the order in which the agent scrapes them
/// @param omitted targets that found no place
/// @param jobs those that announced themselves; empty if there are none
record Manifest(
        String cell,
        String host,
        Map<String, String> external,
        List<ManifestTarget> targets,
        int omitted,
        Optional<ManifestJobs> jobs) {
    /// Most bytes of a manifest.
    static final int LIMIT_BYTES = 256 << 10;

    /// Most targets of a manifest.
    static final int TARGETS_LIMIT = 4_096;

    Manifest {
        external = Map.copyOf(external);
        targets = List.copyOf(targets);
        if (omitted < 0 || targets.size() > TARGETS_LIMIT) {
            throw new IllegalArgumentException(
                    "manifest must have at most "
                            + TARGETS_LIMIT
                            + " targets and omit none or more: targets="
                            + targets.size()
                            + ", omitted="
                            + omitted);
        }
    }

    /// One without jobs.
    Manifest(
            String cell,
            String host,
            Map<String, String> external,
            List<ManifestTarget> targets,
            int omitted) {
        this(cell, host, external, targets, omitted, Optional.empty());
    }

    /// Is there nothing to go on with?
    boolean isEmpty() {
        return targets.isEmpty() && jobs.isEmpty();
    }

    /// Does another name the same targets, and jobs if there are any? What the jobs told may
    /// differ.
    boolean isSameWork(Manifest other) {
        return jobs.isPresent() == other.jobs.isPresent()
                && Arrays.equals(
                        ManifestCodec.encode(withoutJobs()),
                        ManifestCodec.encode(other.withoutJobs()));
    }

    private Manifest withoutJobs() {
        return new Manifest(cell, host, external, targets, omitted);
    }

    /// External labels in one order, always the same.
    Map<String, String> sortedExternal() {
        return new TreeMap<>(external);
    }

    /// The same with the first targets only.
    Manifest first(int count) {
        return new Manifest(
                cell,
                host,
                external,
                targets.subList(0, count),
                omitted + targets.size() - count,
                jobs);
    }

    /// The same with the first jobs only.
    Manifest firstJobs(int count) {
        return new Manifest(
                cell, host, external, targets, omitted, jobs.map(known -> known.first(count)));
    }
}
