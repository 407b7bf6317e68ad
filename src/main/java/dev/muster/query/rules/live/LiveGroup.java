package dev.muster.query.rules.live;

import dev.muster.model.labels.Labels;
import dev.muster.query.alerts.Notice;
import dev.muster.query.alerts.PendingNotice;
import dev.muster.query.rules.Alert;
import dev.muster.query.rules.AlertState;
import dev.muster.query.rules.GroupRun;
import dev.muster.query.rules.Rule;
import dev.muster.query.rules.RuleGroup;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One group that is evaluated as time goes on, on a thread of its own that waits most of the time.
final class LiveGroup {
    private static final System.Logger LOG = System.getLogger(LiveGroup.class.getName());

    /// How far back a group is evaluated that another node may have dropped without a word: longer
    /// than it takes to notice that a node is gone.
    private static final long CATCH_UP_MS = 12_000;

    /// A notice holds so many times as long as it takes until the next one.
    private static final int HOLDS = 4;

    private final String key;
    private final LiveParts parts;
    private final GroupRun run;
    private final GroupQuery query;
    private final GroupTimes times;
    private volatile GroupCounts counts = GroupCounts.NONE;
    private volatile boolean stopped;
    private boolean restores;

    /// What was pending after the evaluation before; of the group's thread.
    private final Map<Labels, PendingNotice> pending = new HashMap<>();

    private final Thread thread;

    /// How a group begins.
    enum Begin {
        /// After a start of this node, or in its place among others.
        NEW,
        /// The rules came while this node ran: there is nothing to go on with.
        ADDED
    }

    LiveGroup(RuleGroup group, LiveParts parts) {
        this.parts = parts;
        key = RuleBook.key(group);
        LiveConfig config = parts.config();
        query = new GroupQuery(parts.queries(), key);
        run =
                new GroupRun(
                        group,
                        config.settings(),
                        query,
                        parts.stores().apply(key),
                        config.queryOffset());
        times = GroupTimes.of(key, group.interval().orElse(config.interval()).toMillis());
        thread = Thread.ofVirtual().name("rule-group-" + key).unstarted(this::loop);
    }

    String key() {
        return key;
    }

    GroupRun run() {
        return run;
    }

    GroupTimes times() {
        return times;
    }

    GroupCounts counts() {
        return counts;
    }

    void start(Begin begin) {
        restores = begin == Begin.NEW;
        thread.start();
    }

