package dev.muster.federation.sim;

import dev.muster.federation.check.Checks;
import dev.muster.federation.check.Finding;
import dev.muster.federation.check.Promises;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.sim.Scenario.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeSet;

/// The promises of the federation, each as something that happens to a cell.
final class Scenarios {
    private static final long BACK_MS = 9000;
    private static final long STEP_MS = 100;

    /// How long what is dead stays so in a history.
    private static final long LOGGED_MS = 10_000;

    private Scenarios() {}

    /// All of them, in the order of the table.
    static List<Scenario> all() {
        return List.of(
                new Scenario(
                        "agent-crash",
                        "agent crash visible at every query node",
                        Bound.p99(2000),
                        Scenarios::agentCrash),
                new Scenario(
                        "power-loss",
                        "host power loss, up to 10 % loss",
                        new Bound(Scenario.Measure.AT_QUERIES, 3000, 4000, 5000),
                        Scenarios::powerLoss),
                new Scenario(
                        "rack-loss",
                        "a fifth of the cell lost at once, and no other",
                        Bound.max(5000),
                        Scenarios::rackLoss),
                new Scenario(
                        "service-stop", "service stopped", Bound.p99(3500), Scenarios::serviceStop),
                quiet("loss-30", "30 % random loss", world -> loss(world, 60_000)),
                quiet("loss-30-long", "30 % loss for 10 min", world -> loss(world, 600_000)),
                quiet("burst-loss", "20 % loss in bursts of 0.6 s", Scenarios::bursts),
                quiet("late", "delay 0.5 s and as much jitter", Scenarios::late),
                quiet("link-cut", "one link cut", Scenarios::linkCut),
                quiet("pause", "one agent paused up to 10 s", Scenarios::pause),
                quiet("pauses", "a tenth of the agents paused 3 s", Scenarios::pauses),
                quiet("split", "50/50 split and heal", Scenarios::split),
                quiet("one-way", "a host sends, but hears nothing", Scenarios::oneWay),
                quiet("clock-step", "wall clocks step by up to an hour", Scenarios::clockStep),
                quiet("bus-down", "Hazelcast of the cell down for 30 s", Scenarios::busDown),
                new Scenario(
                        "server-killed",
                        "both agents that serve a query node killed: gap",
                        Bound.other(2000),
                        Scenarios::serversKilled),
                new Scenario(
                        "query-cut",
                        "query node cut off from the cell: unknown, never down",
                        Bound.nothingFalse(),
                        Scenarios::queryCut),
                new Scenario(
                        "heal",
                        "equal and true state everywhere after 20 s of trouble",
                        Bound.other(10_000),
                        Scenarios::heal),
                new Scenario(
                        "restart-storm",
                        "every agent restarts within 10 s: whole again",
                        Bound.other(10_000),
                        Scenarios::restartStorm),
                quiet("rollout", "rollout of the cell, agents restart in turn", Scenarios::rollout),
                quiet("churn", "hosts leave and others come", Scenarios::churn),
                quiet("udp-blocked", "no datagram passes for 40 s", Scenarios::udpBlocked),
                new Scenario(
                        "udp-blocked-loss",
                        "host power loss while no datagram passes",
                        Bound.max(8000),
                        Scenarios::udpBlockedLoss),
                new Scenario(
                        "history",
                        "one value a target and moment: crash, power loss, pause",
                        Bound.nothingFalse(),
                        Scenarios::history),
                new Scenario(
                        "crash-services",
                        "agent crash: its services stay up, unknown at most",
                        Bound.other(3000),
                        Scenarios::crashServices),
                new Scenario(
                        "loss-services",
                        "host power loss: its services unknown or still up at most",
                        Bound.other(5000),
                        Scenarios::lossServices),
                new Scenario(
                        "announced",
                        "announced restart: seconds unknown",
                        Bound.other(0),
                        Scenarios::announced));
    }

    static Scenario named(String name) {
        return all().stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no scenario of that name: " + name));
    }

    private static Scenario quiet(
            String name, String promise, java.util.function.Consumer<CellWorld> script) {
        return new Scenario(name, promise, Bound.nothingFalse(), script);
    }

    private static void agentCrash(CellWorld world) {
        int host = world.any();
        world.run(world.random.nextInt(1000));
        world.expectDown(host);
        world.kill(host);
        world.run(6000);
        world.conclude(Cause.AGENT_DOWN);
        world.start(host);
        world.run(BACK_MS);
    }

    private static void powerLoss(CellWorld world) {
        int host = world.any();
        world.network.loss = world.random.nextInt(3) * 0.05;
        world.run(2000 + world.random.nextInt(1000));
        world.expectDown(host);
        world.powerOff(host);
        world.run(8000);
        world.conclude(Cause.UNREACHABLE, Cause.HOST_DOWN, Cause.RACK_DOWN);
        world.heal();
        world.start(host);
        world.run(BACK_MS);
    }

