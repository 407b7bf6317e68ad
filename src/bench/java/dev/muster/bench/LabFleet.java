package dev.muster.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Agents of one product on the hosts of the lab.
abstract class LabFleet {
    final int size;
    final LabRecord record = new LabRecord();
    final LabProcess[] agents;

    LabFleet(int size) {
        this.size = size;
        this.agents = new LabProcess[size + 1];
    }

    abstract String name();

    /// Starts the agent of a host, 1 to `size`.
    abstract void start(int host) throws IOException;

    /// Starts all agents, and what follows them.
    abstract void startAll() throws IOException, InterruptedException;

    /// Those from whom everybody else learns; empty if there are none.
    abstract List<String> queries();

    abstract void stopAll() throws IOException, InterruptedException;

    /// Whether the newest digests in the logs of all query nodes are equal; empty if there are
    /// none.
    Optional<Boolean> queriesAgree() throws IOException {
        return Optional.empty();
    }

    /// The rack of a host: there are five.
    static String rack(int host) {
        return "r" + host % 5;
    }

    static String host(int index) {
        return "h" + index;
    }

    /// Which cell a host is of.
    String cell(int host) {
        return "default";
    }

    /// Whether a host is of the last of several cells.
    final boolean isLastCell(int host) {
        return cell(host).equals(cell(size)) && !cell(1).equals(cell(size));
    }

    /// Hosts as an event log names them.
    final List<LabEvents.Target> targets(List<Integer> hosts) {
        return hosts.stream().map(host -> LabEvents.Target.host(cell(host), host(host))).toList();
    }

    /// The other agents of the cells of these hosts.
    final List<String> observers(List<Integer> hosts) {
        Set<String> cells = hosts.stream().map(this::cell).collect(Collectors.toSet());
        return IntStream.rangeClosed(1, size)
                .filter(host -> cells.contains(cell(host)) && !hosts.contains(host))
                .mapToObj(LabFleet::host)
                .toList();
    }

    List<String> observers() {
        return new ArrayList<>(IntStream.rangeClosed(1, size).mapToObj(LabFleet::host).toList());
    }

    /// Waits until each agent and each query node sees every agent as up.
    ///
    /// @return seconds; negative if it did not come to it
    double awaitWhole(int seconds) throws InterruptedException {
        long began = System.nanoTime();
        while (System.nanoTime() - began < seconds * 1_000_000_000L) {
            if (isWhole()) {
                return (System.nanoTime() - began) / 1e9;
            }
            Thread.sleep(50);
        }
        return -1;
    }

    boolean isWhole() {
        for (int host = 1; host <= size; host++) {
            List<String> seen = List.of(host(host));
            if (!record.allSee(observers(List.of(host)), seen, LabRecord.UP)
                    || !record.allSee(queries(), seen, LabRecord.UP)) {
                return false;
            }
        }
        return true;
    }

    double cpuSeconds() throws IOException {
        double all = 0;
        for (LabProcess agent : agents) {
            all += agent == null || !agent.runs() ? 0 : agent.cpuSeconds();
        }
        return all;
    }

    /// CPU seconds of the threads whose name begins so.
    double cpuSeconds(List<String> threads) throws IOException {
        double all = 0;
        for (LabProcess agent : agents) {
            all += agent == null || !agent.runs() ? 0 : agent.cpuSeconds(threads);
        }
        return all;
    }

    double residentMb() throws IOException {
        double all = 0;
        for (LabProcess agent : agents) {
            all += agent == null || !agent.runs() ? 0 : agent.residentMb();
        }
        return all;
    }
}