    /// Stops, and waits for an evaluation that goes on. Series do not end.
    void stop() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        try {
            long beginMs = parts.clock().millis();
            long timeMs = restores ? begin() : times.next(times.at(beginMs));
            while (!stopped) {
                await(timeMs);
                step(timeMs);
                // what is made up for is not too late
                long missed = timeMs < beginMs ? 0 : times.missed(timeMs, parts.clock().millis());
                counts = counts.missed(missed);
                timeMs = times.next(timeMs) + missed * times.intervalMs();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "rule group ended group=" + key, e);
            throw e;
        }
    }

    /// The time of the first evaluation. Alerts that another node has told of until now go on.
    private long begin() {
        long nowMs = parts.clock().millis();
        if (!parts.duties().isShared()) {
            run.awaitRestore();
            return times.next(times.at(nowMs));
        }
        long firstMs = Math.min(times.at(nowMs), times.next(times.at(nowMs - CATCH_UP_MS)));
        try {
            restores = !run.adopt(parts.states(), parts.config().restore(), firstMs - 1);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "alerts of another node cannot be read group=" + key + " reason=" + e);
        }
        if (restores) {
            run.awaitRestore();
        }
        return firstMs;
    }

    private void await(long timeMs) throws InterruptedException {
        long leftMs;
        while ((leftMs = timeMs - parts.clock().millis()) > 0) {
            Thread.sleep(leftMs);
        }
    }

    /// Evaluates the group once the data of the fleet is there, and tells of its alerts.
    void step(long timeMs) throws InterruptedException {
        long startNanos = System.nanoTime();
        Duration most = parts.config().maxWait();
        if (most.toMillis() > times.intervalMs()) {
            most = Duration.ofMillis(times.intervalMs());
        }
        FleetMark.Arrival arrival = parts.mark().await(timeMs - run.offsetMs(), most);
        parts.metrics().waited(System.nanoTime() - startNanos, arrival);
        query.standOn(arrival.share());
        run.evaluate(timeMs);
        parts.metrics().evaluated(run.lastNanos());
        List<GroupRun.Status> rules = run.rules();
        int failed = (int) rules.stream().filter(rule -> rule.failure().isPresent()).count();
        counts = counts.evaluated(rules.size(), failed, arrival.share());
        Duration resend = parts.config().resend();
        tellPending(rules, timeMs);
        run.send(timeMs, resend, (rule, alerts) -> tell(rule, alerts, timeMs, resend));
        if (restores && counts.iterations() - counts.missed() >= 2) {
            restore();
        }
    }

    /// After the second evaluation, as Prometheus does it: by then other rules have recorded what
    /// alerts are about.
    private void restore() {
        long startNanos = System.nanoTime();
        restores = false;
        try {
            run.restore(parts.states(), parts.config().restore(), parts.clock().millis());
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "alerts could not be restored group=" + key + " reason=" + e);
        }
        counts = counts.restored(System.nanoTime() - startNanos);
    }

    private void tell(Rule rule, List<Alert> alerts, long timeMs, Duration resend) {
        long holdsMs = HOLDS * Math.max(resend.toMillis(), times.intervalMs());
        String url = url(rule);
        parts.sink()
                .tell(alerts.stream().map(alert -> notice(alert, timeMs + holdsMs, url)).toList());
    }

    private static Notice notice(Alert alert, long holdsUntilMs, String url) {
        boolean resolved = alert.resolvedAtMs() > 0;
        return new Notice(
                alert.labels(),
                alert.annotations(),
                alert.firedAtMs(),
                resolved ? alert.resolvedAtMs() : holdsUntilMs,
                resolved,
                url,
                alert.value(),
                alert.completeness());
    }

    /// Tells of alerts that have become pending with this evaluation, and of those that were and
    /// are gone.
    private void tellPending(List<GroupRun.Status> rules, long timeMs) {
        Map<Labels, PendingNotice> now = new HashMap<>();
        Set<Labels> firing = new HashSet<>();
        for (GroupRun.Status rule : rules) {
            for (Alert alert : rule.alerts()) {
                if (alert.state() == AlertState.PENDING) {
                    now.put(alert.labels(), pending(alert, rule.rule()));
                } else {
                    firing.add(alert.labels());
                }
            }
        }
        List<PendingNotice> news = new ArrayList<>();
        now.forEach((labels, notice) -> {
            if (!pending.containsKey(labels)) {
                news.add(notice);
            }
        });
        pending.forEach((labels, before) -> {
            if (!now.containsKey(labels) && !firing.contains(labels)) {
                news.add(new PendingNotice(before.notice(), timeMs, true));
            }
        });
        pending.clear();
        pending.putAll(now);
        if (!news.isEmpty()) {
            parts.sink().pending(news);
        }
    }

    private PendingNotice pending(Alert alert, Rule rule) {
        Notice notice =
                new Notice(
                        alert.labels(),
                        alert.annotations(),
                        alert.activeAtMs(),
                        alert.activeAtMs(),
                        false,
                        url(rule),
                        alert.value(),
                        alert.completeness());
        return new PendingNotice(notice, alert.activeAtMs(), false);
    }

    private String url(Rule rule) {
        return parts.config().settings().externalUrl()
                + "/graph?g0.expr="
                + URLEncoder.encode(rule.expr(), StandardCharsets.UTF_8)
                + "&g0.tab=1";
    }
}
