package dev.muster.query.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.config.AlertmanagerConfig;
import dev.muster.query.alertmanager.config.AlertmanagerFile;
import dev.muster.query.alertmanager.config.NamedReceivers;
import dev.muster.query.alertmanager.dispatch.Deliveries;
import dev.muster.query.alertmanager.dispatch.DispatchMetrics;
import dev.muster.query.alertmanager.peers.PeerClaims;
import dev.muster.query.alertmanager.peers.PeerView;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.StateRecord;
import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.NotifiedAlert;
import dev.muster.query.receivers.Outcome;
import dev.muster.query.receivers.Receiver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several nodes on virtual time, over a network that loses nothing between nodes that live and are
/// not split; each with a disk that outlives it. Nodes die at any time, also right after a receiver
/// was told and before anybody knows.
class ClusterSimulationTest {
    private static final String FILE =
            "{route: {receiver: all, group_by: [g], group_wait: 2s, group_interval: 20s,"
                    + " repeat_interval: 2h}, receivers: [{name: all}]}";
    private static final Duration HEARD_AFTER = Duration.ofMillis(300);

    private final VirtualTimeline time = new VirtualTimeline(Instant.parse("2026-11-23T10:00:00Z"));
    private final Map<String, SimNode> nodes = new TreeMap<>();
    private final Map<Long, List<Notification>> firing = new HashMap<>();
    private final List<Notification> told = new ArrayList<>();

    /// Beside it: who has told it, and when.
    private final List<Teller> tellers = new ArrayList<>();

    /// When nodes died.
    private final List<Teller> deaths = new ArrayList<>();

    private Random random = new Random(1);
    private double killedAfterTelling;
    private boolean split;
    private long incarnations;

    private record Teller(String node, Instant at) {}

    /// A node, its disk, and the process that lives now.
    private final class SimNode {
        private final String name;
        private final List<StateRecord> disk = new ArrayList<>();
        private Set<String> seen = Set.of();
        private @Nullable Process process;

        private SimNode(String name) {
            this.name = name;
        }

        private void start() {
            process = new Process(this);
            process.begin();
        }

        private void kill() {
            deaths.add(new Teller(name, time.now()));
            process = null;
        }
    }

    private final class Process implements Receiver {
        private final SimNode node;
        private final long incarnation = ++incarnations;
        private final PeerClaims claims;
        private final AlertHub hub;
        private final Map<String, Long> greeted = new HashMap<>();
        private final Instant started = time.now();
        private boolean begun;

        private Process(SimNode node) {
            this.node = node;
            claims = new PeerClaims(view(), Set.copyOf(node.seen), time.now());
            hub =
                    new AlertHub(
                            new HubParts(
                                    time.of(this::lives),
                                    claims,
                                    this::learned,
                                    new DispatchMetrics(new SimpleMeterRegistry()),
                                    Deliveries.NONE,
                                    AlertWitness.NONE,
                                    node.name,
                                    incarnation,
                                    HubLimits.DEFAULT,
                                    URI.create("http://muster"),
                                    () -> "id" + random.nextLong(),
                                    new Random(random.nextLong())),
                            config(this),
                            List.copyOf(node.disk));
        }

        private boolean lives() {
            return node.process == this;
        }

        private void begin() {
            begun = true;
            hub.start();
            look();
        }

        private PeerView view() {
            List<PeerView.Peer> peers = new ArrayList<>();
            for (SimNode other : nodes.values()) {
                Process process = other.process;
                boolean self = other == node;
                if (self || (process != null && process.heard() && heard() && !split)) {
                    peers.add(
                            new PeerView.Peer(
                                    other.name,
                                    URI.create("http://" + other.name),
                                    self || process == null ? incarnation : process.incarnation,
                                    true,
                                    false));
                }
            }
            return new PeerView(node.name, peers);
        }

        private boolean heard() {
            return !started.plus(HEARD_AFTER).isAfter(time.now());
        }

        private void look() {
            PeerView view = view();
            claims.look(view, time.now());
            node.seen = claims.known();
            Map<String, Long> heard = new HashMap<>();
            for (PeerView.Peer peer : view.nodes()) {
                heard.put(peer.name(), peer.incarnation());
                if (!peer.name().equals(node.name)
                        && !Long.valueOf(peer.incarnation()).equals(greeted.get(peer.name()))) {
                    send(peer.name(), hub.records(), true);
                }
            }
            greeted.clear();
            greeted.putAll(heard);
            time.of(this::lives).at(time.now().plusMillis(200), this::look);
        }

