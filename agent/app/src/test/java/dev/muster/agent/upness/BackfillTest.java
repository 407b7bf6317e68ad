package dev.muster.agent.upness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.muster.blocks.upness.UpnessEncoder;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessProvenance;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.model.time.TimeRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillTest {
    private static final UpnessTarget C = UpnessTarget.ofHost("c1", "c");

    @TempDir Path directory;

    private final UpnessMetrics metrics = new UpnessMetrics();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private long nowMs;
    private byte[] answer = {};
    private HttpServer peer;

    @BeforeEach
    void open() throws IOException {
        // files have times of the real clock
        nowMs = System.currentTimeMillis() / 1000 * 1000;
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext(
                "/api/v1/upness",
                call -> {
                    asked.add(call.getRequestURI().getRawQuery());
                    call.sendResponseHeaders(200, answer.length);
                    call.getResponseBody().write(answer);
                    call.close();
                });
        peer.start();
    }

    @AfterEach
    void close() {
        peer.stop(0);
    }

    private UpnessPlan plan() {
        return new UpnessPlan("a", directory, 4 << 20, Duration.ofHours(48), Optional.empty());
    }

    private UpnessLog log() throws IOException {
        return new UpnessLog(plan(), () -> Instant.ofEpochMilli(nowMs), metrics);
    }

    private CellView view(boolean withPeer) {
        List<Member> members = new ArrayList<>();
        members.add(member("a", "http://127.0.0.1:1"));
        if (withPeer) {
            members.add(member("b", "http://127.0.0.1:" + peer.getAddress().getPort()));
        }
        return new CellView("c1", "a", 1, members, false, 1, true, nowMs);
    }

    private static Member member(String host, String url) {
        return new Member(host, url, 1, new Upness.Up(1), List.of(), 1, 1, 1);
    }

    private byte[] peersLog(boolean whole) {
        var encoder = new UpnessEncoder();
        var out = new ByteArrayOutputStream();
        long fromMs = nowMs - 3_600_000;
        out.writeBytes(encoder.magic());
        out.writeBytes(encoder.begin("c1", "b", 4, fromMs));
        out.writeBytes(
                encoder.entry(
                        new UpnessEntry(
                                C,
                                "",
                                "",
                                fromMs + 1_000,
                                fromMs + 2_000,
                                0,
                                UpnessState.UP,
                                UpnessState.DOWN,
                                "host_down",
                                "",
                                UpnessProvenance.HOST,
                                0,
                                List.of("b")),
                        false));
        out.writeBytes(encoder.goesOn(nowMs));
        if (whole) {
            out.writeBytes(encoder.done());
        }
        return out.toByteArray();
    }

    private List<UpnessRun> read(UpnessLog log) throws IOException {
        return log.read(new TimeRange(nowMs - 7_200_000, nowMs + 1), _ -> true);
    }

    @Test
    void anAgentWithoutALogTakesThatOfAPeerOnceTheCellIsThere() throws IOException {
        answer = peersLog(true);
        UpnessLog log = log();
        log.begin("c1", 1);
        var backfill = new Backfill(plan(), log, metrics);
        backfill.step(view(true), nowMs);
        backfill.step(view(true), nowMs + 14_999);
        assertThat(asked).as("the cell is to come together first").isEmpty();
        backfill.step(view(false), nowMs + 15_000);
        assertThat(asked).as("nobody is there").isEmpty();
        backfill.step(view(true), nowMs + 75_000);
        assertThat(asked).singleElement().asString().startsWith("format=log&cell=c1&from=");
        assertThat(read(log))
                .anySatisfy(run -> {
                    assertThat(run.observer()).isEqualTo("b");
                    assertThat(run.open()).as("it is not this agent's to go on").isFalse();
                    assertThat(run.entries()).extracting(UpnessEntry::target).containsExactly(C);
                });
        assertThat(metrics.backfills.sum()).isEqualTo(1);
        backfill.step(view(true), nowMs + 300_000);
        assertThat(asked).as("once is enough").hasSize(1);
    }

    @Test
    void anAnswerThatIsNotWholeIsNotTakenAndAskedForAgainFiveTimes() throws IOException {
        answer = peersLog(false);
        UpnessLog log = log();
        log.begin("c1", 1);
        var backfill = new Backfill(plan(), log, metrics);
        for (int minute = 0; minute < 20; minute++) {
            backfill.step(view(true), nowMs + minute * 60_000L);
        }
        assertThat(asked).hasSize(5);
        assertThat(metrics.backfillFailures.sum()).isEqualTo(5);
        assertThat(read(log)).noneMatch(run -> run.observer().equals("b"));
    }

    @Test
    void anAgentThatWasAwayForAShortTimeAsksNobody() throws IOException {
        UpnessLog before = log();
        before.begin("c1", 1);
        before.close();
        nowMs += 900;
        var backfill = new Backfill(plan(), log(), metrics);
        backfill.step(view(true), nowMs);
        backfill.step(view(true), nowMs + 20_000);
        assertThat(asked).isEmpty();
    }
}
