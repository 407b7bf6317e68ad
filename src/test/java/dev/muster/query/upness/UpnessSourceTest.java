package dev.muster.query.upness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.read.UpnessStore;
import dev.muster.blocks.schema.UpnessBlockId;
import dev.muster.blocks.upness.UpnessEncoder;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessProvenance;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.blocks.write.UpnessFileWriter;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.FleetState;
import dev.muster.federation.view.FleetView;
import dev.muster.federation.view.Outside;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import dev.muster.query.source.AgentPlace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpnessSourceTest {
    /// 2026-11-22T14:00:00Z.
    private static final long T = 1_795_356_000_000L;

    private static final TimeRange WINDOW = new TimeRange(T, T + 600_000);
    private static final UpnessTarget HOST = UpnessTarget.ofHost("c1", "web-1");
    private static final UpnessTarget WEB = new UpnessTarget("c1", "web-1", "shop", "web-1:80");

    @TempDir Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer agent;
    private Bucket bucket;
    private List<UpnessRun> recent = List.of();
    private FleetState fleet = new FleetState(List.of(), 1);
    private long nowMs = T + 1_200_000;
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs);
    private URI url = URI.create("http://127.0.0.1");
    private OutsideLog outside;
    private UpnessSource source;

    @BeforeEach
    void open() throws IOException {
        bucket = Buckets.open(BucketConfig.of("file://" + directory.resolve("store")));
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext(
                "/api/v1/upness",
                call -> {
                    byte[] log = log(recent);
                    call.sendResponseHeaders(200, log.length);
                    call.getResponseBody().write(log);
                    call.close();
                });
        agent.start();
        url = URI.create("http://127.0.0.1:" + agent.getAddress().getPort());
        outside = log("q1");
        source = source(outside);
    }

    private OutsideLog log(String node) {
        return new OutsideLog(
                node,
                (id, run) ->
                        bucket.putIfAbsent(
                                id.key(),
                                UpnessFileWriter.write(
                                        id, List.of(run), directory.resolve("scratch-" + node))),
                () -> fleet,
                clock);
    }

    private UpnessSource source(OutsideLog log) {
        return new UpnessSource(
                new UpnessStore(bucket, 1 << 20, clock),
                () -> List.of(new AgentPlace("c1", "web-2", url, Optional.empty())),
                () -> fleet,
                log,
                http,
                Duration.ofSeconds(5),
                clock);
    }

    @AfterEach
    void close() {
        agent.stop(0);
        outside.close();
        bucket.close();
        http.shutdownNow();
    }

    private static byte[] log(List<UpnessRun> runs) {
        var encoder = new UpnessEncoder();
        var out = new ByteArrayOutputStream();
        out.writeBytes(encoder.magic());
        for (UpnessRun run : runs) {
            out.writeBytes(
                    encoder.begin(run.cell(), run.observer(), run.incarnation(), run.fromMs()));
            run.entries().forEach(entry -> out.writeBytes(encoder.entry(entry, true)));
            out.writeBytes(
                    run.open()
                            ? encoder.goesOn(run.untilMs())
                            : encoder.end(run.untilMs(), run.cut()));
        }
        out.writeBytes(encoder.done());
        return out.toByteArray();
    }

    private static UpnessEntry entry(
            UpnessTarget target,
            long second,
            UpnessState to,
            String cause,
            UpnessProvenance provenance) {
        return new UpnessEntry(
                target,
                "z1",
                "r7",
                T + 1000 * second,
                T + 1000 * second + 2000,
                0,
                UpnessState.UNKNOWN,
                to,
                cause,
                "",
                provenance,
                0,
                List.of());
    }

    private static UpnessRun run(long fromSecond, long untilSecond, UpnessEntry... entries) {
        return new UpnessRun(
                "c1",
                "web-2",
                1,
                T + 1000 * fromSecond,
                T + 1000 * untilSecond,
                false,
                List.of(entries));
    }

    /// Up from the start, dead from second 307 to 322, then maintenance from second 900 to 960: the
    /// first ten minutes are in the store, the rest is an agent's.
    private void history() throws IOException {
        UpnessEntry[] first = {
            entry(HOST, -60, UpnessState.UP, "", UpnessProvenance.OWN),
            entry(WEB, -60, UpnessState.UP, "", UpnessProvenance.OWN),
            entry(HOST, 307, UpnessState.DOWN, "host_down", UpnessProvenance.HOST),
            entry(WEB, 307, UpnessState.DOWN, "host_down", UpnessProvenance.HOST),
            entry(HOST, 322, UpnessState.UP, "", UpnessProvenance.OWN),
            entry(WEB, 322, UpnessState.UP, "", UpnessProvenance.OWN)
        };
        var id = new UpnessBlockId("c1", "web-2", WINDOW, 0);
        bucket.putIfAbsent(
                id.key(),
                UpnessFileWriter.write(
                        id, List.of(run(0, 600, first)), directory.resolve("scratch")));
        recent =
                List.of(
                        run(
                                600,
                                1200,
                                first[4],
                                first[5],
                                entry(HOST, 900, UpnessState.MAINT, "maint", UpnessProvenance.OWN),
                                entry(HOST, 960, UpnessState.UP, "", UpnessProvenance.OWN)));
    }

    /// Samples by label text: `second=value`, `x` for a staleness marker.
    private Map<String, List<String>> select(long fromSecond, long toSecond, LabelMatcher... by)
            throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        var range = new TimeRange(T + 1000 * fromSecond, T + 1000 * toSecond + 1);
        try (SeriesSet set = source.select(SelectRequest.of(range, List.of(by)))) {
            assertThat(set.warnings()).isEmpty();
            SampleReader reader = set.reader();
            for (int i = 0; i < set.size(); i++) {
                var columns = new SampleColumns();
                reader.read(i, columns);
                List<String> samples = new ArrayList<>();
                for (int k = 0; k < columns.size(); k++) {
                    double value = columns.values()[k];
                    samples.add(
                            (columns.timestampsMs()[k] - T) / 1000
                                    + "="
                                    + (Staleness.isStale(value) ? "x" : "" + (int) value));
                }
                found.put(set.labels(i).toString(), samples);
            }
        }
        return found;
    }

    private static LabelMatcher name(String name) {
        return LabelMatcher.equal("__name__", name);
    }

    @Test
    void aDeathIsZeroFromItsMomentOnAndOneAgainWhenItIsOver() throws IOException {
        history();

        assertThat(select(285, 345, name("muster_up")))
                .isEqualTo(
                        Map.of(
                                "muster_up{cell=\"c1\", host=\"web-1\","
                                        + " instance=\"web-1:80\", job=\"shop\"}",
                                List.of("285=1", "307=0", "322=1", "330=1", "345=1")));
    }

    @Test
    void storedAndLiveHistoryAreOneSeriesWithAValueEachQuarterMinute() throws IOException {
        history();

        List<String> samples = select(0, 1200, name("muster_up")).values().iterator().next();
        // 1200 s have 80 steps; one of 300 stands for the change in it, as does that of 315
        assertThat(samples).hasSize(81);
        assertThat(samples.stream().filter(s -> s.endsWith("=0"))).containsExactly("307=0");
        assertThat(samples).doesNotHaveDuplicates();
    }

    @Test
    void maintenanceIsNeitherUpNorDown() throws IOException {
        history();

        assertThat(select(880, 985, name("muster_host_up")))
                .isEqualTo(
                        Map.of(
                                "muster_host_up{cell=\"c1\", host=\"web-1\","
                                        + " rack=\"r7\", zone=\"z1\"}",
                                List.of("885=1", "900=x", "960=1", "975=1")));
        assertThat(
                        select(
                                880,
                                965,
                                name("muster_host_state"),
                                LabelMatcher.equal("state", "maint")))
                .hasSize(1)
                .containsValue(List.of("900=1", "915=1", "930=1", "945=1", "960=x"));
    }

    @Test
    void theCauseIsALabelOfTheState() throws IOException {
        history();

        assertThat(select(300, 330, name("muster_state"), LabelMatcher.equal("state", "down")))
                .isEqualTo(
                        Map.of(
                                "muster_state{cause=\"host_down\", cell=\"c1\","
                                        + " host=\"web-1\", instance=\"web-1:80\", job=\"shop\","
                                        + " provenance=\"host\", state=\"down\"}",
                                List.of("307=1", "322=x")));
    }

    @Test
    void nothingIsToldOfWhatIsNotYetOrWhatNobodyLogged() throws IOException {
        history();
        nowMs = T + 1_230_000;

        List<String> samples = select(1180, 1300, name("muster_up")).values().iterator().next();
        assertThat(samples).containsExactly("1185=1", "1200=x");
        assertThat(select(1180, 1300, name("muster_state"), LabelMatcher.equal("state", "unknown")))
                .hasSize(1)
                .containsValue(List.of("1200=1", "1215=1", "1230=1"));
    }

    @Test
    void aLogThatGoesOnDoesSoForAMomentAfterItWasAsked() throws IOException {
        history();
        recent = recent.stream().map(UpnessRun::goingOn).toList();
        nowMs = T + 1_203_000;

        assertThat(select(1180, 1203, name("muster_up")).values())
                .containsExactly(List.of("1185=1", "1200=1"));
        assertThat(select(1180, 1203, name("muster_state"), LabelMatcher.equal("state", "unknown")))
                .isEmpty();

        nowMs = T + 1_206_000;
        assertThat(select(1180, 1206, name("muster_up")).values())
                .containsExactly(List.of("1185=1", "1200=x"));
    }

    @Test
    void aLogThatHasEndedDoesNotGoOn() throws IOException {
        history();
        nowMs = T + 1_203_000;

        assertThat(select(1180, 1203, name("muster_up")).values())
                .containsExactly(List.of("1185=1", "1200=x"));
    }

    @Test
    void aHostThatOtherCellsFoundDeadIsZeroThoughNoAgentLogsIt() throws IOException {
        history();
        nowMs = T + 1_230_000;
        fleet = foundDead();

        assertThat(select(1180, 1230, name("muster_host_up")).values())
                .containsExactly(List.of("1185=1", "1200=0", "1215=0", "1230=0"));
        assertThat(select(1180, 1230, name("muster_up")).values())
                .containsExactly(List.of("1185=1", "1200=0", "1215=0", "1230=0"));
    }

    private FleetState foundDead() {
        var view = new FleetView(Duration.ofSeconds(5), clock);
        var member =
                new Member(
                        "web-1",
                        "http://web-1",
                        1,
                        new Upness.Suspect(T + 1_200_000, Cause.UNREACHABLE),
                        List.of(ServiceState.own("shop", "web-1:80", true, "", T)),
                        T,
                        1,
                        1);
        view.accept(new CellView("c1", "web-2", 1, List.of(member), false, 1, true, nowMs));
        view.outside("c1", new Outside(Map.of("web-1", List.of("c7", "c9")), false));
        return view.state();
    }

    @Test
    void theOutageOfACellStaysInHistoryWhenItIsBack() throws IOException {
        history();
        nowMs = T + 1_230_000;
        fleet = foundDead();
        outside.round();
        nowMs = T + 1_260_000;
        outside.round();
        assertThat(outside.spans()).isZero();

        fleet = new FleetState(List.of(), 1);
        nowMs = T + 1_261_000;
        outside.round();
        recent =
                List.of(
                        recent.getFirst(),
                        run(
                                1262,
                                1320,
                                entry(HOST, 1262, UpnessState.UP, "", UpnessProvenance.OWN),
                                entry(WEB, 1262, UpnessState.UP, "", UpnessProvenance.OWN)));
        nowMs = T + 1_320_000;
        List<String> gone = List.of("1185=1", "1200=0", "1215=0", "1230=0", "1245=0");

        assertThat(outside.spans()).isEqualTo(2);
        assertThat(select(1180, 1259, name("muster_host_up")).values()).containsExactly(gone);
        assertThat(select(1180, 1259, name("muster_up")).values()).containsExactly(gone);
        assertThat(select(1263, 1300, name("muster_host_up")).values())
                .containsExactly(List.of("1275=1", "1290=1"));

        // the table alone tells it to a node that did not see it
        nowMs = T + 1_400_000;
        source = source(log("q2"));
        assertThat(select(1180, 1259, name("muster_host_up")).values()).containsExactly(gone);
        assertThat(select(1240, 1259, name("muster_host_state")).toString())
                .contains("cause=\"host_down\"", "provenance=\"host\"", "state=\"down\"");
    }

    @Test
    void anOutageThatLastsIsWrittenInPieces() throws IOException {
        nowMs = T + 1_230_000;
        fleet = foundDead();
        for (int i = 0; i < 25; i++) {
            nowMs += 60_000;
            outside.round();
        }
        outside.close();
        var keys = bucket.list("v1/upness/").stream().map(object -> object.key()).toList();
        assertThat(keys).hasSize(3).allMatch(key -> key.contains("/cell=c1/watch%40q1-"));
        recent = List.of(run(0, 100));
        nowMs += 60_000;
        fleet = new FleetState(List.of(), 1);
        source = source(log("q2"));
        assertThat(select(1200, 2700, name("muster_host_up")).values().iterator().next())
                .hasSize(101)
                .allMatch(sample -> sample.endsWith("=0"));
    }

    @Test
    void questionsForOtherSeriesCostNothing() throws IOException {
        agent.stop(0);

        assertThat(select(0, 100, name("up"))).isEmpty();
    }

    @Test
    void anAgentThatDoesNotAnswerIsAWarning() throws IOException {
        agent.stop(0);
        try (SeriesSet set =
                source.select(
                        SelectRequest.of(
                                new TimeRange(T, nowMs), List.of(name("muster_host_up"))))) {
            assertThat(set.warnings())
                    .containsExactly("no agent of cell=c1 told how it changed lately");
        }
    }
}