        private void learned(List<StateRecord> records, boolean replica) {
            if (begun && !lives()) {
                return;
            }
            node.disk.addAll(records);
            if (!replica) {
                nodes.keySet().stream()
                        .filter(name -> !name.equals(node.name))
                        .forEach(name -> send(name, records, false));
            }
        }

        private void send(String name, List<StateRecord> records, boolean whole) {
            if (split) {
                return;
            }
            Process now = at(name).process;
            if (now != null && !whole && records.getFirst() instanceof StateRecord.OfIntent) {
                // who says so waits until the others know
                now.hub.replicas(records);
                return;
            }
            boolean settled = claims.settled();
            time.of(() -> true)
                    .at(
                            time.now().plusMillis(3),
                            () -> {
                                Process to = at(name).process;
                                if (to != null) {
                                    to.hub.replicas(records);
                                    if (whole) {
                                        to.claims.synced(
                                                node.name, incarnation, settled, time.now());
                                    }
                                }
                            });
        }

        @Override
        public String integration() {
            return "webhook";
        }

        @Override
        public boolean sendResolved() {
            return true;
        }

        @Override
        public Outcome deliver(Notification notification) {
            told.add(notification);
            tellers.add(new Teller(node.name, time.now()));
            for (NotifiedAlert alert : notification.firing()) {
                firing.computeIfAbsent(alert.fingerprint(), key -> new ArrayList<>())
                        .add(notification);
            }
            if (random.nextDouble() < killedAfterTelling) {
                node.kill();
                time.of(() -> true).at(time.now().plusSeconds(3), node::start);
                return Outcome.retry("nobody will read this");
            }
            return Outcome.DELIVERED;
        }
    }

