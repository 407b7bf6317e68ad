package dev.muster.federation.hazelcast;

import dev.muster.federation.FreePorts;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// What a quiet cell costs each of its agents, run by hand: `CellCost AGENTS SECONDS udp|bus`. All
/// agents are in one process, on loopback, with 30 services each, and start one after another.
final class CellCost {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int UDP_HEADER_BYTES = 28;

    /// So long after the last one came, agents look at all of their maps each second.
    private static final int SETTLE_SECONDS = 45;

    private CellCost() {}

    /// @param args number of agents, seconds, `udp` or `bus`
    public static void main(String[] args) throws IOException, InterruptedException {
        int size = Integer.parseInt(args[0]);
        int seconds = Integer.parseInt(args[1]);
        boolean udp = "udp".equals(args[2]);
        Path directory = Files.createTempDirectory("cell-cost");
        List<Integer> ports = FreePorts.of(size);
        List<TestAgent> cell = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            TestAgent agent =
                    TestAgent.start(
                            "host-" + i,
                            ports.get(i),
                            TestAgent.seeds(ports),
                            directory,
                            config ->
                                    config.withSecret("some secret")
                                            .withUdpPort(
                                                    udp ? OptionalInt.of(0) : OptionalInt.empty()));
            agent.cell().report(services("host-" + i));
            cell.add(agent);
            int others = i;
            waitUntil(() -> agent.planes().peersOnBus() == others);
        }
        waitUntil(() -> isWhole(cell));
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        System.out.println("measuring");
        measure(cell, seconds);
        System.exit(0);
    }

    private static List<ServiceState> services(String host) {
        List<ServiceState> services = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            services.add(
                    new ServiceState(
                            "job" + i % 5,
                            host + ":" + (8000 + i),
                            Health.UP,
                            Provenance.OWN,
                            "",
                            1));
        }
        return services;
    }

    private static void waitUntil(BooleanSupplier holds) throws InterruptedException {
        while (!holds.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static boolean isWhole(List<TestAgent> cell) {
        return cell.stream()
                .allMatch(agent ->
                        agent.view().membersUp() == cell.size()
                                && agent.planes().peersOnBus() == cell.size() - 1);
    }

    private static void measure(List<TestAgent> cell, int seconds)
            throws InterruptedException, IOException {
        List<PlaneStats> before = cell.stream().map(TestAgent::planes).toList();
        Map<Long, Long> cpuBefore = cpu();
        TimeUnit.SECONDS.sleep(seconds);
        Map<Long, Long> cpuAfter = cpu();
        List<PlaneStats> after = cell.stream().map(TestAgent::planes).toList();
        double datagrams = 0;
        double udpBytes = 0;
        double busBytes = 0;
        double busFrames = 0;
        double substituted = 0;
        for (int i = 0; i < cell.size(); i++) {
            datagrams += after.get(i).udp().sent() - before.get(i).udp().sent();
            udpBytes += after.get(i).udp().sentBytes() - before.get(i).udp().sentBytes();
            busBytes += after.get(i).busBytes() - before.get(i).busBytes();
            busFrames += after.get(i).busFrames() - before.get(i).busFrames();
            substituted += after.get(i).beatsByBus() - before.get(i).beatsByBus();
        }
        double per = 1.0 / cell.size() / seconds;
        System.out.printf(
                "agents=%d udp: %.1f datagrams/s, %.0f B/s with headers; bus: %.0f B/s without"
                        + " headers, %.1f frames/s, %.2f in place of datagrams%n",
                cell.size(),
                datagrams * per,
                (udpBytes + datagrams * UDP_HEADER_BYTES) * per,
                busBytes * per,
                busFrames * per,
                substituted * per);
        Map<String, Long> byName = new TreeMap<>();
        cpuAfter.forEach((id, nanos) -> {
            var info = THREADS.getThreadInfo(id);
            if (info != null) {
                byName.merge(
                        kind(info.getThreadName()),
                        nanos - cpuBefore.getOrDefault(id, 0L),
                        Long::sum);
            }
        });
        byName.forEach((name, nanos) -> {
            double percent = nanos / 1e9 * per * 100;
            if (percent >= 0.005) {
                System.out.printf("cpu per agent: %-24s %.3f %%%n", name, percent);
            }
        });
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            lines.filter(line -> line.startsWith("VmRSS")).forEach(System.out::println);
        }
        System.out.println("lost: " + cell.getFirst().cell().stats().counts());
    }

    private static Map<Long, Long> cpu() {
        Map<Long, Long> nanos = new HashMap<>();
        for (long id : THREADS.getAllThreadIds()) {
            nanos.put(id, THREADS.getThreadCpuTime(id));
        }
        return nanos;
    }

    private static String kind(String thread) {
        return thread.replaceAll("^hz\\.[^.]*", "hazelcast").replaceAll("-?[0-9]+$", "");
    }
}
