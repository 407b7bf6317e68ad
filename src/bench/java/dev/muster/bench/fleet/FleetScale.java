package dev.muster.bench.fleet;

import dev.muster.federation.follow.Follower;
import dev.muster.federation.follow.FollowerConfig;
import dev.muster.federation.follow.FollowerStats;
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
import dev.muster.federation.view.CellState.Counts;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.FleetView;
import dev.muster.query.fleet.HttpStreamTransport;
import dev.muster.query.wire.AgentConnections;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// A fleet of 1 M services, its agents' streams over loopback, and one follower of it.
///
/// `serve`: 758 cells of 44 hosts of 30 services, two agents of each answer on a port of their own
/// with the production end of a stream. `follow`: the production follower, in a process of its own;
/// prints how long it takes until all is known, and what it takes then. Whom: the first argument;
/// then the first port, cells, hosts of a cell, services of a host, and how long to watch in s.
final class FleetScale {
    private static final int AGENTS = 2;

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
            bench.follow(Integer.parseInt(args[5]));
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
        for (Map.Entry<Integer, CellPublisher> one : publishers.entrySet()) {
            vertx.createHttpServer(new HttpServerOptions())
                    .requestHandler(request -> answer(vertx, request, one.getValue()))
                    .listen(one.getKey(), "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
        System.out.println("serving agents=" + publishers.size());
        var random = new Random(1);
        while (true) {
            // two hosts change each second, once the first minute is over
            Thread.sleep(500);
            if (System.currentTimeMillis() - all.getFirst().startMs > 60_000) {
                all.get(random.nextInt(cells)).change(random);
            }
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
                        long timer =
                                vertx.setPeriodic(
                                        StreamSession.STEP_MS, _ -> send(session, response));
                        response.closeHandler(_ -> vertx.cancelTimer(timer));
                        response.exceptionHandler(_ -> vertx.cancelTimer(timer));
                    } catch (FrameException e) {
                        request.response().setStatusCode(400).end();
                    }
                });
    }

    private static void send(StreamSession session, HttpServerResponse response) {
        for (byte[] frame : session.step(System.nanoTime() / 1_000_000)) {
            response.write(
                    Buffer.buffer(frame.length + 4).appendInt(frame.length).appendBytes(frame));
        }
    }

    // ---- the node

    private void follow(int seconds) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        Map<String, List<String>> addresses = new HashMap<>();
        for (int number = 0; number < cells; number++) {
            addresses.put(
                    "cell-" + number,
                    List.of(
                            "http://127.0.0.1:" + (port + number * AGENTS),
                            "http://127.0.0.1:" + (port + number * AGENTS + 1)));
        }
        System.gc();
        long heapBefore = heap();
        long rssBefore = rss();
        FleetView fleet = new FleetView(Duration.ofSeconds(5), Clock.systemUTC());
        var transport =
                new HttpStreamTransport(
                        new AgentConnections(vertx, Duration.ofSeconds(2), Optional.empty()));
        var follower =
                new Follower(
                        FollowerConfig.of(List.of(), "bench"),
                        fleet,
                        () -> addresses,
                        transport,
                        System::nanoTime,
                        new Random(1),
                        new FollowerStats());
        long startNanos = System.nanoTime();
        double cpuStart = cpu();
        int all = cells * hosts;
        long known = -1;
        while (known < 0) {
            follower.tick();
            Thread.sleep(100);
            if (counts(fleet).hosts() == all && fleet.state().coverage() == 1) {
                known = System.nanoTime() - startNanos;
            }
        }
        System.out.printf(
                "cold sync of one observer a cell: s=%.1f cpu-s=%.1f services=%d%n",
                known / 1e9, cpu() - cpuStart, counts(fleet).services());
        while (connected(follower) < cells * AGENTS) {
            follower.tick();
            Thread.sleep(100);
        }
        System.out.printf(
                "all streams: s=%.1f cpu-s=%.1f streams=%d MB received=%.1f%n",
                (System.nanoTime() - startNanos) / 1e9,
                cpu() - cpuStart,
                connected(follower),
                follower.stats().bytes() / 1e6);
        watch(follower, fleet, seconds);
        System.gc();
        System.out.printf(
                "memory: heap MB=%.1f (before %.1f) rss MB=%.1f (before %.1f)%n",
                heap() / 1e6, heapBefore / 1e6, rss() / 1e6, rssBefore / 1e6);
        follower.close();
        System.exit(0);
    }

    private static void watch(Follower follower, FleetView fleet, int seconds) throws Exception {
        double cpu = cpu();
        long bytes = follower.stats().bytes();
        long frames = follower.stats().frames();
        long stateNanos = 0;
        int ticks = seconds * 5;
        for (int i = 0; i < ticks; i++) {
            follower.tick();
            long before = System.nanoTime();
            fleet.state();
            stateNanos += System.nanoTime() - before;
            Thread.sleep(200);
        }
        System.out.printf(
                "steady: s=%d KB/s=%.1f frames/s=%.0f cpu %%=%.1f state() us=%.0f mismatches=%d"
                        + " repairs=%d silent=%d coverage=%.4f down=%d%n",
                seconds,
                (follower.stats().bytes() - bytes) / 1e3 / seconds,
                (follower.stats().frames() - frames) / (double) seconds,
                (cpu() - cpu) * 100 / seconds,
                stateNanos / 1e3 / ticks,
                follower.stats().mismatches(),
                follower.stats().repairs(),
                follower.stats().silent(),
                fleet.state().coverage(),
                counts(fleet).down());
    }

    private static Counts counts(FleetView fleet) {
        return fleet.state().cells().stream()
                .map(cell -> cell.counts())
                .reduce(Counts.NONE, Counts::plus);
    }

    private static long connected(Follower follower) {
        return follower.followed().stream().filter(one -> one.connected()).count();
    }

    private static double cpu() {
        var os =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        return os.getProcessCpuTime() / 1e9;
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long rss() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .sum();
    }
}
