package dev.muster.agent.services.listener;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.RefusedAddress;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.model.labels.Labels;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Looks for listeners, asks those that the policy allows, and offers those that have metrics.
/// Thread-safe.
final class ListenerDiscovery implements Discovery {
    /*
     * A thread of its own makes a round each second: it looks whether the sockets of targets are
     * still held, which is one link each, and at each refresh scans for new ones. Probes run in
     * threads of their own, two at once; what they found counts for as long as the socket is open.
     */
    private static final Logger LOG = System.getLogger(ListenerDiscovery.class.getName());
    private static final int PROBES_AT_ONCE = 2;
    private static final long ROUND_MS = 1_000;

    /// What is known of one listener.
    private record Found(Listener listener, ListenerPolicy.Verdict verdict) {
        long inode() {
            return listener.socket().inode();
        }
    }

    private final ListenerSettings settings;
    private final DiscoveryContext context;
    private final Probe probe;
    private final IntPredicate own;
    private final ListenerScan scan;
    private final ListenerPolicy.Judge judge;
    private final Map<Long, ProbeState> answers = new HashMap<>();
    private final Set<Long> asking = new HashSet<>();
    private List<Found> found = List.of();
    private List<Listener> targets = List.of();
    private long nextScanMs;

    /// Listeners that were too many, as last counted.
    private long overLimit;

    private volatile DiscoveryState state = DiscoveryState.NONE;
    private volatile boolean closed;
    private @Nullable Thread thread;

    /// @param own processes whose ports are the agent's own
    ListenerDiscovery(
            ListenerSettings settings, DiscoveryContext context, Probe probe, IntPredicate own) {
        this.settings = settings;
        this.context = context;
        this.probe = probe;
        this.own = own;
        Path host = settings.procfs().resolve("1/root/etc/passwd");
        scan =
                new ListenerScan(
                        new Procfs(settings.procfs()),
                        new UserNames(host, Path.of("/etc/passwd")),
                        settings.allNetworks());
        judge = settings.policy().judge();
    }

    @Override
    public String kind() {
        return settings.kind();
    }

    @Override
    public DiscoveryState state() {
        return state;
    }

    synchronized void start() {
        Thread rounds = context.threads().newThread(this::rounds);
        thread = rounds;
        rounds.start();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void rounds() {
        while (!closed) {
            try {
                round();
                Thread.sleep(ROUND_MS);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "looking for listeners failed and goes on", e);
                nextScanMs = 0;
            }
        }
    }

    /// Looks once. A round that finds nothing new costs a link for each target.
    synchronized void round() {
        long nowMs = context.clock().millis();
        long periodMs = settings.refreshInterval().toMillis();
        // the wall clock may have been set back
        boolean due = nowMs >= nextScanMs || nextScanMs - nowMs > periodMs;
        boolean ended = !scan.allHold(targets);
        if (due || ended) {
            nextScanMs = nowMs + periodMs;
            found = scan.scan(ended).stream().map(one -> new Found(one, verdict(one))).toList();
            Set<Long> live = new HashSet<>();
            found.forEach(one -> live.add(one.inode()));
            answers.keySet().retainAll(live);
            count();
            publish(nowMs);
        }
        ask(nowMs);
    }

    private void count() {
        if (scan.error().isEmpty()) {
            context.metrics().refreshed(kind());
        } else {
            context.metrics().failed(kind());
        }
        if (scan.overLimit() > overLimit) {
            overLimit = scan.overLimit();
            context.metrics().overLimit(kind());
        }
    }

    private ListenerPolicy.Verdict verdict(Listener listener) {
        return own.test(listener.process().pid())
                ? new ListenerPolicy.Verdict(false, "it is this agent's own port")
                : judge.judge(listener);
    }

    private void ask(long nowMs) {
        for (Found one : found) {
            if (asking.size() >= PROBES_AT_ONCE || closed) {
                return;
            }
            ProbeState before = answers.getOrDefault(one.inode(), ProbeState.UNASKED);
            if (one.verdict().allowed()
                    && one.listener().unreachable().isEmpty()
                    && before.dueMs() <= nowMs
                    && asking.add(one.inode())) {
                context.threads().newThread(() -> ask(one.listener(), before)).start();
            }
        }
    }

    private void ask(Listener listener, ProbeState before) {
        Probe.Result result = new Probe.Result.NoAnswer("not asked");
        String host = "";
        try {
            for (String dial : listener.dials()) {
                host = dial;
                result = probe.ask(dial, listener.port());
                if (!(result instanceof Probe.Result.NoAnswer)) {
                    break;
                }
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "asking a listener failed", e);
            result = new Probe.Result.NoAnswer("internal error: " + e);
        }
        answered(listener, before.then(result, host, context.clock().millis()));
    }

    private synchronized void answered(Listener listener, ProbeState answer) {
        long inode = listener.socket().inode();
        asking.remove(inode);
        if (closed || found.stream().noneMatch(one -> one.inode() == inode)) {
            return;
        }
        answers.put(inode, answer);
        long nowMs = context.clock().millis();
        publish(nowMs);
        ask(nowMs);
    }

    private void publish(long nowMs) {
        List<TargetGroup> groups = new ArrayList<>();
        List<RefusedAddress> refused = new ArrayList<>();
        List<Listener> offered = new ArrayList<>();
        for (Found one : found) {
            ProbeState answer = answers.getOrDefault(one.inode(), ProbeState.UNASKED);
            String reason = reason(one, answer);
            if (reason.isEmpty()) {
                groups.add(group(one.listener(), answer.host()));
                offered.add(one.listener());
            } else {
                refused.add(refused(one.listener(), reason));
            }
        }
        targets = offered;
        DiscoveryState before = state;
        state =
                scan.error().isEmpty()
                        ? new DiscoveryState(groups, Math.max(0, nowMs), "", refused)
                        : before.failed(scan.error());
        if (!before.groups().equals(state.groups()) || !before.refused().equals(refused)) {
            context.changed().run();
        }
    }

    /// Why it is no target; empty if it is one.
    private String reason(Found one, ProbeState answer) {
        if (!one.verdict().allowed()) {
            return "port "
                    + one.listener().port()
                    + " listens, but policy refuses it: "
                    + one.verdict().rule();
        }
        String prefix =
                "port "
                        + one.listener().port()
                        + " listens and policy allows it ("
                        + one.verdict().rule()
                        + "), but ";
        if (!one.listener().unreachable().isEmpty()) {
            return prefix + one.listener().unreachable();
        }
        return answer.hasMetrics()
                ? ""
                : prefix + "GET " + settings.path() + ": " + answer.result().text();
    }

    private TargetGroup group(Listener listener, String host) {
        String address = Listener.hostPort(host, listener.port());
        Labels labels =
                listener.labels()
                        .set(TargetGroup.ADDRESS, address)
                        .set("__metrics_path__", settings.path())
                        .set("__scheme__", settings.tls() ? "https" : "http")
                        .build();
        return new TargetGroup(address, List.of(labels), Labels.EMPTY);
    }

    private static RefusedAddress refused(Listener listener, String reason) {
        String host =
                listener.dials().isEmpty()
                        ? listener.socket().address()
                        : listener.dials().getFirst();
        String address = Listener.hostPort(host, listener.port());
        String source = listener.dials().isEmpty() ? listener.network() + " " + address : address;
        return new RefusedAddress(
                source, listener.labels().set(TargetGroup.ADDRESS, address).build(), reason);
    }
}
