package dev.muster.bench.fleet;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.stream.CellPublisher;
import dev.muster.federation.stream.HintSource;
import dev.muster.federation.stream.StreamCodec;
import dev.muster.federation.stream.StreamFrame;
import dev.muster.federation.stream.StreamSession;
import dev.muster.federation.view.CellView;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A fleet of 1 M services, its agents' streams over loopback, and a query node that follows it.
///
/// `serve`: 758 cells of 44 hosts of 30 services, two agents of each answer on a port of their own
/// with the production end of a stream. `watch`: looks at a query node, a process of its own;
/// prints how long it takes until all is known, and what it takes then. Whom: the first argument;
/// then the first port, cells, hosts of a cell, services of a host; the node's URL and process, and
/// how long to watch in s.
final class FleetScale {
    private static final int AGENTS = 2;

    /// How often, and how long each time, the agents are followed before they are watched.
    private static final int WARM_ROUNDS = 2;

    private static final long WARM_MS = 3_000;

    private static final StreamFrame.Subscribe ALL =
            new StreamFrame.Subscribe(List.of(), List.of(), false);

    /// Steps of streams that came so late that a follower must take them for silent: this machine
    /// has no time for all its agents then.
    private static final LongAdder LATE = new LongAdder();

    private final int port;
    private final int cells;
    private final int hosts;
    private final int services;

    private FleetScale(String[] args) {
        port = Integer.parseInt(args[1]);
        cells = Integer.parseInt(args[2]);
        hosts = Integer.parseInt(args[3]);
        services = Integer.parseInt(args[4]);
    }

    public static void main(String[] args) throws Exception {
        var bench = new FleetScale(args);
        if (args[0].equals("serve")) {
            bench.serve();
        } else {
            bench.watch(
                    args[5],
                    Long.parseLong(args[6]),
                    Long.parseLong(args[7]),
                    Integer.parseInt(args[8]));
        }
    }

    // ---- the agents

    /// One cell as all of its agents see it.
    private final class Cell {
        private final int number;
        private final List<Member> members = new ArrayList<>();
        private final long startMs = System.currentTimeMillis();
        private final CellView[] views = new CellView[AGENTS];
        private long version = 1;

        Cell(int number) {
            this.number = number;
            for (int host = 0; host < hosts; host++) {
                members.add(member(host, Health.UP));
            }
        }

        private Member member(int host, Health health) {
            String name =
                    String.format(
                            "host-%05d.zone%d.example.net", number * hosts + host, number % 8);
            List<ServiceState> states = new ArrayList<>();
            for (int i = 0; i < services; i++) {
                boolean up = health == Health.UP;
                states.add(
                        new ServiceState(
                                "service-" + (number + i) % 200,
                                name + ":" + (8000 + i),
                                health,
                                up ? Provenance.OWN : Provenance.HOST,
                                up ? "" : "host down",
                                startMs + (up ? (host * 31L + i * 17L) % 2_000 : 9_000)));
            }
            return new Member(
                    name,
                    host < AGENTS ? "http://127.0.0.1:" + (port + number * AGENTS + host) : "",
                    "10.0.0." + host + ":9641",
                    new Place("zone" + number % 8, "rack" + (number * 7 + host) % 100),
                    startMs / 1000,
                    health == Health.UP
                            ? new Upness.Up(startMs)
                            : new Upness.Down(startMs, Cause.HOST_DOWN),
                    Cause.NONE,
                    Optional.empty(),
                    false,
                    states,
                    startMs,
                    1,
                    1);
        }

        /// A host dies, or comes back.
        synchronized void change(Random random) {
            int host = AGENTS + random.nextInt(hosts - AGENTS);
            boolean up = members.get(host).isUp();
            members.set(host, member(host, up ? Health.DOWN : Health.UP));
            version++;
        }

        synchronized CellView view(int observer) {
            // beats come twice a second
            long nowMs = System.currentTimeMillis() / 500 * 500;
            CellView before = views[observer];
            if (before != null && before.atMs() == nowMs && before.version() == version) {
                return before;
            }
            CellView now = view(observer, nowMs);
            views[observer] = now;
            return now;
        }

        private CellView view(int observer, long nowMs) {
            long beat = Math.max(1, (nowMs - startMs) / 500);
            List<Member> now = new ArrayList<>(hosts);
            for (Member m : members) {
                now.add(
                        new Member(
                                m.host(),
                                m.httpUrl(),
                                m.beatAddress(),
                                m.place(),
                                m.incarnation(),
                                m.upness(),
                                m.note(),
                                m.intent(),
                                m.flapping(),
                                m.services(),
                                nowMs,
                                beat,
                                m.reportSeq()));
            }
            return new CellView(
                    "cell-" + number,
                    members.get(observer).host(),
                    version,
                    now,
                    false,
                    startMs / 1000,
                    true,
                    nowMs);
        }
    }

