package dev.muster.federation.sim;

import java.util.ArrayList;
import java.util.List;

/// What came out of the simulated cells of a scenario. Confined to one thread.
final class Tally {
    private static final int EXAMPLES = 5;

    /// From a fault until every query node shows it, and until every agent of the cell knows.
    final Latencies atQueries = new Latencies();

    final Latencies atAgents = new Latencies();

    /// What the scenario measures besides, such as gaps.
    final Latencies other = new Latencies();

    /// Faults that some query node did not show in time, and that were shown with another cause.
    int missed;

    int wrongCause;

    /// Members called down that were not, by agents and at query nodes; services likewise.
    int falseAtAgents;

    int falseAtQueries;
    int falseServices;

    /// Target-seconds without a value, with the wrong one, and all.
    long unknownSeconds;

    long wrongSeconds;
    long targetSeconds;

    /// Longest run of seconds for which a target had no value, and a wrong one.
    int longestUnknown;

    int longestWrong;

    long agentMs;
    long datagramBytes;
    long busBytes;
    long streamBytes;
    long events;
    long steps;
    long cpuNanos;
    final List<String> examples = new ArrayList<>();

    void example(String what) {
        if (examples.size() < EXAMPLES) {
            examples.add(what);
        }
    }

    int falseEvents() {
        return falseAtAgents + falseAtQueries + falseServices;
    }

    void add(Tally cell) {
        atQueries.addAll(cell.atQueries);
        atAgents.addAll(cell.atAgents);
        other.addAll(cell.other);
        missed += cell.missed;
        wrongCause += cell.wrongCause;
        falseAtAgents += cell.falseAtAgents;
        falseAtQueries += cell.falseAtQueries;
        falseServices += cell.falseServices;
        unknownSeconds += cell.unknownSeconds;
        wrongSeconds += cell.wrongSeconds;
        targetSeconds += cell.targetSeconds;
        longestUnknown = Math.max(longestUnknown, cell.longestUnknown);
        longestWrong = Math.max(longestWrong, cell.longestWrong);
        agentMs += cell.agentMs;
        datagramBytes += cell.datagramBytes;
        busBytes += cell.busBytes;
        streamBytes += cell.streamBytes;
        events += cell.events;
        steps += cell.steps;
        cpuNanos += cell.cpuNanos;
        cell.examples.forEach(this::example);
    }
}
