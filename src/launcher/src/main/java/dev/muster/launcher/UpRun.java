package dev.muster.launcher;

import dev.muster.launcher.plan.DemoPlan;
import dev.muster.launcher.process.ChildSpec;
import dev.muster.launcher.process.Ending;
import dev.muster.launcher.process.PidFile;
import dev.muster.launcher.process.Ports;
import dev.muster.launcher.process.RunLock;
import dev.muster.launcher.process.Supervisor;
import dev.muster.launcher.process.Supervisor.Change;
import dev.muster.launcher.process.Supervisor.Lost;
import dev.muster.launcher.status.FleetStatus;
import dev.muster.launcher.status.Inventory;
import dev.muster.launcher.status.Screen;
import dev.muster.launcher.status.StatusClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// One run of the demo federation, from the first check to the last child's end.
final class UpRun {
    private static final Duration PATIENCE_TO_STOP = Duration.ofSeconds(15);
    private static final Duration PATIENCE_TO_START = Duration.ofSeconds(120);
    private static final Duration PATIENCE_TO_JOIN = Duration.ofSeconds(45);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LIVE_TERMINAL = Duration.ofSeconds(1);
    private static final Duration LIVE_LOG = Duration.ofSeconds(10);

    /// How the programs end when what they need of the machine is not there.
    private static final int STORE_OR_PORT = 3;

    /// Ctrl-C reaches the children too: their end must not be reported before our own is known.
    private static final Duration SIGNAL_GRACE = Duration.ofMillis(300);

    private final DemoPlan plan;
    private final Screen screen;
    private final Optional<Duration> runFor;
    private final InstantSource clock = InstantSource.system();
    private final StatusClient client = new StatusClient(Duration.ofSeconds(2));
    private final Supervisor supervisor;

    UpRun(
            DemoPlan plan,
            Screen screen,
            Optional<Duration> runFor,
            Optional<Duration> restartAfter) {
        this.plan = plan;
        this.screen = screen;
        this.runFor = runFor;
        this.supervisor = new Supervisor(plan.runDirectory(), restartAfter, clock);
    }

    int run() throws IOException {
        try (var _ = RunLock.acquire(plan.runDirectory(), "page " + plan.queryUrl())) {
            endLeftovers();
            Ports.requireFree(plan.ports());
            Exit.onSignal(() -> stop("stopping"));
            inventory().write(plan.runDirectory());
            try {
                return startAndWatch(plan.children());
            } finally {
                stop("stopping");
            }
        }
    }

    private int startAndWatch(List<ChildSpec> children) throws IOException {
        screen.say("starting " + names(children) + ", logs in " + plan.logDirectory());
        for (var child : children) {
            supervisor.start(child);
        }
        var begun = clock.instant();
        var code = awaitReady(children, begun);
        if (code == 0 && !supervisor.ended()) {
            awaitCell(begun);
            announce();
            watch();
        }
        return code;
    }

    private void endLeftovers() {
        var leftovers = PidFile.in(plan.runDirectory());
        var alive = leftovers.stream().flatMap(file -> file.process().stream()).toList();
        if (!alive.isEmpty()) {
            screen.say(
                    "stopping "
                            + leftovers.stream()
                                    .filter(file -> file.process().isPresent())
                                    .map(file -> file.name() + " (pid " + file.pid() + ")")
                                    .collect(Collectors.joining(", "))
                            + ", left over from a launcher that was killed");
            Ending.endAll(alive, PATIENCE_TO_STOP);
        }
    }

    private Inventory inventory() {
        var addresses = new LinkedHashMap<String, URI>(plan.agentUrls());
        addresses.put("query", plan.queryUrl());
        addresses.put("demo", plan.demoUrl());
        return new Inventory(addresses);
    }

    private int awaitReady(List<ChildSpec> children, Instant begun) throws IOException {
        var waiting = new ArrayList<>(children);
        while (!waiting.isEmpty() && !supervisor.ended()) {
            for (var change : changes()) {
                if (change instanceof Change.Died(var lost)) {
                    return failedToStart(lost);
                }
            }
            waiting.removeIf(child -> client.answers(child.readyAt()) && sayReady(child, begun));
            if (since(begun).compareTo(PATIENCE_TO_START) > 0) {
                screen.say(
                        "not ready after %s: %s; see %s"
                                .formatted(
                                        seconds(since(begun)),
                                        names(waiting),
                                        plan.logDirectory()));
                return Launcher.FAILED;
            }
            pause(LOOK);
        }
        return 0;
    }