    private void serve() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        List<Cell> all = new ArrayList<>();
        Map<Integer, CellPublisher> publishers = new HashMap<>();
        for (int number = 0; number < cells; number++) {
            var cell = new Cell(number);
            all.add(cell);
            for (int agent = 0; agent < AGENTS; agent++) {
                int observer = agent;
                publishers.put(
                        port + number * AGENTS + agent,
                        new CellPublisher(() -> cell.view(observer)));
            }
        }
        // agents that have run for a while, as real ones have: these all share one machine
        for (CellPublisher publisher : publishers.values()) {
            new StreamSession(publisher, HintSource.NONE, ALL).step(now());
        }
        for (Map.Entry<Integer, CellPublisher> one : publishers.entrySet()) {
            vertx.createHttpServer(new HttpServerOptions())
                    .requestHandler(request -> answer(vertx, request, one.getValue()))
                    .listen(one.getKey(), "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
        warm(vertx);
        LATE.reset();
        long servedMs = now();
        System.out.println("serving agents=" + publishers.size());
        var random = new Random(1);
        long late = 0;
        while (true) {
            // two hosts change each second, once the first minute is over
            Thread.sleep(500);
            if (now() - servedMs > 60_000) {
                all.get(random.nextInt(cells)).change(random);
            }
            if (LATE.sum() != late) {
                late = LATE.sum();
                System.out.println("steps of streams more than 1.5 s late=" + late);
            }
        }
    }

    /// Follows all agents for a while: those of a fleet have told others before, and their JVMs are
    /// warm; these all share one, which would compile while the query node is looked at.
    private void warm(Vertx vertx) throws Exception {
        byte[] subscribe = new StreamCodec().encode(ALL);
        for (int round = 0; round < WARM_ROUNDS; round++) {
            var client =
                    vertx.createHttpClient(
                            new HttpClientOptions()
                                    .setProtocolVersion(HttpVersion.HTTP_2)
                                    .setHttp2ClearTextUpgrade(false));
            var told = new CountDownLatch(cells * AGENTS);
            for (int agent = 0; agent < cells * AGENTS; agent++) {
                var _ =
                        client.request(
                                        HttpMethod.POST,
                                        port + agent,
                                        "127.0.0.1",
                                        "/api/v1/cell/stream")
                                .compose(request -> request.send(Buffer.buffer(subscribe)))
                                .onSuccess(response -> {
                                    var first = new AtomicBoolean();
                                    response.handler(_ -> {
                                        if (first.compareAndSet(false, true)) {
                                            told.countDown();
                                        }
                                    });
                                })
                                .onFailure(_ -> told.countDown());
                Thread.sleep(agent % 2);
            }
            var _ = told.await(30, TimeUnit.SECONDS);
            Thread.sleep(WARM_MS);
            client.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private static void answer(Vertx vertx, HttpServerRequest request, CellPublisher publisher) {
        request.body()
                .onSuccess(body -> {
                    try {
                        var asked =
                                (StreamFrame.Subscribe) new StreamCodec().decode(body.getBytes());
                        HttpServerResponse response = request.response().setChunked(true);
                        var session = new StreamSession(publisher, HintSource.NONE, asked);
                        send(session, response);
                        var lastMs = new AtomicLong(now());
                        long timer =
                                vertx.setPeriodic(
                                        StreamSession.STEP_MS,
                                        _ -> {
                                            long nowMs = now();
                                            if (nowMs - lastMs.getAndSet(nowMs) > 1_500) {
                                                LATE.increment();
                                            }
                                            send(session, response);
                                        });
                        response.closeHandler(_ -> vertx.cancelTimer(timer));
                        response.exceptionHandler(_ -> vertx.cancelTimer(timer));
                    } catch (FrameException e) {
                        request.response().setStatusCode(400).end();
                    }
                });
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    private static void send(StreamSession session, HttpServerResponse response) {
        for (byte[] frame : session.step(now())) {
            response.write(
                    Buffer.buffer(frame.length + 4).appendInt(frame.length).appendBytes(frame));
        }
    }

    // ---- the node

    /// Looks at a query node that has just been started, until it knows all, and then for a while.
    private void watch(String url, long pid, long agentsPid, int seconds) throws Exception {
        var node = new Node(url, pid);
        var agents = new Node(url, agentsPid);
        double agentsCpu = agents.cpuSeconds();
        long startNanos = System.nanoTime();
        node.await("muster_query_fleet_streams", streams -> streams > 0);
        double readySeconds = (System.nanoTime() - startNanos) / 1e9;
        double readyCpu = node.cpuSeconds();
        int all = cells * hosts;
        while (true) {
            String summary = node.get("/api/v1/fleet?summary=true");
            boolean whole = summary.matches("(?s)\\{\"coverage\":1(\\.0)?,.*");
            if (whole && number(summary, "hosts") == all) {
                break;
            }
            Thread.sleep(200);
        }
        double syncSeconds = (System.nanoTime() - startNanos) / 1e9;
        double syncCpu = node.cpuSeconds();
        System.out.printf(
                "started: s=%.1f cpu-s=%.1f%n"
                        + "cold sync of one observer a cell: s=%.1f cpu-s=%.1f, from the start"
                        + " of the process: s=%.1f cpu-s=%.1f (C1 %.1f, C2 %.1f);"
                        + " the agents took cpu-s=%.1f%n",
                readySeconds,
                readyCpu,
                syncSeconds - readySeconds,
                syncCpu - readyCpu,
                syncSeconds,
                syncCpu,
                node.cpuSeconds("C1 Compiler"),
                node.cpuSeconds("C2 Compiler"),
                agents.cpuSeconds() - agentsCpu);
        node.await("muster_query_fleet_streams_connected", streams -> streams >= cells * AGENTS);
        System.out.printf(
                "all streams: s=%.1f cpu-s=%.1f MB received=%.1f%n",
                (System.nanoTime() - startNanos) / 1e9 - readySeconds,
                node.cpuSeconds() - readyCpu,
                node.value("muster_query_fleet_bytes_total") / 1e6);
        node.steady(seconds);
    }

    private static long number(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
        return found.find() ? Long.parseLong(found.group(1)) : -1;
    }

    /// The query node that is looked at, from outside.
    private record Node(String url, long pid) {
        private static final HttpClient HTTP = HttpClient.newHttpClient();

        String get(String path) throws InterruptedException {
            try {
                return HTTP.send(
                                HttpRequest.newBuilder(URI.create(url + path))
                                        .timeout(Duration.ofSeconds(10))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
            } catch (IOException e) {
                return "";
            }
        }

        /// Sum of a metric over its series; 0 if there are none.
        double value(String metric) throws InterruptedException {
            return get("/metrics")
                    .lines()
                    .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }

        void await(String metric, DoublePredicate condition) throws InterruptedException {
            while (!condition.test(value(metric))) {
                var _ = cpuSeconds(); // fails if it has ended
                Thread.sleep(200);
            }
        }

        double cpuSeconds() {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().totalCpuDuration())
                    .map(cpu -> cpu.toMillis() / 1e3)
                    .orElseThrow();
        }

        /// Of its threads whose name begins so.
        double cpuSeconds(String thread) throws IOException {
            double ticks = 0;
            try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
                for (Path task : tasks.toList()) {
                    String stat = Files.readString(task.resolve("stat"));
                    if (stat.contains("(" + thread)) {
                        String[] words = stat.substring(stat.lastIndexOf(')')).split(" ");
                        ticks += Long.parseLong(words[12]) + Long.parseLong(words[13]);
                    }
                }
            }
            return ticks / 100;
        }

        long memory(String line) throws IOException {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(text -> text.startsWith(line))
                    .mapToLong(text -> Long.parseLong(text.replaceAll("[^0-9]", "")) * 1024)
                    .sum();
        }

        void steady(int seconds) throws Exception {
            double cpu = cpuSeconds();
            double bytes = value("muster_query_fleet_bytes_total");
            double frames = value("muster_query_fleet_frames_total");
            long sum = 0;
            for (int i = 0; i < seconds; i++) {
                Thread.sleep(1000);
                sum += memory("VmRSS");
            }
            String summary = get("/api/v1/fleet?summary=true");
            System.out.printf(
                    "steady: s=%d KB/s=%.1f frames/s=%.0f cpu %%=%.1f mismatches=%.0f repairs=%.0f"
                            + " silent=%.0f unread=%.0f hosts=%d services=%d%n",
                    seconds,
                    (value("muster_query_fleet_bytes_total") - bytes) / 1e3 / seconds,
                    (value("muster_query_fleet_frames_total") - frames) / seconds,
                    (cpuSeconds() - cpu) * 100 / seconds,
                    value("muster_query_fleet_mismatches_total"),
                    value("muster_query_fleet_repairs_total"),
                    value("muster_query_fleet_silent_total"),
                    value("muster_query_fleet_unread_total"),
                    number(summary, "hosts"),
                    number(summary, "services"));
            System.out.printf(
                    "memory: rss MB=%.1f (mean of the time), %.1f at most since the start%n",
                    sum / 1e6 / seconds, memory("VmHWM") / 1e6);
        }
    }
}
