package dev.muster.query.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.events.EventLog;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.FleetLog;
import dev.muster.federation.view.FleetView;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetEventLogTest {
    private static final long NOW_MS = 1_700_000_000_000L;

    @TempDir Path directory;

    private static CellView view(long version, Upness ofB, boolean shopUp) {
        ServiceState shop = ServiceState.own("shop", "b:80", shopUp, shopUp ? "" : "timeout", 5);
        return new CellView(
                "c1",
                "a",
                version,
                List.of(
                        new Member("a", "", 1, new Upness.Up(1), List.of(), 1, 1, 1),
                        new Member("b", "", 1, ofB, List.of(shop), 1, 1, 1)),
                false,
                1,
                true,
                NOW_MS + version);
    }

    @Test
    void logsEachChangeAndEachSecondWhatTheStateComesTo() throws Exception {
        InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(NOW_MS));
        var fleet = new FleetView(Duration.ofSeconds(3), clock);
        var log = new FleetLog();
        var _ = fleet.subscribe(log);
        Path file = directory.resolve("events.jsonl");
        try (var events = new FleetEventLog(EventLog.open(file, "query:q1", clock), fleet::state)) {
            var _ = log.subscribe(events::changed);
            fleet.accept(view(1, new Upness.Up(1), true));
            events.round();
            fleet.accept(view(2, new Upness.Down(NOW_MS - 2_000, Cause.HOST_DOWN), false));
            events.round();
            for (int i = 0; i < 9; i++) {
                events.round();
            }
            assertThat(events.lost()).isZero();
        }
        List<JsonObject> lines = Files.readAllLines(file).stream().map(JsonObject::new).toList();
        assertThat(lines)
                .extracting(line -> line.getString("event"))
                .containsExactly("began", "alive", "digest", "change", "change", "alive", "digest");
        assertThat(lines.get(2).getString("digest")).isNotEqualTo(lines.get(6).getString("digest"));
        JsonObject host = lines.get(3);
        assertThat(host.getString("node")).isEqualTo("query:q1");
        assertThat(host.getString("host")).isEqualTo("b");
        assertThat(host.getString("to")).isEqualTo("down");
        assertThat(host.getString("provenance")).isEqualTo("host");
        assertThat(host.getLong("atMs")).isEqualTo(NOW_MS - 2_000);
        assertThat(host.getLong("decidedMs")).isEqualTo(NOW_MS);
        assertThat(lines.get(4).getString("job")).isEqualTo("shop");
    }
}
