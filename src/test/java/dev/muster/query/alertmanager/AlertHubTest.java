package dev.muster.query.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.config.AlertmanagerConfig;
import dev.muster.query.alertmanager.config.AlertmanagerFile;
import dev.muster.query.alertmanager.config.NamedReceivers;
import dev.muster.query.alertmanager.dispatch.Claims;
import dev.muster.query.alertmanager.dispatch.Deliveries;
import dev.muster.query.alertmanager.dispatch.DispatchMetrics;
import dev.muster.query.alertmanager.match.MatcherText;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.Intent;
import dev.muster.query.alertmanager.state.NotificationEntry;
import dev.muster.query.alertmanager.state.NotificationKey;
import dev.muster.query.alertmanager.state.Silence;
import dev.muster.query.alertmanager.state.StateRecord;
import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AlertHubTest {
    private static final String FILE =
            """
            route: {receiver: all, group_by: [g], group_wait: 10s, group_interval: 60s,
                    repeat_interval: 5m, routes: [%s]}
            inhibit_rules: [{source_matchers: [severity=critical],
                             target_matchers: [severity=warning], equal: [g]}]
            time_intervals: [{name: noon,
                time_intervals: [{times: [{start_time: '12:00', end_time: '13:00'}]}]}]
            receivers: [{name: all}, {name: other}]
            """;

    private final VirtualTimeline time = new VirtualTimeline(Instant.parse("2026-11-23T10:00:00Z"));
    private final RecordingReceiver all = new RecordingReceiver(true, time::now);
    private final RecordingReceiver other = new RecordingReceiver(false, time::now);
    private final List<StateRecord> learned = new ArrayList<>();
    private final Set<Long> living = new HashSet<>();
    private final Claims claims =
            new Claims() {
                @Override
                public Claim of(String groupKey) {
                    return Claim.MINE;
                }

                @Override
                public boolean lives(String node, long run) {
                    return living.contains(run);
                }
            };
    private int ids;
    private long runs;
    private AlertHub hub = hub("", List.of());

    private AlertmanagerConfig config(String routes) {
        try {
            return AlertmanagerFile.parse(
                    "am.yml",
                    FILE.formatted(routes),
                    Path.of("/"),
                    new NamedReceivers().with("all", all).with("other", other));
        } catch (dev.muster.yaml.YamlException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private AlertHub hub(String routes, List<StateRecord> known) {
        AlertHub made =
                new AlertHub(
                        new HubParts(
                                time.of(() -> true),
                                claims,
                                (records, replica) -> learned.addAll(records),
                                new DispatchMetrics(new SimpleMeterRegistry()),
                                Deliveries.NONE,
                                AlertWitness.NONE,
                                "n1",
                                ++runs,
                                HubLimits.DEFAULT,
                                URI.create("http://muster"),
                                () -> "id" + ids++,
                                new Random(1)),
                        config(routes),
                        known);
        made.start();
        return made;
    }

    private void fire(String name, String... labels) {
        put(name, Duration.ofHours(24), labels);
    }

    private void resolve(String name, String... labels) {
        put(name, Duration.ZERO, labels);
    }

    private void put(String name, Duration left, String... labels) {
        Instant now = time.now();
        Instant starts = left.isZero() ? now.minusSeconds(1) : now;
        Labels named = Labels.of(labels).toBuilder().set("alertname", name).build();
        hub.put(List.of(alert(named, starts, now.plus(left))));
    }

    private Alert alert(Labels labels, Instant starts, Instant ends) {
        return Alert.of(labels, new TreeMap<>(), starts, ends, time.now(), false, "");
    }

    private void pass(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void waitsForTheGroupAndThenForItsInterval() {
        fire("a");
        pass(5);
        fire("b");
        pass(10);
        assertThat(all.told).containsExactly("10 firing a,b");
        fire("c");
        pass(60);
        assertThat(all.told).containsExactly("10 firing a,b", "70 firing a,b,c");
    }

    @Test
    void groupsApart() {
        fire("a", "g", "1");
        fire("b", "g", "2");
        pass(20);
        assertThat(all.told).containsExactly("10 firing a", "10 firing b");
        assertThat(all.notifications.getFirst().groupKey()).isEqualTo("{}:{g=\"1\"}");
    }

    @Test
    void repeatsAfterTheIntervalOnly() {
        fire("a");
        pass(10 + 6 * 60 + 5);
        assertThat(all.told).containsExactly("10 firing a", "370 firing a");
    }

    @Test
    void tellsOnceThatAnAlertHasEnded() {
        fire("a");
        fire("b");
        pass(20);
        resolve("a");
        pass(60);
        resolve("b");
        pass(600);
        assertThat(all.told)
                .containsExactly("10 firing a,b", "70 firing b resolved a", "130 resolved b");
        assertThat(hub.groups()).isEmpty();
    }

    @Test
    void tellsNothingOfWhatWasOverBeforeAnybodyKnew() {
        fire("a");
        pass(5);
        resolve("a");
        pass(600);
        assertThat(all.told).isEmpty();
    }

    @Test
    void doesNotTellOfEndsWhoDoesNotWantToHear() {
        hub = hub("{receiver: other, matchers: [team=x]}", List.of());
        fire("a", "team", "x");
        fire("b", "team", "x");
        pass(20);
        resolve("a", "team", "x");
        pass(60);
        resolve("b", "team", "x");
        pass(60);
        fire("b", "team", "x");
        pass(60);
        assertThat(other.told).containsExactly("10 firing a,b", "190 firing b");
    }

    @Test
    void silencesHoldBackUntilTheyExpire() throws Exception {
        String id =
                hub.silences()
                        .set(
                                new Silence(
                                        "",
                                        MatcherText.parse("alertname=a"),
                                        time.now(),
                                        time.now().plusSeconds(90),
                                        time.now(),
                                        "me",
                                        "why",
                                        new TreeMap<>()),
                                time.now());
        fire("a");
        fire("b");
        pass(20);
        assertThat(hub.silences().silencing(Labels.of("alertname", "a"), time.now()))
                .containsExactly(id);
        pass(200);
        assertThat(all.told).containsExactly("10 firing b", "130 firing a,b");
    }

    @Test
    void sourcesInhibitTargetsThatAreEqual() {
        fire("w", "severity", "warning", "g", "1");
        fire("x", "severity", "warning", "g", "2");
        fire("c", "severity", "critical", "g", "1");
        pass(20);
        assertThat(all.told).containsExactlyInAnyOrder("10 firing c", "10 firing x");
        resolve("c", "severity", "critical", "g", "1");
        pass(60);
        assertThat(all.told).contains("70 firing w resolved c");
    }

    @Test
    void muteTimesHoldBackAndActiveTimesLetThrough() {
        hub =
                hub(
                        "{matchers: [m=mute], mute_time_intervals: [noon]},"
                                + "{matchers: [m=active], active_time_intervals: [noon]}",
                        List.of());
        fire("a", "m", "mute");
        fire("b", "m", "active");
        pass(20);
        assertThat(all.told).containsExactly("10 firing a");
        pass(2 * 3600);
        assertThat(all.told).contains("7210 firing b");
    }

    @Test
    void triesAgainEverMoreSlowlyAndBlocksNoOther() {
        hub = hub("{matchers: [x=1], receiver: other}", List.of());
        all.next = Outcome.retry("down");
        fire("a");
        fire("b", "x", "1");
        pass(30);
        assertThat(other.told).containsExactly("10 firing b");
        assertThat(all.told).hasSizeBetween(4, 12);
        all.next = Outcome.DELIVERED;
        pass(60);
        assertThat(all.notifications).hasSize(1);
    }

    @Test
    void isSentAgainWithTheNextIntervalAfterItWasRejected() {
        all.next = Outcome.rejected("400");
        fire("a");
        pass(20);
        assertThat(all.told).hasSize(1);
        all.next = Outcome.DELIVERED;
        pass(60);
        assertThat(all.told).hasSize(2).last().isEqualTo("70 firing a");
    }

    @Test
    void knowsAfterARestartWhoWasToldWhat() {
        fire("a");
        pass(20);
        fire("b");
        hub.close();
        hub = hub("", List.copyOf(learned));
        pass(100);
        assertThat(all.told).hasSize(2).last().asString().endsWith("firing a,b");
        resolve("a");
        pass(60);
        assertThat(all.told).last().asString().endsWith("firing b resolved a");
    }

    private static final NotificationKey KEY = new NotificationKey("{}:{}", "all", "webhook", 0);

    private StateRecord intent(long run) {
        return new StateRecord.OfIntent(KEY, new Intent(time.now(), "n2", run, true, prints()));
    }

    private void anotherNodeIsAboutToTellOfA() {
        living.add(77L);
        fire("a");
        pass(9);
        hub.replicas(List.of(intent(77)));
    }

    private Set<Long> prints() {
        return hub.alerts().all().stream().map(Alert::fingerprint).collect(Collectors.toSet());
    }

    @Test
    void whatANodeThatLivesIsTellingIsLeftToIt() {
        anotherNodeIsAboutToTellOfA();
        pass(5);
        assertThat(all.told).isEmpty();
        Instant now = time.now();
        hub.replicas(
                List.of(
                        new StateRecord.OfNotification(
                                KEY,
                                new NotificationEntry(
                                        now, now.plusSeconds(86_400), prints(), Set.of()))));
        pass(60);
        assertThat(all.told).isEmpty();
        fire("b");
        pass(60);
        assertThat(all.told).singleElement().asString().endsWith("firing a,b");
        assertThat(all.notifications).noneMatch(Notification::maybeDuplicate);
    }

    @Test
    void whoWaitedForAnotherNodeTellsWhatThereIsNow() {
        anotherNodeIsAboutToTellOfA();
        pass(2);
        fire("b");
        living.clear();
        pass(60);
        assertThat(all.told).singleElement().asString().contains("firing a,b");
    }

    @Test
    void whatWasToldByANodeThatWasNotHeardIsNotToldAgain() {
        fire("a");
        pass(20);
        Instant before = time.now().minusSeconds(15);
        time.advance(Duration.ofSeconds(1));
        putSince("b", before.minusSeconds(1));
        putSince("c", before.plusSeconds(1));
        hub.replicas(List.of(noted(before, "b")));
        hub.replicas(List.of(noted(before.minusSeconds(100), "c")));
        pass(60);
        assertThat(all.told).hasSize(2).last().asString().endsWith("firing a,b,c");
        resolve("b");
        pass(60);
        assertThat(all.told).hasSize(3);
        pass(60);
        putSince("b", time.now());
        pass(60);
        assertThat(all.told).hasSize(4).last().asString().contains("a,b,c");
    }

    @Test
    void whatOthersToldOfTheSameAlertsIsNotToldAgain() {
        fire("a");
        pass(20);
        Instant before = time.now().minusSeconds(15);
        putSince("b", before.minusSeconds(1));
        hub.replicas(List.of(noted(before, "b")));
        pass(120);
        assertThat(all.told).hasSize(1);
        assertThat(hub.log().find(KEY).orElseThrow().firing()).hasSize(1);
        hub = hub("", hub.records());
        pass(120);
        assertThat(all.told).hasSize(1);
    }

    private StateRecord noted(Instant at, String name) {
        return new StateRecord.OfNotification(
                KEY,
                new NotificationEntry(
                        at,
                        at.plusSeconds(86_400),
                        Set.of(fingerprint(name)),
                        Set.of(),
                        Map.of("n2", at),
                        Map.of()));
    }

    private void putSince(String name, Instant since) {
        Instant ends = time.now().plusSeconds(86_400);
        hub.put(List.of(alert(Labels.of("alertname", name), since, ends)));
    }

    private long fingerprint(String name) {
        return alert(Labels.of("alertname", name), time.now(), time.now()).fingerprint();
    }

    @Test
    void afterARestartAGroupIsToldAsAWhole() {
        Instant now = time.now();
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Labels labels = Labels.of("alertname", "a" + i);
            alerts.add(alert(labels, now.minusSeconds(3_600), now.plusSeconds(3_600)));
        }
        hub = hub("", alerts.stream().<StateRecord>map(StateRecord.OfAlert::new).toList());
        pass(1);
        assertThat(all.notifications)
                .singleElement()
                .satisfies(told -> assertThat(told.firing()).hasSize(50));
    }

    @Test
    void whatANodeDiedWithIsToldAgainWithAMark() {
        anotherNodeIsAboutToTellOfA();
        pass(3);
        assertThat(all.told).isEmpty();
        living.clear();
        pass(5);
        assertThat(all.told).hasSize(1);
        assertThat(all.notifications).allMatch(Notification::maybeDuplicate);
    }

    @Test
    void notesAreYoungerThanIntentsWhateverTheClocksSay() {
        fire("a");
        pass(9);
        Instant ahead = time.now().plusSeconds(3_000);
        hub.replicas(
                List.of(
                        new StateRecord.OfIntent(
                                KEY, new Intent(ahead, "n2", 77, true, prints()))));
        pass(5);
        assertThat(all.notifications).hasSize(1).allMatch(Notification::maybeDuplicate);
        assertThat(hub.log().find(KEY))
                .hasValueSatisfying(noted -> assertThat(noted.at()).isAfter(ahead));
        fire("b");
        pass(60);
        assertThat(all.notifications).hasSize(2);
        assertThat(all.notifications.getLast().maybeDuplicate()).isFalse();
    }

    @Test
    void anotherConfigurationTellsNobodyTwice() {
        fire("a");
        pass(20);
        hub.reload(config("{receiver: other, matchers: [alertname=b]}"));
        fire("b");
        pass(60);
        assertThat(all.told).containsExactly("10 firing a");
        assertThat(other.told).containsExactly("30 firing b");
    }

    @Test
    void anAlertThatNobodyTellsOfAnyMoreEnds() {
        put("a", Duration.ofSeconds(40));
        pass(600);
        assertThat(all.told).containsExactly("10 firing a", "70 resolved a");
    }
}
