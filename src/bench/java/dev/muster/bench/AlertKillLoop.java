package dev.muster.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A storm of alerts at a cluster of query nodes, one of which is killed again and again; each
/// alert is sent once, to one node, until one has taken it. Every one that was taken must be told.
/// Behind `src/bench/alert-kill-loop`.
public final class AlertKillLoop {
    private static final int GROUPS = 200;
    private static final int BATCH = 20;
    private static final long LAST_WAIT_MS = 180_000;

    /// A node that dies so soon after it has told something may not have noted it.
    private static final long IN_FLIGHT_MS = 1_000;

    private final List<AlertNode> nodes = new ArrayList<>();
    private final AlertSink sink;
    private final Random random;
    private final Set<String> taken = ConcurrentHashMap.newKeySet();
    private volatile boolean failed;
    private int minutes;

    /// When which node was killed.
    private final List<Kill> killed = new ArrayList<>();

    private record Kill(long atMs, String base) {}

    private AlertKillLoop(AlertSink sink, Random random) {
        this.sink = sink;
        this.random = random;
    }

    /// @param arguments directory, number of nodes, of kills, of alerts, seed, first port, the
    ///   command of a node, in which `PORT`, `MEMBER`, `THIS-NODE`, `DIR`, `SEEDS` and `CONFIG` are
    ///   filled in, and after how many minutes no more are killed
    public static void main(String... arguments) throws Exception {
        Path work = Path.of(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        int kills = Integer.parseInt(arguments[2]);
        int alerts = Integer.parseInt(arguments[3]);
        long seed = Long.parseLong(arguments[4]);
        int port = Integer.parseInt(arguments[5]);
        int code;
        try (AlertSink sink = new AlertSink()) {
            Path config = work.resolve("alertmanager.yml");
            Files.writeString(
                    config,
                    "route: {receiver: all, group_by: [group], group_wait: 1s, group_interval: 5s,"
                            + " repeat_interval: 4h}\nreceivers:\n- name: all\n"
                            + "  webhook_configs: [{url: '"
                            + sink.url()
                            + "/all'}]\n");
            AlertKillLoop loop = new AlertKillLoop(sink, new Random(seed));
            try {
                loop.begin(work, config, count, port, arguments[6]);
                loop.minutes = Integer.parseInt(arguments[7]);
                code = loop.run(kills, alerts);
            } finally {
                for (AlertNode node : loop.nodes) {
                    node.kill();
                }
            }
        }
        System.exit(code);
    }

    private void begin(Path work, Path config, int count, int port, String command)
            throws Exception {
        List<String> seeds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seeds.add("127.0.0.1:" + (port + 100 + i));
        }
        for (int i = 0; i < count; i++) {
            String filled =
                    command.replace("PORT", String.valueOf(port + i))
                            .replace("MEMBER", String.valueOf(port + 100 + i))
                            .replace("THIS-NODE", "n" + i)
                            .replace("DIR", work.resolve("state" + i).toString())
                            .replace("SEEDS", String.join(",", seeds))
                            .replace("CONFIG", config.toString());
            nodes.add(
                    new AlertNode(
                            AlertNode.words(filled),
                            work.resolve("n" + i + ".log"),
                            "http://127.0.0.1:" + (port + i) + "/alertmanager"));
        }
        for (AlertNode node : nodes) {
            node.await(Duration.ofMinutes(3));
        }
    }

