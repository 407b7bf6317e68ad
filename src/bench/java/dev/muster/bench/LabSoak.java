package dev.muster.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// Hours of small troubles: 1 % loss, agents that are killed, stopped or restarted in turn. Memory
/// must stay flat, and nobody be called down but those who are.
final class LabSoak {
    private static final int WHOLE_SECONDS = 120;
    private static final int ROUNDS_A_LINE = 10;

    private final MusterFleet fleet;
    private final LabNetwork network;
    private final LabEvents events;
    private final Duration time;
    private final long seed = Long.getLong("seed", System.nanoTime() & 0xFFFFFF);
    private final Random random = new Random(seed);
    private final List<Double> memory = new ArrayList<>();
    private int troubles;
    private int falseEvents;
    private int neverWhole;

    LabSoak(MusterFleet fleet, LabNetwork network, LabEvents events, Duration time) {
        this.fleet = fleet;
        this.network = network;
        this.events = events;
        this.time = time;
    }

    void run() throws IOException, InterruptedException {
        FederationLab.note("soak: seed=%d, %d agents, %s", seed, fleet.size, time);
        events.broken(
                "service_dead",
                fleet.targets(IntStream.rangeClosed(1, fleet.size).boxed().toList()));
        fleet.startAll();
        if (fleet.awaitWhole(WHOLE_SECONDS) < 0) {
            throw new IOException("the cell must be whole before the soak");
        }
        events.mended();
        Thread.sleep(11_000);
        network.loss(1);
        long began = System.nanoTime();
        System.out.println(
                "| minutes | troubles | false events | never whole again | RSS per agent, MB |"
                        + " query node, MB |");
        System.out.println("|---|---|---|---|---|---|");
        line(began);
        while (System.nanoTime() - began < time.toNanos()) {
            for (int i = 0; i < ROUNDS_A_LINE; i++) {
                trouble();
            }
            line(began);
        }
        System.out.printf(
                "RSS of all agents at the end / after the first tenth: %.3f%n",
                memory.getLast() / memory.get(memory.size() / 10));
    }

    private void trouble() throws IOException, InterruptedException {
        int host = 1 + random.nextInt(fleet.size);
        String name = LabFleet.host(host);
        long began = System.nanoTime();
        troubles++;
        List<LabEvents.Target> itself = fleet.targets(List.of(host));
        switch (random.nextInt(4)) {
            case 0 -> {
                events.broken("agent_dead", itself);
                fleet.agents[host].end("KILL");
                Thread.sleep(4000);
                fleet.start(host);
            }
            case 1 -> {
                events.broken("agent_paused", itself);
                fleet.agents[host].signal("STOP");
                Thread.sleep(500 + random.nextInt(9500));
                fleet.agents[host].signal("CONT");
            }
            case 2 -> {
                events.broken("announced", itself);
                fleet.agents[host].end("TERM");
                fleet.start(host);
            }
            default -> {
                events.broken("service_dead", List.of(fleet.serviceTarget(host)));
                fleet.killService(host);
                Thread.sleep(3000);
                fleet.startService(host);
            }
        }
        boolean whole = fleet.awaitWhole(WHOLE_SECONDS) >= 0;
        neverWhole += whole ? 0 : 1;
        events.mended();
        Thread.sleep(11_000);
        List<String> wrong =
                fleet.record.falseSince(began, Set.of(name)).stream()
                        .filter(line -> !line.contains("/"))
                        .toList();
        wrong.forEach(each -> FederationLab.note("soak: trouble of %s: FALSE %s", name, each));
        falseEvents += wrong.size();
        fleet.record.forgetChanges();
    }

    private void line(long began) throws IOException {
        double agents = fleet.residentMb();
        memory.add(agents);
        System.out.printf(
                "| %.0f | %d | %d | %d | %.1f | %.0f |%n",
                (System.nanoTime() - began) / 60e9,
                troubles,
                falseEvents,
                neverWhole,
                agents / fleet.size,
                fleet.queryResidentMb());
    }
}
