package dev.muster.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// How long it takes from a fault in the fleet until a webhook hears of it. Behind
/// `src/bench/alert-delivery`.
public final class AlertDelivery {
    private static final int AGENTS = 4;
    private static final int NODES = 2;
    private static final long GIVE_UP_MS = 60_000;
    private static final long QUIET_NANOS = 240_000_000_000L;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final List<AlertNode> agents = new ArrayList<>();
    private final List<AlertNode> nodes = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();
    private final Random random = new Random(1);
    private final AlertSink sink;
    private final int port;
    private int seen;

    /// A service that can be stopped, and whose metric can be changed.
    private static final class Service {
        private final int port;
        private final AtomicInteger value = new AtomicInteger();
        private HttpServer server;

        Service(int port) throws IOException {
            this.port = port;
            server = begin();
        }

        private HttpServer begin() throws IOException {
            HttpServer made = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
            made.createContext(
                    "/metrics",
                    exchange -> {
                        byte[] text =
                                ("# TYPE broken gauge\nbroken " + value.get() + "\n")
                                        .getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders()
                                .set("Content-Type", "text/plain; version=0.0.4");
                        exchange.sendResponseHeaders(200, text.length);
                        exchange.getResponseBody().write(text);
                        exchange.close();
                    });
            made.start();
            return made;
        }

        void stop() {
            server.stop(0);
        }

        void restart() throws IOException {
            server = begin();
        }
    }

    private AlertDelivery(AlertSink sink, int port) {
        this.sink = sink;
        this.port = port;
    }

    /// @param arguments directory, first port, number of faults, `group_wait`, commands of an agent
    ///   and of a query node, in which `SETTINGS` is filled in
    public static void main(String... arguments) throws Exception {
        Path work = Path.of(arguments[0]);
        int code;
        try (AlertSink sink = new AlertSink()) {
            AlertDelivery run = new AlertDelivery(sink, Integer.parseInt(arguments[1]));
            try {
                run.begin(work, arguments[3], arguments[4], arguments[5]);
                code = run.play(Integer.parseInt(arguments[2]), arguments[3]);
            } finally {
                for (AlertNode each : run.agents) {
                    each.kill();
                }
                for (AlertNode each : run.nodes) {
                    each.kill();
                }
                run.services.forEach(Service::stop);
            }
        }
        System.exit(code);
    }

    private void begin(Path work, String wait, String agent, String query) throws Exception {
        StringBuilder seeds = new StringBuilder();
        StringBuilder urls = new StringBuilder();
        for (int i = 0; i < AGENTS; i++) {
            seeds.append(i == 0 ? "" : ",").append("127.0.0.1:").append(port + 100 + i);
            urls.append(i == 0 ? "" : ",").append("http://127.0.0.1:").append(port + i);
        }
        for (int i = 0; i < AGENTS; i++) {
            Service service = new Service(port + 300 + i);
            services.add(service);
            agents.add(agent(work, i, agent, seeds.toString(), service));
        }
        Path rules = work.resolve("rules.yml");
        Files.writeString(
                rules,
                "groups: [{name: g, interval: 1s, rules: [{alert: Broken, expr: 'broken > 0',"
                        + " labels: {severity: page}}]}]\n");
        Path config = work.resolve("alertmanager.yml");
        Files.writeString(
                config,
                "route: {receiver: all, group_by: ['...'], group_wait: "
                        + wait
                        + ", group_interval: 5s, repeat_interval: 4h}\nreceivers:\n- name: all\n"
                        + "  webhook_configs: [{url: '"
                        + sink.url()
                        + "/all'}]\n");
        for (int i = 0; i < NODES; i++) {
            nodes.add(node(work, i, query, urls.toString(), rules, config));
        }
        for (AlertNode each : nodes) {
            each.await(Duration.ofMinutes(3));
        }
        awaitQuiet();
    }

    private AlertNode agent(Path work, int number, String command, String seeds, Service service)
            throws IOException {
        Path scrape = work.resolve("scrape" + number + ".yml");
        Files.writeString(
                scrape,
                "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n"
                        + "- {job_name: shop, static_configs: [{targets: ['127.0.0.1:"
                        + service.port
                        + "']}]}\n");
        String settings =
                settings(
                        "muster.agent.host=h" + number,
                        "muster.agent.data-dir=" + work.resolve("agent" + number),
                        "muster.http.host=127.0.0.1",
                        "muster.http.port=" + (port + number),
                        "muster.cell.address=127.0.0.1",
                        "muster.cell.port=" + (port + 100 + number),
                        "muster.cell.seeds=" + seeds,
                        "muster.scrape.config-file=" + scrape,
                        "muster.store.url=file://" + work.resolve("store"));
        return new AlertNode(
                AlertNode.words(command.replace("SETTINGS", settings)),
                work.resolve("agent" + number + ".log"),
                "http://127.0.0.1:" + (port + number));
    }

    private AlertNode node(
            Path work, int number, String command, String agentUrls, Path rules, Path config)
            throws IOException {
        String seeds = "127.0.0.1:" + (port + 220) + ",127.0.0.1:" + (port + 221);
        String settings =
                settings(
                        "muster.http.port=" + (port + 200 + number),
                        "muster.query.agents=" + agentUrls,
                        "muster.store.url=file://" + work.resolve("store"),
                        "muster.cluster.seeds=" + seeds,
                        "muster.cluster.secret=only-for-this-run",
                        "muster.cluster.port=" + (port + 220 + number),
                        "muster.cluster.node=q" + number,
                        "muster.rules.files=" + rules,
                        // the same host fails again and again here, and is no case of flapping
                        "muster.upness-alerts.flap-window=1s",
                        "muster.upness-alerts.calm=1s",
                        "muster.alertmanager.config-file=" + config,
                        "muster.alertmanager.dir=" + work.resolve("state" + number));
        return new AlertNode(
                AlertNode.words(command.replace("SETTINGS", settings)),
                work.resolve("q" + number + ".log"),
                "http://127.0.0.1:" + (port + 200 + number) + "/alertmanager");
    }