    private static void rackLoss(CellWorld world) {
        world.run(world.random.nextInt(1000));
        TreeSet<Integer> lost = some(world, Math.max(1, world.size() / 5));
        for (int host : lost) {
            world.expectDown(host);
            world.powerOff(host);
        }
        world.run(8000);
        world.conclude(Cause.UNREACHABLE, Cause.HOST_DOWN, Cause.RACK_DOWN);
        lost.forEach(world::start);
        world.run(BACK_MS);
    }

    private static void serviceStop(CellWorld world) {
        int host = world.any();
        world.run(world.random.nextInt(1000));
        world.expect(host, member -> member.services().getFirst().health() == Health.DOWN);
        world.stopService(host, 0);
        world.run(5000);
        world.conclude();
        world.startService(host, 0);
        world.run(4000);
    }

    private static void loss(CellWorld world, long ms) {
        world.network.loss = 0.3;
        world.run(ms);
        world.heal();
        world.run(BACK_MS);
    }

    private static void bursts(CellWorld world) {
        // about 90 datagrams a second at each host
        world.network.burstEnds = 0.02;
        world.network.burstBegins = 0.005;
        world.run(60_000);
        world.heal();
        world.run(BACK_MS);
    }

    private static void late(CellWorld world) {
        world.network.delayMs = 500;
        world.network.jitterMs = 500;
        world.run(30_000);
        world.heal();
        world.run(BACK_MS);
    }

    private static void linkCut(CellWorld world) {
        int a = world.any();
        int b = (a + 1 + world.random.nextInt(world.size() - 1)) % world.size();
        world.network.cut(a, b);
        world.run(10_000);
        world.network.cutBoth(a, b);
        world.run(20_000);
        world.heal();
        world.run(BACK_MS);
    }

    private static void pause(CellWorld world) {
        world.pause(world.any(), 500 + world.random.nextInt(9500));
        world.run(20_000);
    }

    private static void pauses(CellWorld world) {
        some(world, Math.max(1, world.size() / 10)).forEach(host -> world.pause(host, 3000));
        world.run(12_000);
    }

    private static void split(CellWorld world) {
        world.network.split(world.size() / 2);
        world.run(20_000);
        world.heal();
        world.run(BACK_MS);
    }

    private static void oneWay(CellWorld world) {
        int deaf = world.any();
        for (int other = 0; other < world.size(); other++) {
            if (other != deaf) {
                world.network.cut(other, deaf);
            }
        }
        // its own beats still say that it lives
        world.deaf(deaf, true);
        world.run(15_000);
        world.deaf(deaf, false);
        world.heal();
        world.run(BACK_MS);
    }

    private static void clockStep(CellWorld world) {
        for (int step = 0; step < 5; step++) {
            world.host(world.any()).stepClock(world.random.nextLong(-3_600_000, 3_600_000));
            world.run(3000);
        }
    }

    private static void busDown(CellWorld world) {
        world.bus(false);
        world.run(30_000);
        world.bus(true);
        world.run(12_000);
    }

    private static void serversKilled(CellWorld world) {
        SimulatedQuery query = world.queries.getFirst();
        List<Integer> servers = new ArrayList<>();
        for (int host = 0; host < world.size(); host++) {
            if (query.follows(host)) {
                servers.add(host);
            }
        }
        servers.forEach(world::kill);
        long gapMs = 0;
        for (int ms = 0; ms < 6000; ms += (int) STEP_MS) {
            world.run(STEP_MS);
            // a view a second is what there is without news
            gapMs = Math.max(gapMs, query.state().ageMs() - 1000);
        }
        world.tally().other.add(gapMs);
        servers.forEach(world::start);
        world.run(BACK_MS);
    }

    private static void queryCut(CellWorld world) {
        SimulatedQuery query = world.queries.getLast();
        query.cut = true;
        world.run(10_000);
        boolean unknown = query.state().members().stream().noneMatch(m -> m.isUp());
        if (!unknown || query.state().coverage() > 0) {
            world.tally().missed++;
            world.tally().example("a query node cut off shows members as up");
        }
        query.cut = false;
        world.run(BACK_MS);
    }

    private static void heal(CellWorld world) {
        for (int round = 0; round < 8; round++) {
            trouble(world);
            world.run(world.random.nextInt(5000));
        }
        world.heal();
        for (SimulatedHost host : world.hosts) {
            if (!host.runs()) {
                world.start(host.index);
            }
            host.pausedUntilMs = Math.min(host.pausedUntilMs, world.nowMs());
        }
        world.tally().other.add(untilWhole(world));
        world.run(BACK_MS);
    }

