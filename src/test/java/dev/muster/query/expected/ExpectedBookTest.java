package dev.muster.query.expected;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.FleetState;
import dev.muster.federation.view.FleetView;
import dev.muster.query.expected.Expected.Acknowledgement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectedBookTest {
    private static final long FORGET_MS = Duration.ofDays(7).toMillis();
    private final ExpectedBook book = new ExpectedBook(FORGET_MS);
    private long nowMs = 1_000_000;

    private static Member member(String host, Upness upness, String... services) {
        List<ServiceState> states = new ArrayList<>();
        for (String name : services) {
            states.add(ServiceState.own("job-" + name, name + ":80", true, "", 1));
        }
        return new Member(host, "http://" + host, 7, upness, states, 1, 1, 1);
    }

    private static Member up(String host, String... services) {
        return member(host, new Upness.Up(1), services);
    }

    private static CellView view(String cell, Member... members) {
        return new CellView(cell, "observer", 1, List.of(members), false, 7, true, 1);
    }

    private static FleetState fleet(CellView... views) {
        FleetView fleet =
                new FleetView(Duration.ofSeconds(60), () -> Instant.ofEpochMilli(1_000_000));
        for (CellView view : views) {
            fleet.accept(view);
        }
        return fleet.state();
    }

    private void look(long laterMs, CellView... views) {
        nowMs += laterMs;
        book.observe(fleet(views), nowMs);
    }

    private List<String> absences() {
        return book.absences().stream()
                .map(e -> e.key().host() + e.key().instance() + " " + e.presence())
                .toList();
    }

    @Test
    void aHostThatItsCellKnowsNoMoreIsMissing() {
        look(0, view("c", up("h1"), up("h2")));
        look(5_000, view("c", up("h1")));
        assertThat(absences()).as("within the grace").isEmpty();
        look(10_000, view("c", up("h1")));
        assertThat(absences()).containsExactly("h2 GONE");
        Expected gone = book.absences().getFirst();
        assertThat(gone.lastSeenMs()).isEqualTo(1_000_000);
        assertThat(gone.cell()).isEqualTo("c");
        look(1_000, view("c", up("h1"), up("h2")));
        assertThat(absences()).isEmpty();
    }

    @Test
    void aHostThatIsDownIsMissingWithItsCauseAndItsServicesAreNotToldOf() {
        look(0, view("c", up("h1", "a", "b")));
        look(5_000, view("c", member("h1", new Upness.Down(1_004_000, Cause.HOST_DOWN), "a")));
        assertThat(absences()).containsExactly("h1 DOWN");
        assertThat(book.absences().getFirst().cause()).isEqualTo(Cause.HOST_DOWN.text());
        assertThat(book.absences().getFirst().sinceMs()).isEqualTo(1_004_000);
    }

    @Test
    void whoLeavesIsRecordedAndQuiet() {
        look(0, view("c", up("h1"), up("h2")));
        look(5_000, view("c", up("h1"), member("h2", new Upness.Left(5))));
        assertThat(absences()).containsExactly("h2 LEFT");
        look(60_000, view("c", up("h1")));
        assertThat(absences()).containsExactly("h2 LEFT");
        assertThat(book.absences()).noneMatch(Expected::isMissing);
    }

    @Test
    void whoMovedToAnotherCellIsThere() {
        look(0, view("c", up("h1"), up("h2")));
        look(5_000, view("c", up("h1"), member("h2", new Upness.Left(5))), view("d", up("h2")));
        assertThat(absences()).isEmpty();
    }

    @Test
    void ofASilentCellNothingIsConcluded() {
        look(0, view("c", up("h1", "a")), view("d", up("h2")));
        look(600_000, view("d", up("h2")));
        assertThat(absences()).isEmpty();
    }

    @Test
    void aServiceThatItsAgentTellsOfNoMoreIsMissing() {
        look(0, view("c", up("h1", "a", "b")));
        look(20_000, view("c", up("h1", "a")));
        assertThat(absences()).containsExactly("h1b:80 GONE");
        look(1_000, view("c", up("h1", "a", "b")));
        assertThat(absences()).isEmpty();
    }

    @Test
    void aServiceThatDeregisteredIsQuiet() {
        look(0, view("c", up("h1", "a")));
        var left =
                new ServiceState("job-a", "a:80", Health.MAINT, Provenance.OWN, "deregistered", 0);
        look(
                5_000,
                view(
                        "c",
                        new Member(
                                "h1", "http://h1", 7, new Upness.Up(1), List.of(left), 1, 1, 2)));
        look(60_000, view("c", up("h1")));
        assertThat(absences()).containsExactly("h1a:80 LEFT");
    }

    @Test
    void anInstanceUnderANewNameTakesThePlaceOfOneOfItsJob() {
        look(0, view("c", up("h1"), pod("h2", "10.0.0.1:80")));
        look(60_000, view("c", up("h1"), pod("h2", "10.0.0.1:80")));
        // on another host, first the new one, then the old one goes
        look(1_000, view("c", pod("h1", "10.0.0.2:80"), pod("h2", "10.0.0.1:80")));
        look(20_000, view("c", pod("h1", "10.0.0.2:80"), up("h2")));
        assertThat(absences()).isEmpty();
        // first the old one goes
        look(20_000, view("c", up("h1"), up("h2")));
        assertThat(absences()).containsExactly("h110.0.0.2:80 GONE");
        look(20_000, view("c", up("h1"), pod("h2", "10.0.0.3:80")));
        assertThat(absences()).isEmpty();
        assertThat(book.services()).isEqualTo(1);
    }

    private static Member pod(String host, String instance) {
        var state = ServiceState.own("shop", instance, true, "", 1);
        return new Member(host, "http://" + host, 7, new Upness.Up(1), List.of(state), 1, 1, 1);
    }

    @Test
    void whatIsListedIsMissingUntilItComes() {
        book.list(List.of(ExpectedKey.ofHost("h9"), new ExpectedKey("h1", "j", "i:1")), nowMs);
        look(0, view("c", up("h1", "a")));
        assertThat(absences()).containsExactly("h1i:1 NEVER", "h9 NEVER");
        look(1_000, view("c", up("h1", "a"), up("h9")));
        assertThat(absences()).containsExactly("h1i:1 NEVER");
        assertThat(book.forget(new ExpectedKey("h1", "j", "i:1"))).as("listed").isFalse();
        book.list(List.of(), nowMs);
        assertThat(absences()).isEmpty();
    }

    @Test
    void anAbsenceIsAcknowledgedUntilItEnds() {
        look(0, view("c", up("h1"), up("h2")));
        look(20_000, view("c", up("h1")));
        var by = new Acknowledgement("me", "known", nowMs);
        assertThat(book.acknowledge(ExpectedKey.ofHost("h2"), by)).isTrue();
        assertThat(book.acknowledge(ExpectedKey.ofHost("h1"), by)).isFalse();
        assertThat(book.absences().getFirst().acknowledged()).contains(by);
        look(1_000, view("c", up("h1"), up("h2")));
        look(20_000, view("c", up("h1")));
        assertThat(book.absences().getFirst().acknowledged()).isEmpty();
    }

    @Test
    void whatIsMissingForLongIsForgotten() {
        look(0, view("c", up("h1"), up("h2", "a")));
        look(20_000, view("c", up("h1")));
        assertThat(book.hosts()).isEqualTo(2);
        look(FORGET_MS, view("c", up("h1")));
        assertThat(book.hosts()).isEqualTo(1);
        assertThat(book.services()).isZero();
    }

    @Test
    void aRestartForgetsNothing(@TempDir Path directory) throws IOException {
        look(0, view("c", up("h1", "a"), up("h 2")));
        look(20_000, view("c", up("h1", "a")));
        book.acknowledge(ExpectedKey.ofHost("h 2"), new Acknowledgement("m", "a\tb\n", 5));
        ExpectedFile file = new ExpectedFile(directory.resolve("sub").resolve("expected"));
        file.write(book.all());
        ExpectedBook other = new ExpectedBook(FORGET_MS);
        file.read(remembered -> other.load(remembered, nowMs));
        assertThat(other.all()).containsExactlyInAnyOrderElementsOf(book.all().toList());
        assertThat(other.services()).isEqualTo(1);
        file.audit("forget", ExpectedKey.ofHost("h1"), new Acknowledgement("m", "n", 9));
        assertThat(Files.readString(directory.resolve("sub").resolve("expected.audit")))
                .isEqualTo("9\tforget\th1\t\t\tm\tn\n");
    }

    @Test
    void readsLines() {
        assertThat(ExpectedList.parse("# ours\nh1\n\nh2 job a:1 # one\n"))
                .containsExactly(ExpectedKey.ofHost("h1"), new ExpectedKey("h2", "job", "a:1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExpectedList.parse("h1\nh2 job"))
                .withMessageStartingWith(
                        "line=2: must be a host, or a host, a job and an instance");
    }

    @Test
    void readsTheNodesOfAKubernetesCluster() {
        String json =
                """
                {"kind":"NodeList","apiVersion":"v1","metadata":{"resourceVersion":"1"},
                 "items":[{"metadata":{"name":"node-1","labels":{"name":"x"}}},
                          {"metadata": { "name": "node-2" }}]}
                """;
        assertThat(ExpectedList.parse(json))
                .containsExactly(ExpectedKey.ofHost("node-1"), ExpectedKey.ofHost("node-2"));
        assertThatIllegalArgumentException().isThrownBy(() -> ExpectedList.parse("{}"));
    }

    @Test
    void readsACellAgainOnlyWhereSomethingHasChanged() {
        for (int i = 0; i < 100; i++) {
            look(5_000, view("a", up("h1", "x")), view("b", up("h2", "y")));
        }
        // each in the first 20 s, then once a minute
        assertThat(book.cellsRead()).isLessThan(2 * (5 + 10));
        long read = book.cellsRead();
        look(5_000, view("a", up("h1", "x")), view("b", up("h2", "z")));
        assertThat(book.cellsRead() - read).isBetween(1L, 2L);
        long changedMs = nowMs;
        assertThat(absences()).as("it was told of five seconds ago").isEmpty();
        for (int i = 0; i < 3; i++) {
            look(5_000, view("a", up("h1", "x")), view("b", up("h2", "z")));
        }
        assertThat(absences()).containsExactly("h2y:80 GONE");
        assertThat(book.absences().getFirst().sinceMs()).isEqualTo(changedMs - 5_000);
        look(5_000, view("a", up("h1", "x")), view("b", up("h2", "y", "z")));
        assertThat(absences()).isEmpty();
    }

    @Test
    void aHostThatIsReleasedIsQuietUntilItIsSeenAgain() {
        look(0, view("c", up("h1"), up("h2"), up("h3")));
        book.release(List.of("h2", "h3"), nowMs);
        look(5_000, view("c", up("h1"), member("h2", new Upness.Down(9, Cause.HOST_DOWN))));
        look(20_000, view("c", up("h1"), member("h2", new Upness.Down(9, Cause.HOST_DOWN))));
        assertThat(absences()).containsExactly("h2 LEFT", "h3 LEFT");
        book.list(List.of(ExpectedKey.ofHost("h2")), nowMs);
        look(5_000, view("c", up("h1"), member("h2", new Upness.Down(9, Cause.HOST_DOWN))));
        assertThat(absences()).containsExactly("h2 DOWN", "h3 LEFT");
    }

    @Test
    void whoWasThereYesterdayIsMissingAfterARestart(@TempDir Path directory) {
        ExpectedSettings settings =
                new ExpectedSettings(
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(directory.resolve("expected")),
                        Duration.ofDays(7));
        ServiceState registered = ServiceState.own("shop", "shop:80", true, "", 1);
        Member with =
                new Member("h1", "http://h1", 7, new Upness.Up(1), List.of(registered), 1, 1, 1);
        run(settings, fleet(view("c", with, up("h2"))), 1);
        nowMs += Duration.ofHours(20).toMillis();
        ExpectedKeeper later = run(settings, fleet(view("c", up("h1"))), 3);
        assertThat(later.book().absences())
                .extracting(e -> e.key().host() + " " + e.key().instance() + " " + e.presence())
                .containsExactly("h1 shop:80 GONE", "h2  GONE");
    }

    private ExpectedKeeper run(ExpectedSettings settings, FleetState fleet, int rounds) {
        try (var http = java.net.http.HttpClient.newHttpClient();
                var keeper =
                        new ExpectedKeeper(
                                settings, () -> fleet, http, () -> Instant.ofEpochMilli(nowMs))) {
            for (int i = 0; i < rounds; i++) {
                keeper.round();
                nowMs += 5_000;
            }
            return keeper;
        }
    }
}