    /// Ready agents scrape and answer, but know of each other a little later. Only then is a kill
    /// seen for what it is.
    private void awaitCell(Instant begun) throws IOException {
        var reports =
                plan.agentUrls().values().stream()
                        .map(url -> url.resolve("/api/v1/agent/status"))
                        .toList();
        var limit = since(begun).plus(PATIENCE_TO_JOIN);
        while (!supervisor.ended() && since(begun).compareTo(limit) < 0) {
            changes().forEach(this::tell);
            if (reports.stream().allMatch(url -> membersUp(url) >= reports.size())) {
                screen.say("  %-6s joined after %s".formatted("cell", seconds(since(begun))));
                return;
            }
            pause(LOOK);
        }
    }

    private int membersUp(URI report) {
        return client.json(report).map(answer -> answer.path("membersUp").asInt()).orElse(0);
    }

    private boolean sayReady(ChildSpec child, Instant begun) {
        screen.say("  %-6s ready after %s".formatted(child.name(), seconds(since(begun))));
        return true;
    }

    private int failedToStart(Lost lost) {
        screen.say(lost.name() + " ended while starting, exit code " + lost.exitCode() + ":");
        lost.tail().forEach(line -> screen.say("  | " + line));
        return lost.exitCode() == Launcher.REFUSED || lost.exitCode() == STORE_OR_PORT
                ? Launcher.REFUSED
                : Launcher.FAILED;
    }

    private void announce() {
        screen.say("");
        screen.say("  page     " + plan.queryUrl() + "/");
        screen.say("  PromQL   " + plan.queryUrl() + "/api/v1/query?query=up");
        screen.say("  fleet    " + plan.queryUrl() + "/api/v1/fleet");
        plan.agentUrls()
                .forEach((name, url) -> screen.say("  agent    " + url + "/metrics  " + name));
        screen.say("  demo     " + plan.demoUrl() + "/  (make it fail: POST /fail?on=true)");
        screen.say("");
        screen.say("Ctrl-C stops all; the data stays for the next start.");
        screen.say("");
    }

    private void watch() throws IOException {
        var begun = clock.instant();
        var nextLine = begun.plus(LIVE_TERMINAL);
        while (!supervisor.ended() && !runFor.filter(limit -> passed(begun, limit)).isPresent()) {
            changes().forEach(this::tell);
            if (!clock.instant().isBefore(nextLine)) {
                nextLine = clock.instant().plus(screen.terminal() ? LIVE_TERMINAL : LIVE_LOG);
                screen.live(line(begun));
            }
            pause(LOOK);
        }
    }

    private boolean passed(Instant begun, Duration limit) {
        return since(begun).compareTo(limit) >= 0;
    }

    private String line(Instant begun) {
        var fleet =
                client.json(plan.queryUrl().resolve("/api/v1/status/muster"))
                        .map(answer -> FleetStatus.from(answer).line(since(begun)))
                        .orElse("the query node does not answer");
        return supervisor.lost().stream()
                .map(lost -> "  " + lost.name() + " is down" + restartText(lost))
                .collect(Collectors.joining("", fleet, ""));
    }

    private String restartText(Lost lost) {
        return lost.restartAt()
                .map(at -> ", starts again in " + Duration.between(clock.instant(), at).toSeconds())
                .map(text -> text + " s")
                .orElse("");
    }

    private List<Change> changes() throws IOException {
        var changes = supervisor.tick();
        if (changes.stream().anyMatch(Change.Died.class::isInstance)) {
            pause(SIGNAL_GRACE);
        }
        return supervisor.ended() ? List.of() : changes;
    }

    private void tell(Change change) {
        switch (change) {
            case Change.Died(var lost) -> {
                screen.say(
                        "%s died, exit code %d%s. Its last lines:"
                                .formatted(lost.name(), lost.exitCode(), restartText(lost)));
                lost.tail().forEach(line -> screen.say("  | " + line));
            }
            case Change.Restarted(var name) -> screen.say(name + " was started again");
        }
    }

    /// Synchronized, so that the thread that comes second leaves only when the children are gone.
    private synchronized void stop(String what) {
        if (!supervisor.ended()) {
            screen.say(what);
            var killed = supervisor.end(PATIENCE_TO_STOP);
            screen.say(killed.isEmpty() ? "stopped" : "stopped; had to kill " + killed);
        }
    }

    private Duration since(Instant begun) {
        return Duration.between(begun, clock.instant());
    }

    private static String seconds(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1000.0);
    }

    private static String names(List<ChildSpec> children) {
        return children.stream().map(ChildSpec::name).collect(Collectors.joining(", "));
    }

    private static void pause(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }
}
