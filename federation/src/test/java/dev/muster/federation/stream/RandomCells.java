package dev.muster.federation.stream;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Onlookers;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// A cell that changes at random, as one of its agents sees it.
public final class RandomCells {
    private static final long START_MS = 1_763_820_000_000L;

    private final String cell;
    private final String observer;
    private final Random random;
    private final TreeMap<String, Member> members = new TreeMap<>();
    private long incarnation = 1;
    private long version = 1;
    private long nowMs = START_MS;

    public RandomCells(String cell, String observer, Random random) {
        this.cell = cell;
        this.observer = observer;
        this.random = random;
        for (int i = 0; i < 3 + random.nextInt(8); i++) {
            change("h" + i);
        }
    }

    public CellView view() {
        return new CellView(
                cell,
                observer,
                version,
                List.copyOf(members.values()),
                random.nextInt(8) == 0,
                incarnation,
                true,
                nowMs);
    }

    /// Time goes on: beats come; sometimes something else happens.
    public void step() {
        nowMs += 250;
        members.replaceAll((host, m) -> m.isUp() ? beat(m) : m);
        switch (random.nextInt(12)) {
            case 0 -> members.remove("h" + random.nextInt(12));
            case 1 -> {
                incarnation++;
                version = 0;
            }
            case 2, 3, 4 -> change("h" + random.nextInt(12));
            default -> version--;
        }
        version++;
    }

    private Member beat(Member m) {
        return new Member(
                m.host(),
                m.httpUrl(),
                m.beatAddress(),
                m.place(),
                m.incarnation(),
                m.upness(),
                m.note(),
                m.intent(),
                m.flapping(),
                m.services(),
                nowMs,
                m.seq() + random.nextInt(3),
                m.reportSeq(),
                m.onlookers());
    }

    private void change(String host) {
        members.put(host, member(host));
    }

    private Member member(String host) {
        List<ServiceState> services = new ArrayList<>();
        int size = random.nextInt(3) == 0 ? random.nextInt(40) : 5;
        boolean alike = random.nextInt(4) == 0;
        ServiceState first = service(0);
        for (int i = 0; i < size; i++) {
            ServiceState one = alike ? first : service(i);
            services.add(
                    new ServiceState(
                            "job" + i % 3,
                            host + ".ä☃:" + (9000 + i),
                            one.health(),
                            one.provenance(),
                            one.reason(),
                            one.sinceMs()));
        }
        Cause cause = Cause.values()[1 + random.nextInt(Cause.values().length - 1)];
        long sinceMs = nowMs - random.nextInt(100_000);
        Upness upness =
                switch (random.nextInt(8)) {
                    case 0 -> new Upness.Suspect(sinceMs, cause);
                    case 1 -> new Upness.Down(sinceMs, cause);
                    case 2 -> new Upness.Left(sinceMs);
                    case 3 -> new Upness.Unknown(sinceMs, cause);
                    default -> new Upness.Up(sinceMs);
                };
        return new Member(
                host,
                "http://" + host + ":9640",
                random.nextBoolean() ? "" : "10.0.0.1:9641",
                random.nextBoolean() ? Place.NONE : new Place("z1", "r" + random.nextInt(3)),
                START_MS / 1000 + random.nextInt(3),
                upness,
                random.nextInt(5) == 0 ? Cause.PARTIAL : Cause.NONE,
                random.nextInt(5) == 0
                        ? Optional.of(new Intent(Intent.Kind.DRAIN, nowMs + 60_000, "ann"))
                        : Optional.empty(),
                random.nextInt(9) == 0,
                services,
                nowMs,
                1 + random.nextInt(1_000_000),
                1 + random.nextInt(20),
                onlookers(upness));
    }

    private Onlookers onlookers(Upness upness) {
        boolean lost = upness instanceof Upness.Down || upness instanceof Upness.Suspect;
        List<String> witnesses = upness instanceof Upness.Down ? List.of("h1", "ä2") : List.of();
        return lost && random.nextBoolean()
                ? new Onlookers(witnesses, List.of("h7"))
                : Onlookers.NONE;
    }

    private ServiceState service(int i) {
        Health health = random.nextInt(3) > 0 ? Health.UP : Health.ofCode(random.nextInt(4));
        Provenance by =
                random.nextInt(3) > 0
                        ? Provenance.OWN
                        : Provenance.values()[random.nextInt(Provenance.values().length)];
        return new ServiceState(
                "job",
                "i" + i,
                health,
                by,
                health == Health.UP ? "" : "why " + random.nextInt(3),
                random.nextInt(20) == 0 ? 0 : nowMs - random.nextInt(1_000_000));
    }
}