    private int run(int kills, int alerts) throws Exception {
        long began = System.nanoTime();
        Thread storm = Thread.ofVirtual().start(() -> storm(alerts, kills));
        int done = 0;
        long end = began + TimeUnit.MINUTES.toNanos(minutes);
        while (done < kills && System.nanoTime() < end) {
            List<AlertNode> answering = answering();
            if (answering.size() < 2) {
                TimeUnit.MILLISECONDS.sleep(100);
                continue;
            }
            AlertNode victim = answering.get(random.nextInt(answering.size()));
            victim.kill();
            killed.add(new Kill(System.nanoTime() / 1_000_000, victim.base()));
            done++;
            TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
            victim.restart();
            if (done % 20 == 0) {
                System.out.printf(
                        "%d kills, %d alerts taken, %d s%n",
                        done, taken.size(), (System.nanoTime() - began) / 1_000_000_000L);
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000));
        }
        System.out.printf(
                "%d kills of %d in %d s%n",
                done, kills, (System.nanoTime() - began) / 1_000_000_000L);
        storm.join();
        if (failed) {
            System.out.println("the storm could not be sent");
            return 1;
        }
        long deadline = System.nanoTime() + LAST_WAIT_MS * 1_000_000;
        while (!told().containsAll(taken) && System.nanoTime() < deadline) {
            TimeUnit.SECONDS.sleep(1);
        }
        TimeUnit.SECONDS.sleep(12);
        return report();
    }

    private List<AlertNode> answering() throws InterruptedException {
        List<AlertNode> answering = new ArrayList<>();
        for (AlertNode node : nodes) {
            if (node.lives() && node.answers()) {
                answering.add(node);
            }
        }
        return answering;
    }

    /// Spread over about the time that the kills take.
    private void storm(int alerts, int kills) {
        Random choice = new Random(7);
        int batches = Math.max(1, alerts / BATCH);
        long pauseMs = Math.min(1_000, kills * 1_200L / batches);
        try {
            for (int batch = 0; batch < batches; batch++) {
                List<String> names = new ArrayList<>();
                StringBuilder body = new StringBuilder();
                for (int i = 0; i < BATCH; i++) {
                    int number = batch * BATCH + i;
                    names.add("a" + number);
                    body.append(body.isEmpty() ? "[" : ",")
                            .append("{\"labels\":{\"alertname\":\"a")
                            .append(number)
                            .append("\",\"group\":\"g")
                            .append(batch % GROUPS)
                            .append("\"},\"endsAt\":\"")
                            .append(Instant.now().plusSeconds(36_000))
                            .append("\"}");
                }
                send(body.append(']').toString(), choice);
                taken.addAll(names);
                TimeUnit.MILLISECONDS.sleep(pauseMs);
            }
        } catch (InterruptedException | IOException e) {
            System.out.println("storm: " + e);
            failed = true;
        }
    }

    private void send(String body, Random choice) throws InterruptedException, IOException {
        for (int i = 0; i < 1_000; i++) {
            try {
                AlertNode node = nodes.get(choice.nextInt(nodes.size()));
                if (node.call("POST", "/api/v2/alerts", body).status() == 200) {
                    return;
                }
            } catch (IOException _) {
                // It is dead; another may not be.
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IOException("no node takes alerts");
    }

    private Set<String> told() {
        Set<String> told = new HashSet<>();
        for (AlertSink.Told each : sink.told()) {
            told.addAll(names(each));
        }
        return told;
    }

    private static Set<String> names(AlertSink.Told told) {
        Set<String> names = new TreeSet<>();
        for (Object alert : (List<?>) ((Map<?, ?>) Json.read(told.body())).get("alerts")) {
            Map<?, ?> labels = (Map<?, ?>) ((Map<?, ?>) alert).get("labels");
            names.add(String.valueOf(labels.get("alertname")));
        }
        return names;
    }

    private int report() {
        Map<String, Set<String>> known = new HashMap<>();
        Map<String, AlertSink.Told> last = new HashMap<>();
        Map<String, Integer> again = new TreeMap<>();
        int marked = 0;
        for (AlertSink.Told told : sink.told()) {
            String group = String.valueOf(((Map<?, ?>) Json.read(told.body())).get("groupKey"));
            Set<String> before = known.computeIfAbsent(group, key -> new HashSet<>());
            if (!before.addAll(names(told))) {
                again.merge(why(told, last.get(group)), 1, Integer::sum);
                marked += told.body().contains("maybeDuplicate") ? 1 : 0;
            }
            last.put(group, told);
        }
        Set<String> lost = new TreeSet<>(taken);
        lost.removeAll(told());
        System.out.printf(
                "%d alerts taken, %d told, %d lost; %d notifications, %d of them with nothing new"
                        + " (%d of those marked as possible duplicates)%n",
                taken.size(),
                told().size(),
                lost.size(),
                sink.told().size(),
                again.values().stream().mapToInt(count -> count).sum(),
                marked);
        again.forEach((why, count) -> System.out.println("  again, " + why + ": " + count));
        if (!lost.isEmpty()) {
            System.out.println("lost: " + lost.stream().limit(20).toList());
        }
        return lost.isEmpty() ? 0 : 1;
    }

    /// What became of the node that had told it before.
    private String why(AlertSink.Told told, AlertSink.Told before) {
        String teller = node(before);
        for (Kill kill : killed) {
            if (kill.base().equals(teller)
                    && kill.atMs() >= before.atMs() - 50
                    && kill.atMs() <= told.atMs()) {
                return kill.atMs() - before.atMs() < IN_FLIGHT_MS
                        ? "its node died as it told it"
                        : "its node died later";
            }
        }
        return teller.equals(node(told)) ? "same node, alive" : "another node, both alive";
    }

    /// Which node has told it.
    private static String node(AlertSink.Told told) {
        return String.valueOf(((Map<?, ?>) Json.read(told.body())).get("externalURL"));
    }
}
