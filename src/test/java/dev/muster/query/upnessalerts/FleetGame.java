package dev.muster.query.upnessalerts;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Onlookers;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetView;
import dev.muster.query.alerts.Notice;
import dev.muster.query.alerts.NoticeSink;
import dev.muster.query.expected.Expected;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// One cell of hosts in racks on virtual time, and what is told of it.
final class FleetGame {
    static final UpnessAlertSettings SETTINGS =
            UpnessAlertSettings.usual(URI.create("http://muster.example.org/"));

    final List<Notice> told = new ArrayList<>();
    final Map<String, Notice> firing = new TreeMap<>();
    final List<Expected> absent = new ArrayList<>();
    long nowMs = 1_000_000;
    boolean degraded;
    boolean silent;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final UpnessAlerts alerts;

    FleetGame() {
        this(SETTINGS);
    }

    FleetGame(UpnessAlertSettings settings) {
        alerts =
                new UpnessAlerts(
                        settings,
                        new FleetView(Duration.ofSeconds(3), InstantSource.system()),
                        () -> absent,
                        NoticeSink.NONE,
                        InstantSource.system());
    }

    void up(String host) {
        set(host, new Upness.Up(nowMs), Cause.NONE, Optional.empty(), false, List.of());
    }

    void down(String host, Cause cause) {
        set(
                host,
                new Upness.Down(nowMs - 1_500, cause),
                Cause.NONE,
                Optional.empty(),
                false,
                List.of());
    }

    /// @param host whose rack is its part before the dash
    void set(
            String host,
            Upness upness,
            Cause note,
            Optional<Intent> intent,
            boolean flapping,
            List<ServiceState> services) {
        members.put(
                host,
                new Member(
                        host,
                        "http://" + host + ":9100",
                        "",
                        new Place("z1", host.substring(0, host.indexOf('-'))),
                        1,
                        upness,
                        note,
                        intent,
                        flapping,
                        services,
                        nowMs,
                        1,
                        1,
                        upness instanceof Upness.Down
                                ? new Onlookers(List.of("w1", "w2"), List.of())
                                : Onlookers.NONE));
    }

    /// Looks now.
    List<Notice> look() {
        CellState cell =
                CellState.of(
                        "c1",
                        silent ? unknown() : List.copyOf(members.values()),
                        silent ? List.of() : List.of("o1", "o2"),
                        silent ? 0 : 1,
                        0,
                        degraded);
        alerts.changed(cell);
        List<Notice> now = alerts.look(absent, nowMs);
        told.addAll(now);
        for (Notice notice : now) {
            if (notice.resolved()) {
                firing.remove(notice.labels().toString());
            } else {
                firing.put(notice.labels().toString(), notice);
            }
        }
        return now;
    }

    private List<Member> unknown() {
        return members.values().stream()
                .map(member ->
                        new Member(
                                member.host(),
                                member.httpUrl(),
                                1,
                                new Upness.Unknown(nowMs, Cause.NO_OBSERVER),
                                List.of(),
                                nowMs,
                                1,
                                1))
                .toList();
    }

    /// Time goes on, with a look each 250 ms.
    List<Notice> pass(Duration time) {
        List<Notice> all = new ArrayList<>();
        for (long ms = 0; ms < time.toMillis(); ms += 250) {
            nowMs += 250;
            all.addAll(look());
        }
        return all;
    }

    /// Names and hosts of what fires.
    List<String> firing() {
        return firing.values().stream().map(FleetGame::name).sorted().toList();
    }

    static String name(Notice notice) {
        String of =
                Objects.requireNonNullElse(
                        notice.labels().get("host"),
                        Objects.requireNonNullElse(
                                notice.labels().get("rack"), notice.labels().get("cell")));
        return notice.labels().get("alertname") + " " + of;
    }
}