    private static String settings(String... all) {
        return "-D" + String.join(" -D", all);
    }

    /// Until the fleet is up and nothing fires on any node.
    private void awaitQuiet() throws Exception {
        long deadline = System.nanoTime() + QUIET_NANOS;
        int quiet = 0;
        String found = "";
        while (quiet < 3) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the fleet must become quiet: " + found);
            }
            found = "services=" + sum("up{job=\"shop\"}") + " hosts=" + sum("muster_host_up");
            boolean now = found.equals("services=" + AGENTS + " hosts=" + AGENTS);
            for (AlertNode node : nodes) {
                String alerts = node.call("GET", "/api/v2/alerts?active=true", "").body().strip();
                now &= alerts.equals("[]");
                found += " alerts=" + alerts;
            }
            quiet = now ? quiet + 1 : 0;
            TimeUnit.MILLISECONDS.sleep(300);
        }
        seen = sink.told().size();
    }

    /// What the first node says a sum is; -1 where it says nothing.
    private int sum(String selector) throws InterruptedException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:"
                                                    + (port + 200)
                                                    + "/api/v1/query?query="
                                                    + URLEncoder.encode(
                                                            "sum(" + selector + ")",
                                                            StandardCharsets.UTF_8)))
                            .timeout(Duration.ofSeconds(10))
                            .build();
            String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) Json.read(body)).get("data");
            List<?> result = (List<?>) data.get("result");
            if (result.isEmpty()) {
                return -1;
            }
            List<?> value = (List<?>) ((Map<?, ?>) result.getFirst()).get("value");
            return (int) Double.parseDouble(String.valueOf(value.get(1)));
        } catch (IOException | RuntimeException _) {
            return -1;
        }
    }

    private int play(int faults, String wait) throws Exception {
        List<Long> rules = new ArrayList<>();
        List<Long> stopped = new ArrayList<>();
        List<Long> killed = new ArrayList<>();
        // the first of each is no measure: programs have just begun
        for (int i = -3; i < faults; i++) {
            int victim = Math.floorMod(Math.floorDiv(i, 3), AGENTS);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000));
            List<Long> to = i < 0 ? new ArrayList<>() : List.of(rules, stopped, killed).get(i % 3);
            switch (Math.floorMod(i, 3)) {
                case 0 -> to.add(rule(victim));
                case 1 -> to.add(stop(victim));
                default -> to.add(kill(victim));
            }
            awaitQuiet();
        }
        System.out.println(
                "group_wait " + wait + ", " + AGENTS + " agents, " + NODES + " query nodes");
        boolean well = tell("rule (changed metric -> webhook)", rules, 10_000);
        List<Long> upness = new ArrayList<>(stopped);
        upness.addAll(killed);
        well &= tell("service stopped -> webhook", stopped, 6_000);
        well &= tell("agent killed -> webhook", killed, 6_000);
        well &= tell("upness, both", upness, 6_000);
        return well ? 0 : 1;
    }

    private long rule(int victim) throws Exception {
        Service service = services.get(victim);
        long began = System.nanoTime() / 1_000_000;
        service.value.set(1);
        long took = await(began, "Broken", "127.0.0.1:" + service.port);
        service.value.set(0);
        return took;
    }

    private long stop(int victim) throws Exception {
        Service service = services.get(victim);
        long began = System.nanoTime() / 1_000_000;
        service.stop();
        long took = await(began, "ServiceDown", "127.0.0.1:" + service.port);
        service.restart();
        return took;
    }

    private long kill(int victim) throws Exception {
        AlertNode agent = agents.get(victim);
        long began = System.nanoTime() / 1_000_000;
        agent.kill();
        long took = await(began, "AgentDown", "h" + victim);
        agent.restart();
        return took;
    }

    /// @return how long it took; [Long#MAX_VALUE] if nobody told of it
    private long await(long beganMs, String name, String where) throws InterruptedException {
        while (System.nanoTime() / 1_000_000 - beganMs < GIVE_UP_MS) {
            List<AlertSink.Told> all = sink.told();
            for (AlertSink.Told told : all.subList(seen, all.size())) {
                if (told.body().contains("\"status\":\"firing\"")
                        && told.body().contains("\"" + name + "\"")
                        && told.body().contains("\"" + where + "\"")) {
                    return told.atMs() - beganMs;
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return Long.MAX_VALUE;
    }

    private static boolean tell(String what, List<Long> all, long mostMs) {
        long[] found =
                all.stream()
                        .filter(ms -> ms < Long.MAX_VALUE)
                        .mapToLong(ms -> ms)
                        .sorted()
                        .toArray();
        int missed = all.size() - found.length;
        if (found.length == 0) {
            System.out.printf("%-34s none of %d%n", what, all.size());
            return false;
        }
        long p99 = found[Math.min(found.length - 1, (int) Math.ceil(0.99 * found.length) - 1)];
        System.out.printf(
                "%-34s n=%d p50=%.1f s p99=%.1f s max=%.1f s missed=%d %s%n",
                what,
                all.size(),
                found[found.length / 2] / 1_000.0,
                p99 / 1_000.0,
                Arrays.stream(found).max().getAsLong() / 1_000.0,
                missed,
                p99 <= mostMs && missed == 0
                        ? "within " + mostMs / 1000 + " s"
                        : "NOT within " + mostMs / 1000 + " s");
        return p99 <= mostMs && missed == 0;
    }
}
