package dev.muster.agent.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.hazelcast.Cell;
import dev.muster.federation.hazelcast.CellConfig;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent that moves, with one peer in each of the two cells: real members on the loopback.
class CellSeatTest {
    private static final Duration LONG = Duration.ofSeconds(40);

    private @TempDir Path directory;

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private CellConfig config(String cell, String host, int port, int seed) {
        return CellConfig.of(
                cell,
                host,
                "http://127.0.0.1:9",
                "127.0.0.1",
                port,
                List.of("127.0.0.1:" + seed),
                directory.resolve(cell + "-" + host));
    }

    private static String state(Cell peer, String host) {
        return peer.view().member(host).map(Member::upness).map(Upness::label).orElse("none");
    }

    @Test
    void isOfAtLeastOneCellAtEachMoment() throws IOException {
        int oldPort = freePort();
        int newPort = freePort();
        Clock clock = Clock.systemUTC();
        List<String> told = new CopyOnWriteArrayList<>();
        CellConfig first = config("old", "mover", freePort(), oldPort);
        try (Cell old = Cell.join(config("old", "a", oldPort, oldPort), clock);
                Cell fresh = Cell.join(config("new", "b", newPort, newPort), clock);
                CellSeat seat = new CellSeat(first, config -> Cell.join(config, clock))) {
            seat.onJoin(cell -> told.add(cell.view().cell()));
            seat.report(List.of(ServiceState.own("j", "i:1", true, "", 1)));
            await().atMost(LONG).until(() -> state(old, "mover").equals("up"));
            var seenByOld = new CopyOnWriteArrayList<String>();
            // ends with the cell
            AutoCloseable unused = old.subscribe(_ -> seenByOld.add(state(old, "mover")));
            assertThat(unused).isNotNull();
            seat.move(
                    config("new", "mover", freePort(), newPort),
                    view -> view.settled() && view.membersUp() > 1,
                    Duration.ofSeconds(30));
            assertThat(state(fresh, "mover")).isEqualTo("up");
            assertThat(fresh.view().member("mover").orElseThrow().services()).hasSize(1);
            await().atMost(LONG).until(() -> state(old, "mover").equals("left"));
            assertThat(seenByOld).doesNotContain("down", "suspect", "unknown");
            assertThat(seat.view().cell()).isEqualTo("new");
            assertThat(told).containsExactly("old", "new");
        }
    }
}
