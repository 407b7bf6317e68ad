package dev.muster.agent.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.runs.JobPlan;
import dev.muster.agent.runs.RunKey;
import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakeoverTest {
    /// A host without an agent in this test.
    private static final String GONE = "x-gone";

    private static final Duration LONG = Duration.ofSeconds(15);

    private final Vertx vertx = Vertx.vertx();
    private final FakeCell cell = new FakeCell();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir private Path root;
    private TestService service;
    private AgentRig lost;
    private AgentRig first;
    private AgentRig second;

    @BeforeEach
    void start() throws IOException {
        service = keep(TestService.start());
        lost = rig("a-lost");
        cell.upness.put(lost.host, new Upness.Up(0));
        first = rig("b-first");
        second = rig("c-second");
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.add(part);
        return part;
    }

    private AgentRig rig(String host) throws IOException {
        return keep(new AgentRig(vertx, cell, host, root, TakeoverPlan.DEFAULT));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : opened.reversed()) {
            part.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    /// A port that nobody listens on.
    private static String closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    /// A port of a host that answers nothing: connections to it are not taken up.
    private String silentPort() throws IOException {
        InetAddress host = InetAddress.getByName("127.0.0.9");
        ServerSocket full = keep(new ServerSocket(0, 1, host));
        for (boolean taken = true; taken; ) {
            Socket waiting = keep(new Socket());
            try {
                waiting.connect(full.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException e) {
                taken = false;
            }
        }
        return "http://127.0.0.9:" + full.getLocalPort();
    }

    private OnceChecker checker() {
        return new OnceChecker(AgentRig.all(lost, first, second), AgentRig.INTERVAL.toMillis());
    }

    private void awaitValues(int more) {
        int before = checker().read("up", service.instance()).size();
        await().atMost(LONG)
                .until(() -> checker().read("up", service.instance()).size() >= before + more);
    }

    private void awaitOwn() {
        await().atMost(LONG).until(() -> cell.manifests.containsKey(lost.host));
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(checker().read("up", service.instance()).size())
                                .isGreaterThan(3));
    }

    private ServiceState toldOf(AgentRig by, String host) {
        return cell.told(by.host, host)
                .map(told -> told.service(service.instance()))
                .orElseThrow(() -> new AssertionError("nothing told"));
    }

    private void awaitUp(AgentRig by) {
        awaitUp(by, lost.host);
    }

    private void awaitUp(AgentRig by, String host) {
        await().atMost(LONG)
                .untilAsserted(() -> {
                    ServiceState told = toldOf(by, host);
                    assertThat(told.health()).isEqualTo(Health.UP);
                    assertThat(told.provenance()).isEqualTo(Provenance.PEER);
                });
    }

    @Test
    void goesOnWithServicesOfALostAgentAsOneSeries() throws Exception {
        lost.scrape(service.instance());
        awaitOwn();
        lost.die();
        first.takeover.takeOver(lost.host, 1, closedPort());
        second.takeover.takeOver(lost.host, 1, closedPort());
        awaitUp(first);
        awaitUp(second);
        assertThat(cell.told(first.host, lost.host).orElseThrow(AssertionError::new).probe())
                .isEqualTo(ProbeResult.ALIVE);
        awaitValues(4);

        // the agent is back: for a while all three scrape
        lost.scrape(service.instance());
        awaitValues(3);
        first.takeover.giveBack(lost.host);
        second.takeover.giveBack(lost.host);
        awaitValues(3);
        lost.die();

        OnceChecker once = checker();
        once.refuseBreaks("requests_total", service.instance());
        assertThat(once.longestGapMs("requests_total", service.instance())).isLessThan(3_000);
        SampleColumns up = once.read("up", service.instance());
        for (int i = 0; i < up.size(); i++) {
            assertThat(up.values()[i]).isEqualTo(1);
        }
    }

    @Test
    void goesOnByAManifestThatComesAfterTheLoss() throws Exception {
        ManifestTarget target =
                Manifests.target(
                        Manifests.profile("web", Duration.ofMillis(500)),
                        "127.0.0.1",
                        service.port());
        first.takeover.takeOver(GONE, 1, closedPort());
        cell.manifests.put(
                lost.host, ManifestCodec.encode(Manifests.of(lost.host))); // of before its targets
        second.takeover.takeOver(lost.host, 1, closedPort());
        await().atMost(LONG)
                .until(() ->
                        cell.told(first.host, GONE).isPresent()
                                && cell.told(second.host, lost.host).isPresent());

        cell.manifests.put(GONE, ManifestCodec.encode(Manifests.of(GONE, target)));
        cell.manifests.put(lost.host, ManifestCodec.encode(Manifests.of(lost.host, target)));
        awaitUp(first, GONE);
        awaitUp(second, lost.host);
        assertThat(metric(first, "muster_takeover_renewed_total")).isEqualTo(1);

        // what says nothing new, or nothing at all, changes nothing
        cell.manifests.put(GONE, new byte[] {1});
        await().atMost(LONG)
                .until(() -> metric(first, "muster_takeover_manifests_refused_total") == 1);
        awaitUp(first, GONE);
        assertThat(metric(first, "muster_takeover_renewed_total")).isEqualTo(1);
        assertThat(metric(first, "muster_takeover_started_total")).isEqualTo(1);
        assertThat(metric(first, "muster_takeover_ended_total")).isZero();
    }

    @Test
    void endsTheSeriesOfAServiceThatItsAgentDoesNotGoOnWith() throws Exception {
        TestService removed = keep(TestService.start());
        lost.scrape(service.instance(), removed.instance());
        awaitOwn();
        lost.die();
        first.takeover.takeOver(lost.host, 1, closedPort());
        awaitUp(first);
        await().atMost(LONG)
                .until(() ->
                        cell.told(first.host, lost.host)
                                .orElseThrow()
                                .service(removed.instance())
                                .up());
        cell.reports.put(
                lost.host, List.of(ServiceState.own("web", service.instance(), true, "", 1)));
        first.takeover.giveBack(lost.host);
        OnceChecker taken =
                new OnceChecker(AgentRig.all(first), 1); // the marker stands between two ticks
        await().atMost(LONG)
                .untilAsserted(() -> {
                    SampleColumns ended = taken.read("requests_total", removed.instance());
                    assertThat(Staleness.isStale(ended.values()[ended.size() - 1])).isTrue();
                });
        taken.refuseBreaks("requests_total", service.instance());
    }

    @Test
    void prefersTheOwnSamplesAndThenThoseOfTheFirstPeer() throws Exception {
        lost.scrape(service.instance());
        awaitOwn();
        first.takeover.takeOver(lost.host, 1, closedPort());
        second.takeover.takeOver(lost.host, 1, closedPort());
        awaitUp(first);
        awaitUp(second);
        awaitValues(4);
        lost.die();
        awaitValues(3);
        first.takeover.giveBack(lost.host);
        second.takeover.giveBack(lost.host);
        awaitQuiet();

        long[] own = times(AgentRig.all(lost));
        double[] ownValues = values(AgentRig.all(lost));
        SampleColumns merged = checker().read("requests_total", service.instance());
        SampleColumns turned =
                new OnceChecker(AgentRig.all(second, first, lost), AgentRig.INTERVAL.toMillis())
                        .read("requests_total", service.instance());
        assertThat(values(merged)).isEqualTo(values(turned));
        for (int i = 0; i < own.length; i++) {
            assertThat(valueAt(merged, own[i])).isEqualTo(ownValues[i]);
        }
    }

    private void awaitQuiet() {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(700))
                .until(() -> {
                    int before = checker().read("up", service.instance()).size();
                    return before == sizeAfterATick();
                });
    }

    private int sizeAfterATick() {
        java.util.concurrent.locks.LockSupport.parkNanos(600_000_000L);
        return checker().read("up", service.instance()).size();
    }

    private long[] times(dev.muster.model.series.SeriesSource source) {
        SampleColumns columns =
                new OnceChecker(source, AgentRig.INTERVAL.toMillis())
                        .read("requests_total", service.instance());
        return java.util.Arrays.copyOf(columns.timestampsMs(), columns.size());
    }

    private double[] values(dev.muster.model.series.SeriesSource source) {
        return values(
                new OnceChecker(source, AgentRig.INTERVAL.toMillis())
                        .read("requests_total", service.instance()));
    }

    private static double[] values(SampleColumns columns) {
        return java.util.Arrays.copyOf(columns.values(), columns.size());
    }

    private static double valueAt(SampleColumns columns, long timeMs) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.timestampsMs()[i] == timeMs) {
                return columns.values()[i];
            }
        }
        throw new AssertionError("no value at " + timeMs);
    }

    @Test
    void leavesNoHoleWhenARestartIsAnnounced() throws Exception {
        lost.scrape(service.instance());
        awaitOwn();
        first.takeover.takeOver(lost.host, 1, closedPort());
        awaitUp(first);
        lost.die();
        awaitValues(3);
        lost.scrape(service.instance());
        awaitValues(2);
        first.takeover.giveBack(lost.host);
        awaitValues(2);
        assertThat(checker().longestGapMs("up", service.instance()))
                .isEqualTo(AgentRig.INTERVAL.toMillis());
        checker().refuseBreaks("requests_total", service.instance());
    }

    @Test
    void tellsAServiceThatIsDownFromOneThatAnswers() throws Exception {
        TestService ill = keep(TestService.start());
        ill.status = 500;
        TestService gone = TestService.start();
        lost.scrape(service.instance(), ill.instance(), gone.instance());
        gone.close();
        awaitOwn();
        lost.die();
        first.takeover.takeOver(lost.host, 1, closedPort());
        awaitUp(first);
        await().atMost(LONG)
                .untilAsserted(() -> {
                    FakeCell.Told told =
                            cell.told(first.host, lost.host).orElseThrow(AssertionError::new);
                    assertThat(told.service(ill.instance()).health()).isEqualTo(Health.DOWN);
                    assertThat(told.service(ill.instance()).reason()).contains("status=500");
                    assertThat(told.service(gone.instance()).health()).isEqualTo(Health.DOWN);
                    assertThat(told.service(gone.instance()).reason()).contains("refused");
                });
    }

    @Test
    void saysNothingOfASilentHostUntilTheCellHasAVerdict() throws Exception {
        try (BlackHole hole = new BlackHole()) {
            Manifest manifest =
                    Manifests.of(
                            GONE,
                            Manifests.target(
                                    Manifests.profile("web", Duration.ofMillis(500)),
                                    "127.0.0.1",
                                    hole.port()));
            cell.manifests.put(GONE, ManifestCodec.encode(manifest));
            String instance = "127.0.0.1:" + hole.port();
            first.takeover.takeOver(GONE, 1, "http://127.0.0.1:" + hole.port());
            await().atMost(LONG)
                    .untilAsserted(() -> {
                        FakeCell.Told told =
                                cell.told(first.host, GONE).orElseThrow(AssertionError::new);
                        assertThat(told.probe()).isEqualTo(ProbeResult.SILENT);
                        assertThat(told.service(instance).health()).isEqualTo(Health.UNKNOWN);
                        assertThat(told.service(instance).reason()).startsWith("silent");
                    });
            assertThat(metric(first, "muster_takeover_samples_appended_total")).isZero();

            cell.upness.put(GONE, new Upness.Down(1, Cause.HOST_DOWN));
            await().atMost(LONG)
                    .untilAsserted(() -> {
                        ServiceState state =
                                cell.told(first.host, GONE)
                                        .orElseThrow(AssertionError::new)
                                        .service(instance);
                        assertThat(state.health()).isEqualTo(Health.DOWN);
                        assertThat(state.provenance()).isEqualTo(Provenance.HOST);
                    });
            // a value for each tick, but not a question for each
            long questions = metric(first, "muster_takeover_scrapes_total");
            OnceChecker once = new OnceChecker(AgentRig.all(first), AgentRig.INTERVAL.toMillis());
            int before = once.read("up", instance).size();
            await().atMost(LONG).until(() -> once.read("up", instance).size() >= before + 6);
            assertThat(once.longestGapMs("up", instance)).isEqualTo(500);
            assertThat(metric(first, "muster_takeover_scrapes_total"))
                    .isLessThanOrEqualTo(questions + 1);
        }
    }

    /// Takes connections of nobody: its queue is full, so that the kernel drops what comes.
    private static final class BlackHole implements AutoCloseable {
        private final ServerSocket socket =
                new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<java.net.Socket> waiting = new ArrayList<>();

        BlackHole() throws IOException {
            for (int i = 0; i < 8; i++) {
                java.net.Socket next = new java.net.Socket();
                waiting.add(next);
                try {
                    next.connect(
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(), socket.getLocalPort()),
                            100);
                } catch (IOException e) {
                    return;
                }
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (java.net.Socket next : waiting) {
                next.close();
            }
            socket.close();
        }
    }

    @Test
    void isHonestAboutWhatItCannotReach() throws Exception {
        Manifest manifest =
                Manifests.of(
                        GONE,
                        Manifests.unprobeable(Manifests.PLAIN, "inside", Reach.LOOPBACK_ONLY),
                        Manifests.target(
                                new ScrapeProfile(
                                        "secret",
                                        Manifests.PLAIN.timing(),
                                        Manifests.PLAIN.limits(),
                                        Manifests.PLAIN.formats(),
                                        Manifests.PLAIN.rules(),
                                        Manifests.PLAIN.http(),
                                        "secret"),
                                service.port()));
        cell.manifests.put(GONE, ManifestCodec.encode(manifest));
        first.takeover.takeOver(GONE, 1, closedPort());
        await().atMost(LONG)
                .untilAsserted(() -> {
                    FakeCell.Told told =
                            cell.told(first.host, GONE).orElseThrow(AssertionError::new);
                    ServiceState inside = told.service("inside");
                    assertThat(inside.health()).isEqualTo(Health.UNKNOWN);
                    assertThat(inside.reason()).isEqualTo(Reach.LOOPBACK_ONLY);
                    assertThat(told.service(service.instance()).reason())
                            .isEqualTo(ForeignJobs.NO_CREDENTIAL + "secret");
                });
    }

    @Test
    void doesNotGuessBeyondItsCapacity() throws Exception {
        AgentRig small =
                keep(
                        new AgentRig(
                                vertx,
                                cell,
                                "d-small",
                                root,
                                TakeoverPlan.DEFAULT.withRates(1, 1)));
        TestService other = keep(TestService.start());
        lost.scrape(service.instance(), other.instance());
        awaitOwn();
        lost.die();
        small.takeover.takeOver(lost.host, 1, closedPort());
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(
                                        cell.told(small.host, lost.host)
                                                .orElseThrow(AssertionError::new)
                                                .services())
                                .anySatisfy(state -> {
                                    assertThat(state.health()).isEqualTo(Health.UNKNOWN);
                                    assertThat(state.reason()).startsWith("capacity");
                                }));
        assertThat(metric(small, "muster_takeover_over_capacity_total")).isPositive();
    }

    @Test
    void knowsThatAServiceRanWhileNobodyLooked() throws Exception {
        lost.scrape(service.instance());
        awaitOwn();
        lost.die();
        long beforeMs = System.currentTimeMillis();
        first.takeover.takeOver(lost.host, 1, closedPort());
        awaitUp(first);
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(metric(first, "muster_takeover_inferred_total")).isEqualTo(1));
        // since it was started, an hour ago: so the cell knows that it ran while nobody looked
        assertThat(toldOf(first, lost.host).sinceMs())
                .isBetween(beforeMs - 3_700_000, beforeMs - 3_500_000);
    }

    /// Its samples are there when it is started again, and are not lost by a kill.
    @Test
    void servesWhatItTookBeforeItWasKilled() throws Exception {
        lost.scrape(service.instance());
        awaitOwn();
        lost.die();
        first.takeover.takeOver(lost.host, 1, closedPort());
        awaitUp(first);
        awaitValues(3);
        int before = checker().read("up", service.instance()).size();
        first.close();
        opened.remove(first);
        first = rig("b-first");
        assertThat(checker().read("up", service.instance()).size()).isGreaterThanOrEqualTo(before);
        first.takeover.takeOver(lost.host, 1, closedPort());
        awaitValues(2);
        checker().refuseBreaks("requests_total", service.instance());
    }

    /// Its host dies before the job is due: those who take over say so, in the same series, and so
    /// does the agent when it is back.
    @Test
    void saysThatAJobOfALostHostIsOverdue() throws Exception {
        RunKey nightly = new RunKey("nightly", "db-1");
        JobPlan plan = new JobPlan("@every 3s", "UTC", Duration.ZERO, Duration.ZERO);
        lost.jobs().start(nightly, Optional.of(plan), "a", System.currentTimeMillis());
        lost.jobs()
                .finish(
                        nightly,
                        Optional.empty(),
                        "a",
                        0,
                        System.currentTimeMillis(),
                        0,
                        List.of());
        lost.scrape(service.instance());
        awaitOwn();
        await().atMost(LONG).untilAsserted(() -> assertThat(last("job_overdue", "db-1")).isZero());
        lost.die();
        String silent = silentPort();
        first.takeover.takeOver(lost.host, 1, silent);
        second.takeover.takeOver(lost.host, 1, silent);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(last("job_overdue", "db-1")).isEqualTo(1));
        assertThat(last("job_up", "db-1")).isZero();
        assertThat(last("job_overdue_total", "db-1")).isEqualTo(1);
        assertThat(metric(first, "muster_takeover_jobs")).isEqualTo(1);

        lost.startHost();
        lost.scrape(service.instance());
        int before = checker().read("job_overdue", "db-1").size();
        await().atMost(LONG).until(() -> checker().read("job_overdue", "db-1").size() > before + 3);
        first.takeover.giveBack(lost.host);
        second.takeover.giveBack(lost.host);
        lost.jobs().start(nightly, Optional.empty(), "b", System.currentTimeMillis());
        await().atMost(LONG).untilAsserted(() -> assertThat(last("job_overdue", "db-1")).isZero());
        SampleColumns all = checker().read("job_overdue", "db-1");
        int changes = 0;
        for (int i = 1; i < all.size(); i++) {
            assertThat(Staleness.isStale(all.values()[i])).isFalse();
            changes += all.values()[i] == all.values()[i - 1] ? 0 : 1;
        }
        assertThat(changes).as("not due, overdue, started").isEqualTo(2);
        assertThat(last("job_overdue_total", "db-1")).isEqualTo(1);
    }

    /// Only the agent dies: its jobs go on, but nobody hears of them, so none is called overdue.
    @Test
    void callsNoJobOverdueWhileItsHostLives() throws Exception {
        RunKey often = new RunKey("often", "db-1");
        JobPlan plan = new JobPlan("@every 1s", "UTC", Duration.ZERO, Duration.ofSeconds(1));
        lost.jobs().start(often, Optional.of(plan), "a", System.currentTimeMillis());
        lost.scrape(service.instance());
        awaitOwn();
        lost.jobs().start(often, Optional.empty(), "b", System.currentTimeMillis());
        lost.jobs()
                .finish(often, Optional.empty(), "a", 0, System.currentTimeMillis(), 0, List.of());
        await().atMost(LONG).untilAsserted(() -> assertThat(last("job_overdue", "db-1")).isZero());
        int before = checker().read("job_overdue", "db-1").size();
        lost.die();
        first.takeover.takeOver(lost.host, 1, closedPort());
        await().atMost(LONG)
                .until(() -> checker().read("job_overdue", "db-1").size() > before + 12);
        SampleColumns all = checker().read("job_overdue", "db-1");
        for (int i = before; i < all.size(); i++) {
            assertThat(all.values()[i]).as("sample " + i).isZero();
        }
    }

    private double last(String metric, String instance) {
        SampleColumns all = checker().read(metric, instance);
        return all.values()[all.size() - 1];
    }

    @Test
    void takesAnotherRunOfAHostAndOnlyOnce() throws Exception {
        lost.scrape(service.instance());
        awaitOwn();
        lost.die();
        first.takeover.takeOver(lost.host, 1, closedPort());
        first.takeover.takeOver(lost.host, 1, closedPort());
        awaitUp(first);
        first.takeover.takeOver(lost.host, 2, closedPort());
        awaitUp(first);
        awaitValues(3);
        first.takeover.giveBack(lost.host);
        first.takeover.giveBack(lost.host);
        assertThat(first.takeover.views()).isEmpty();
        assertThat(metric(first, "muster_takeover_started_total")).isEqualTo(2);
        assertThat(metric(first, "muster_takeover_ended_total")).isEqualTo(2);
    }

    @Test
    void doesNothingWhereItIsOff() throws Exception {
        AgentRig off =
                keep(new AgentRig(vertx, cell, "e-off", root, TakeoverPlan.DEFAULT.enabled(false)));
        off.takeover.takeOver(lost.host, 1, closedPort());
        assertThat(off.takeover.views()).isEmpty();
        assertThat(off.takeover.series()).isEmpty();
    }

    private static long metric(AgentRig rig, String name) {
        ExpositionWriter out = new ExpositionWriter();
        rig.takeover.writeMetrics(out);
        String text = new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name + " in " + text));
    }
}
