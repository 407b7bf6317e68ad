package dev.muster.federation.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.Seeds;
import dev.muster.federation.directory.DirectoryGossip.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DirectoryGossipTest {
    private static final int CELLS = Integer.getInteger("cells", 200);
    private static final int ROUND_MS = 1000;

    static LongStream seeds() {
        return Seeds.few().limit(1);
    }

    /// All nodes of a fleet on one clock, and a network that loses calls and answers.
    private static final class World {
        final Random random;
        final Map<String, DirectoryGossip> nodes = new HashMap<>();
        final List<String> urls = new ArrayList<>();
        final DirectoryCodec codec = new DirectoryCodec();
        final double loss;
        long nowMs;
        long bytes;
        long calls;

        World(int cells, long seed, double loss) {
            random = new Random(seed);
            this.loss = loss;
            for (int cell = 0; cell < cells; cell++) {
                for (Contact contact : Entries.entry(cell, new Version(1, 1, 1)).contacts()) {
                    String url = contact.httpUrl();
                    urls.add(url);
                    nodes.put(
                            url,
                            new DirectoryGossip(
                                    new DirectoryTable(),
                                    url,
                                    DirectoryGossip.FANOUT,
                                    new Random(random.nextLong())));
                }
            }
        }

        DirectoryTable table(int node) {
            return node(node).table();
        }

        DirectoryGossip node(int node) {
            return Objects.requireNonNull(nodes.get(urls.get(node)));
        }

        void round(List<String> seeds) {
            nowMs += ROUND_MS;
            for (String url : urls) {
                DirectoryGossip node = Objects.requireNonNull(nodes.get(url));
                for (Call call : node.round(seeds, nowMs)) {
                    Optional<Call> next = Optional.of(call);
                    while (next.isPresent()) {
                        next = exchange(node, next.get());
                    }
                }
            }
        }

        private Optional<Call> exchange(DirectoryGossip node, Call call) {
            calls++;
            bytes += codec.encode(call.frame()).length;
            DirectoryGossip peer = nodes.get(call.url());
            if (peer == null || random.nextDouble() < loss) {
                node.failed(call, nowMs);
                return Optional.empty();
            }
            // not decoded: the tables of thousands of nodes share their items
            DirectoryFrame answer = peer.answer(call.frame(), nowMs);
            bytes += codec.encode(answer).length;
            if (random.nextDouble() < loss) {
                node.failed(call, nowMs);
                return Optional.empty();
            }
            return node.answered(call, answer, nowMs);
        }

        /// How many nodes hold that version of the cell.
        long know(String cell, Version version) {
            return nodes.values().stream()
                    .filter(n ->
                            n.table()
                                    .cell(cell)
                                    .map(CellEntry::version)
                                    .equals(Optional.of(version)))
                    .count();
        }

        void fill() {
            List<Aged> entries = new ArrayList<>();
            for (int cell = 0; cell < urls.size() / 3; cell++) {
                entries.add(new Aged(Entries.entry(cell, new Version(1, 1, 1)), 0));
            }
            for (DirectoryGossip node : nodes.values()) {
                entries.forEach(entry -> node.table().offer(entry, 0));
                node.table().coolAll();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aChangeIsKnownToAllInSecondsAtTenPercentLoss(long seed) {
        World world = new World(CELLS, seed, 0.1);
        world.fill();
        for (int i = 0; i < 3; i++) {
            world.round(List.of());
        }
        world.bytes = 0;
        Version fresh = new Version(2, 1, 1);
        world.table(0).offer(new Aged(Entries.entry(0, fresh), 0), world.nowMs);
        int half = 0;
        int rounds = 0;
        while (world.know(Entries.cell(0), fresh) < world.urls.size()) {
            world.round(List.of());
            rounds++;
            half += world.know(Entries.cell(0), fresh) * 2 < world.urls.size() ? 1 : 0;
            assertThat(rounds).as("rounds").isLessThan(40);
        }
        System.out.printf(
                "directory: seed=%d cells=%d loss=10%% one change: half of the nodes after %d s,"
                        + " all after %d s, %.0f bytes/s a node%n",
                seed, CELLS, half + 1, rounds, (double) world.bytes / world.urls.size() / rounds);
        assertThat(half).isLessThanOrEqualTo(6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void fromOneSeedAllLearnAll(long seed) {
        World world = new World(CELLS, seed, 0.05);
        for (int i = 0; i < world.urls.size(); i++) {
            world.table(i).offer(new Aged(Entries.entry(i / 3, new Version(1, 1, 1)), 0), 0);
        }
        List<String> seeds = List.of(world.urls.getFirst());
        int rounds = 0;
        while (world.nodes.values().stream().anyMatch(n -> n.table().size() < CELLS)) {
            world.round(seeds);
            rounds++;
            assertThat(rounds).as("rounds").isLessThan(40);
        }
        System.out.printf(
                "directory: seed=%d cells=%d loss=5%% cold start of all from one seed: %d s%n",
                seed, CELLS, rounds);
        long digest = world.table(0).digest();
        assertThat(world.nodes.values()).allMatch(n -> n.table().digest() == digest);
    }

    @Test
    void aCalmFleetCostsLittle() {
        World world = new World(CELLS, 1, 0);
        world.fill();
        Random random = new Random(1);
        double perSecond = (double) CELLS / (CellSpeaker.REFRESH_MS / 1000);
        double due = 0;
        int seconds = 40;
        long version = 2;
        for (int i = 0; i < seconds; i++) {
            if (i == 20) {
                world.bytes = 0;
                world.calls = 0;
            }
            for (due += perSecond; due >= 1; due--) {
                int cell = random.nextInt(CELLS);
                CellEntry entry = Entries.entry(cell, new Version(version++, 1, 1));
                world.table(cell * 3).offer(new Aged(entry, 0), world.nowMs);
            }
            world.round(List.of());
        }
        double each = (double) world.bytes / world.urls.size() / (seconds - 20);
        System.out.printf(
                "directory: calm, %.1f entries a second said anew: %.0f bytes/s sent a node in"
                        + " %.1f calls%n",
                perSecond, each, (double) world.calls / world.urls.size() / (seconds - 20));
        assertThat(each).isLessThan(4000);
    }

    @Test
    void theWholeTableFitsInFewPackets() {
        DirectoryTable table = new DirectoryTable();
        for (int cell = 0; cell < CELLS; cell++) {
            Version version = new Version(1_763_000_000L + cell, cell, cell * 31);
            table.offer(new Aged(Entries.entry(cell, version), 0), 0);
        }
        int bytes =
                new DirectoryCodec()
                        .encode(new DirectoryFrame.Push(table.digest(), table.all(50_000)))
                        .length;
        System.out.printf(
                "directory: table of %d cells: %d bytes, %.1f a cell%n",
                CELLS, bytes, (double) bytes / CELLS);
        assertThat(bytes).isLessThan(64_000);
    }
}
