package dev.muster.query.alertmanager.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.NotificationEntry;
import dev.muster.query.alertmanager.state.NotificationKey;
import dev.muster.query.alertmanager.state.StateRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PeersTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private static PeerView.Peer peer(String name) {
        return new PeerView.Peer(name, URI.create("http://" + name), 1, true, false);
    }

    private static StateRecord alert(int number) {
        return new StateRecord.OfAlert(
                Alert.of(
                        Labels.of("alertname", "a" + number),
                        new TreeMap<>(),
                        NOW,
                        NOW.plusSeconds(60),
                        NOW,
                        false,
                        ""));
    }

    /// A note of what a receiver was told must be with the others before this node dies.
    @Test
    void whatIsLearnedDoesNotWaitUntilAllIsTold() throws IOException {
        List<PeerNews> carried = new CopyOnWriteArrayList<>();
        AtomicReference<Optional<Peers>> self = new AtomicReference<>(Optional.empty());
        StateRecord note =
                new StateRecord.OfNotification(
                        new NotificationKey("g", "all", "webhook", 0),
                        new NotificationEntry(NOW, NOW.plusSeconds(60), Set.of(1L), Set.of()));
        Peers.Courier courier =
                (peer, news) -> {
                    carried.add(PeerNews.decode(news));
                    if (carried.size() == 1) {
                        self.get().orElseThrow().learned(List.of(note), false);
                    }
                };
        PeerView view = new PeerView("n1", List.of(peer("n1"), peer("n2")));
        List<StateRecord> all = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            all.add(alert(i));
        }
        try (Peers peers =
                new Peers(
                        () -> view,
                        courier,
                        KnownPeers.in(Optional.empty()),
                        new PeerMetrics(new SimpleMeterRegistry()),
                        InstantSource.fixed(NOW))) {
            self.set(Optional.of(peers));
            peers.start(() -> all, records -> {});
            await().untilAsserted(() -> assertThat(carried).anyMatch(PeerNews::whole));
        }
        assertThat(carried.get(1).records()).containsExactly(note);
        assertThat(carried.stream().mapToInt(news -> news.records().size()).sum()).isEqualTo(3_001);
    }
}