    private static void trouble(CellWorld world) {
        int host = world.any();
        switch (world.random.nextInt(6)) {
            case 0 -> world.network.loss = world.random.nextDouble() * 0.5;
            case 1 -> world.network.cutBoth(host, (host + 1) % world.size());
            case 2 -> world.network.split(1 + world.random.nextInt(world.size() - 1));
            case 3 -> world.pause(host, world.random.nextInt(8000));
            case 4 -> world.heal();
            default -> {
                if (world.host(host).runs()) {
                    world.kill(host);
                }
            }
        }
    }

    /// Milliseconds until all query nodes show the same and the truth; a minute if they do not.
    private static long untilWhole(CellWorld world) {
        long ms = 0;
        while (ms < 60_000 && !world.isWhole()) {
            world.run(STEP_MS);
            ms += STEP_MS;
        }
        return ms;
    }

    private static void restartStorm(CellWorld world) {
        for (SimulatedHost host : world.hosts) {
            int index = host.index;
            world.in(
                    world.random.nextInt(5000),
                    () -> {
                        world.kill(index);
                        world.in(1000 + world.random.nextInt(4000), () -> world.start(index));
                    });
        }
        world.run(10_000);
        world.tally().other.add(untilWhole(world));
        world.run(BACK_MS);
    }

    private static void rollout(CellWorld world) {
        int at = world.any();
        for (int i = 0; i < 5; i++) {
            int host = (at + i) % world.size();
            world.leave(host);
            world.run(2000);
            world.start(host);
            world.run(5000);
        }
        world.run(BACK_MS);
    }

    private static void churn(CellWorld world) {
        for (int i = 0; i < 5; i++) {
            int host = world.any();
            world.leave(host);
            world.run(10_000);
            world.forgetDisk(host);
            world.start(host);
            world.run(5000);
        }
    }

    private static void udpBlocked(CellWorld world) {
        world.network.datagrams = false;
        world.run(40_000);
        world.network.datagrams = true;
        world.run(BACK_MS);
    }

    private static void udpBlockedLoss(CellWorld world) {
        world.network.datagrams = false;
        world.run(15_000);
        int host = world.any();
        world.expectDown(host);
        world.powerOff(host);
        world.run(10_000);
        world.conclude(Cause.UNREACHABLE, Cause.HOST_DOWN);
        world.network.datagrams = true;
        world.start(host);
        world.run(BACK_MS);
    }

    private static void history(CellWorld world) {
        int host = world.any();
        int next = (host + 1) % world.size();
        int third = (host + 2) % world.size();
        world.kill(host);
        world.run(LOGGED_MS);
        world.start(host);
        world.run(BACK_MS);
        world.powerOff(next);
        world.run(LOGGED_MS);
        world.start(next);
        world.run(BACK_MS);
        world.pause(third, 6000);
        world.run(6000 + BACK_MS);
        check(world);
    }

    private static void crashServices(CellWorld world) {
        int host = world.any();
        services(world, host, () -> world.kill(host));
        world.tally().falseServices += (int) world.tally().wrongSeconds;
        world.tally().other.add(1000L * world.tally().longestUnknown);
        world.start(host);
        world.run(BACK_MS);
    }

    private static void lossServices(CellWorld world) {
        int host = world.any();
        services(world, host, () -> world.powerOff(host));
        world.tally()
                .other
                .add(1000L * (world.tally().longestUnknown + world.tally().longestWrong));
        world.start(host);
        world.run(BACK_MS);
    }

    /// What a query node shows of the services of a host, second by second, around its fault.
    private static void services(CellWorld world, int host, Runnable fault) {
        world.sampleOnly(host);
        world.run(world.random.nextInt(1000));
        fault.run();
        world.run(LOGGED_MS);
        world.sampleOnly(CellWorld.NOBODY);
    }

    private static void announced(CellWorld world) {
        int host = world.any();
        services(
                world,
                host,
                () -> {
                    world.restart(host, 1500, 4000);
                    world.run(BACK_MS);
                });
        check(world);
        world.tally().falseServices += (int) world.tally().wrongSeconds;
        world.tally().other.add(1000L * world.tally().longestUnknown);
    }

    /// Holds the histories that the agents wrote against what is promised.
    private static void check(CellWorld world) {
        for (Finding finding : Checks.run(world.log.close(), Promises.MADE)) {
            if (!finding.kept()) {
                world.tally().missed += Math.toIntExact(finding.broken());
                world.tally().example(finding.toString());
            }
        }
    }

    private static TreeSet<Integer> some(CellWorld world, int count) {
        var some = new TreeSet<Integer>();
        while (some.size() < count) {
            some.add(world.any());
        }
        return some;
    }
}