    private SimNode at(String name) {
        SimNode node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException(name);
        }
        return node;
    }

    private static AlertmanagerConfig config(Receiver receiver) {
        try {
            return AlertmanagerFile.parse(
                    "am.yml", FILE, Path.of("/"), new NamedReceivers().with("all", receiver));
        } catch (dev.muster.yaml.YamlException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void cluster(int size) {
        for (int i = 0; i < size; i++) {
            nodes.put("n" + i, new SimNode("n" + i));
        }
        nodes.values().forEach(SimNode::start);
        pass(15);
    }

    private void pass(double seconds) {
        time.advance(Duration.ofMillis((long) (seconds * 1000)));
    }

    private long fire(String name, String group) {
        Alert alert =
                Alert.of(
                        Labels.of("alertname", name, "g", group),
                        new TreeMap<>(),
                        time.now(),
                        time.now().plusSeconds(36_000),
                        time.now(),
                        false,
                        "");
        List<Process> living = new ArrayList<>();
        nodes.values()
                .forEach(node -> {
                    if (node.process != null) {
                        living.add(node.process);
                    }
                });
        living.get(random.nextInt(living.size())).hub.put(List.of(alert));
        return alert.fingerprint();
    }

    @Test
    void eachGroupIsToldByOneNodeOnly() {
        cluster(3);
        for (int i = 0; i < 50; i++) {
            fire("a" + i, "g" + i % 10);
        }
        pass(600);
        assertThat(told).hasSize(10).noneMatch(Notification::maybeDuplicate);
        assertThat(firing).hasSize(50).allSatisfy((alert, all) -> assertThat(all).hasSize(1));
    }

    @Test
    void aNodeThatComesBackTellsNothingThatIsKnown() {
        cluster(2);
        for (int i = 0; i < 20; i++) {
            fire("a" + i, "g" + i);
        }
        pass(30);
        at("n0").kill();
        for (int i = 20; i < 40; i++) {
            fire("a" + i, "g" + i);
        }
        pass(60);
        assertThat(firing).hasSize(40);
        at("n0").start();
        pass(600);
        assertThat(firing).allSatisfy((alert, all) -> assertThat(all).hasSize(1));
    }

    @Test
    void whoBeginsWaitsForTheOneThatKnowsMore() {
        cluster(3);
        at("n0").kill();
        at("n1").kill();
        for (int i = 0; i < 20; i++) {
            fire("a" + i, "g" + i);
        }
        pass(30);
        assertThat(firing).hasSize(20);
        at("n0").start();
        pass(0.1);
        at("n2").kill();
        at("n1").start();
        pass(20);
        at("n2").start();
        pass(600);
        assertThat(firing).hasSize(20).allSatisfy((alert, all) -> assertThat(all).hasSize(1));
    }

    @Test
    void whoBeginsWaitsForNobodyForEver() {
        cluster(2);
        at("n0").kill();
        fire("a", "g");
        pass(30);
        at("n1").kill();
        at("n0").start();
        fire("b", "h");
        pass(40);
        assertThat(firing).hasSize(2);
    }

    @Test
    void afterASplitThoseWhoTellInPlaceOfOthersSaySo() {
        cluster(2);
        split = true;
        pass(1);
        Alert alert = null;
        for (int i = 0; i < 20; i++) {
            alert =
                    Alert.of(
                            Labels.of("alertname", "a" + i, "g", "g" + i),
                            new TreeMap<>(),
                            time.now(),
                            time.now().plusSeconds(36_000),
                            time.now(),
                            false,
                            "");
            for (SimNode node : nodes.values()) {
                Process process = node.process;
                if (process != null) {
                    process.hub.put(List.of(alert));
                }
            }
        }
        pass(60);
        assertThat(firing)
                .hasSize(20)
                .allSatisfy((print, all) ->
                        assertThat(all)
                                .hasSize(2)
                                .extracting(Notification::maybeDuplicate)
                                .containsExactlyInAnyOrder(true, false));
        split = false;
        pass(600);
        assertThat(told).hasSize(40);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nothingIsLostHoweverNodesDie(long seed) {
        random = new Random(Long.getLong("seed", seed));
        cluster(3);
        killedAfterTelling = 0.15;
        List<Long> fired = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            long living = nodes.values().stream().filter(node -> node.process != null).count();
            if (living > 0) {
                for (int i = 0; i < 5; i++) {
                    fired.add(fire("a" + step + "-" + i, "g" + random.nextInt(15)));
                }
            }
            pass(0.01 + random.nextDouble());
            if (living > 1 && random.nextInt(4) == 0) {
                SimNode victim = at("n" + random.nextInt(3));
                if (victim.process != null) {
                    victim.kill();
                    time.of(() -> true)
                            .at(
                                    time.now().plusSeconds(random.nextInt(8)),
                                    () -> {
                                        if (victim.process == null) {
                                            victim.start();
                                        }
                                    });
                }
            }
        }
        killedAfterTelling = 0;
        nodes.values()
                .forEach(node -> {
                    if (node.process == null) {
                        node.start();
                    }
                });
        pass(120);
        assertThat(firing.keySet()).as("seed=" + seed).containsAll(fired);
        int quiet = told.size();
        pass(600);
        assertThat(told).as("seed=" + seed).hasSize(quiet);
        assertThat(told).as("seed=" + seed).anyMatch(Notification::maybeDuplicate);
        Map<String, Set<Long>> known = new HashMap<>();
        Map<String, Set<Long>> noted = new HashMap<>();
        for (int i = 0; i < told.size(); i++) {
            Notification each = told.get(i);
            boolean news = false;
            for (NotifiedAlert alert : each.firing()) {
                news |=
                        known.computeIfAbsent(each.groupKey(), key -> new HashSet<>())
                                .add(alert.fingerprint());
            }
            assertThat(news || each.maybeDuplicate())
                    .as("seed=%d: what is told twice must say so: %s", seed, each)
                    .isTrue();
            Set<Long> notedBefore = noted.computeIfAbsent(each.groupKey(), key -> new HashSet<>());
            List<Long> prints = each.firing().stream().map(NotifiedAlert::fingerprint).toList();
            assertThat(notedBefore.containsAll(prints))
                    .as("seed=%d: only what a node died with is told twice: %s", seed, each)
                    .isFalse();
            if (!diedTelling(tellers.get(i))) {
                notedBefore.addAll(prints);
            }
        }
    }

    /// Whether a node has died before it could say what it has told.
    private boolean diedTelling(Teller teller) {
        return deaths.stream()
                .anyMatch(death ->
                        death.node().equals(teller.node())
                                && !death.at().isBefore(teller.at())
                                && death.at().isBefore(teller.at().plusMillis(4)));
    }
}
