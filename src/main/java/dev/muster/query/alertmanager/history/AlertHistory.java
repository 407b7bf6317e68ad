package dev.muster.query.alertmanager.history;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.blocks.alertstore.AlertTable;
import dev.muster.query.alertmanager.AlertWitness;
import dev.muster.query.alertmanager.dispatch.Claims;
import dev.muster.query.alertmanager.dispatch.Deliveries;
import dev.muster.query.alertmanager.dispatch.Delivery;
import dev.muster.query.alertmanager.match.Matcher;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.NotificationKey;
import dev.muster.query.alertmanager.state.Silence;
import dev.muster.query.alertmanager.state.StateRecord;
import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.NotifiedAlert;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes down what becomes of alerts, notifications and silences, until it is in the table
/// `alerts`. Thread-safe.
public final class AlertHistory implements AlertWitness, Deliveries, AutoCloseable {
    /*
     * That an alert fires or has ended follows from the state that all nodes share, so each node writes it down for itself, a moment
     * later, when nodes that were told at the same time have agreed on since when; rows of the same happening have the same
     * number. What only one node knows (pending alerts, notifications, silences that it was asked for) it tells the others.
     *
     * Alerts that are known from an earlier life are written down again if that life may have ended before it did so: if they began
     * or ended since the oldest window that is not in the table.
     */
    private static final System.Logger LOG = System.getLogger(AlertHistory.class.getName());
    private static final Duration AGREED = Duration.ofSeconds(1);
    private static final Duration ENDED_LONG_ENOUGH = Duration.ofSeconds(30);
    private static final Duration OLDEST = Duration.ofHours(24);
    private static final long TICK_MS = 1_000;
    private static final long SHIP_MS = 10_000;

    private final HistoryLog log;
    private final HistoryShipper shipper;
    private final HistoryReader reader;
    private final String node;
    private final InstantSource clock;
    private final Consumer<StateRecord> others;

    /// What of an alert was written down last. Guarded by this, as is the queue.
    private final Map<Long, Written> last = new HashMap<>();

    private final Deque<Due> queue = new ArrayDeque<>();
    private Instant silencesSeen;
    private volatile Function<Long, Optional<Alert>> known = _ -> Optional.empty();
    private volatile Supplier<Collection<Alert>> all = List::of;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("alerts-history").factory());

    private record Written(boolean firing, Instant startsAt) {}

    private record Due(Alert alert, Instant at) {}

    /// @param others takes what only this node knows
    public AlertHistory(
            HistoryLog log,
            AlertTable table,
            Claims claims,
            String node,
            Consumer<StateRecord> others,
            HistoryMetrics metrics,
            InstantSource clock) {
        this.log = log;
        shipper = new HistoryShipper(log, table, claims, metrics);
        reader = new HistoryReader(log, table);
        this.node = node;
        this.others = others;
        this.clock = clock;
        silencesSeen = clock.instant().minus(OLDEST);
    }

    /// Looks up what was written down.
    public HistoryReader reader() {
        return reader;
    }

    /// Begins with alerts that are known already.
    ///
    /// @param find the alert of a fingerprint, as it is now
    /// @param alerts all, as they are now
    public void start(Function<Long, Optional<Alert>> find, Supplier<Collection<Alert>> alerts) {
        begin(find, alerts);
        var _ =
                thread.scheduleWithFixedDelay(
                        () -> guarded(this::tick), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
        var _ =
                thread.scheduleWithFixedDelay(
                        () -> guarded(this::ship), SHIP_MS, SHIP_MS, TimeUnit.MILLISECONDS);
    }

    synchronized void begin(
            Function<Long, Optional<Alert>> find, Supplier<Collection<Alert>> alerts) {
        known = find;
        all = alerts;
        Instant now = clock.instant();
        Instant from = log.oldestMs().map(Instant::ofEpochMilli).orElse(now);
        for (Alert alert : alerts.get()) {
            if (alert.startsAt().isBefore(from)) {
                boolean fired = !alert.resolvedAt(from);
                last.put(alert.fingerprint(), new Written(fired, alert.startsAt()));
            }
            if (!alert.startsAt().isBefore(from) || !alert.endsAt().isBefore(from)) {
                queue.add(new Due(alert, now));
            }
        }
        log.touch(now.toEpochMilli());
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "history of alerts failed", e);
        }
    }

    void ship() {
        shipper.look(clock.millis());
    }

    /// Writes down what is due.
    void tick() {
        Instant now = clock.instant();
        log.touch(now.toEpochMilli());
        Due due = due(now);
        while (due != null) {
            write(due.alert, now);
            due = due(now);
        }
        for (Alert alert : all.get()) {
            if (alert.resolvedAt(now.minus(ENDED_LONG_ENOUGH))) {
                write(alert, now);
            }
        }
        log.tick();
    }

    private synchronized @Nullable Due due(Instant now) {
        Due first = queue.peek();
        return first == null || first.at.isAfter(now) ? null : queue.poll();
    }

    @Override
    public synchronized void alerts(List<Alert> alerts) {
        Instant now = clock.instant();
        for (Alert alert : alerts) {
            Written written = last.get(alert.fingerprint());
            boolean fires = !alert.resolvedAt(now);
            if (written == null || written.firing != fires) {
                queue.add(new Due(alert, now.plus(AGREED)));
            }
        }
    }

    /// Writes down what is new of an alert.
    private synchronized void write(Alert seen, Instant now) {
        Written written = last.get(seen.fingerprint());
        boolean fires = !seen.resolvedAt(now);
        if (written == null ? !isRecent(seen, now) && !fires : written.firing == fires) {
            return;
        }
        if (written == null || !written.firing) {
            boolean again = written != null && written.startsAt.equals(seen.startsAt());
            if (again && !fires) {
                return;
            }
            Alert agreed = agreed(seen, written);
            Instant began = again ? agreed.updatedAt() : agreed.startsAt();
            append(transition(agreed, AlertRow.State.FIRING, began, now));
            written = new Written(true, agreed.startsAt());
        }
        if (!fires) {
            append(transition(seen, AlertRow.State.RESOLVED, seen.endsAt(), now));
            written = new Written(false, seen.startsAt());
        }
        last.put(seen.fingerprint(), written);
    }

    private static boolean isRecent(Alert alert, Instant now) {
        return alert.endsAt().plus(OLDEST).isAfter(now)
                && alert.startsAt().isBefore(alert.endsAt());
    }

    /// The alert with the begin that all nodes know by now.
    private Alert agreed(Alert seen, @Nullable Written written) {
        return known.apply(seen.fingerprint())
                .filter(now -> now.startsAt().isBefore(seen.startsAt()))
                .filter(now -> written == null || now.startsAt().isAfter(written.startsAt))
                .orElse(seen);
    }

    private static AlertRow transition(Alert alert, AlertRow.State state, Instant at, Instant now) {
        boolean odd = at.isBefore(now.minus(OLDEST)) || at.isAfter(now);
        return new AlertRow.Transition(
                odd ? alert.updatedAt().toEpochMilli() : at.toEpochMilli(),
                state,
                alert.fingerprint(),
                words(alert),
                alert.annotations(),
                alert.startsAt().toEpochMilli(),
                alert.value(),
                alert.share(),
                alert.annotations().getOrDefault("cause", ""),
                alert.generatorUrl());
    }

    private static SortedMap<String, String> words(Alert alert) {
        SortedMap<String, String> words = new TreeMap<>();
        alert.labels().forEach(words::put);
        return words;
    }

    private void append(AlertRow row) {
        var _ = log.append(row);
    }

    /// What only this node knows.
    private void tell(AlertRow row) {
        if (log.append(row)) {
            others.accept(new StateRecord.OfRow(row));
        }
    }

    /// An alert of this node's rules is pending, or is not any more without having fired.
    public void pending(AlertRow.Transition row) {
        tell(row);
    }

    @Override
    public void row(AlertRow row) {
        append(row);
    }

    @Override
    public void silence(Silence silence, boolean fresh) {
        boolean ended = !silence.endsAt().isAfter(silence.updatedAt());
        AlertRow.Change change =
                ended
                        ? AlertRow.Change.EXPIRED
                        : fresh ? AlertRow.Change.CREATED : AlertRow.Change.CHANGED;
        tell(row(silence, change, node, ended ? silence.endsAt() : silence.updatedAt()));
    }

    @Override
    public synchronized void silences(Collection<Silence> silences, Instant now) {
        Instant until = now.minus(ENDED_LONG_ENOUGH);
        for (Silence silence : silences) {
            if (silence.endsAt().isAfter(silencesSeen) && !silence.endsAt().isAfter(until)) {
                append(row(silence, AlertRow.Change.EXPIRED, "", silence.endsAt()));
            }
        }
        silencesSeen = until;
        last.keySet().removeIf(print -> known.apply(print).isEmpty());
    }

    private static AlertRow row(Silence silence, AlertRow.Change change, String node, Instant at) {
        return new AlertRow.Silenced(
                at.toEpochMilli(),
                node,
                change,
                silence.id(),
                silence.comment().toLowerCase(Locale.ROOT).startsWith("ack"),
                silence.matchers().stream().map(Matcher::toString).toList(),
                silence.startsAt().toEpochMilli(),
                silence.endsAt().toEpochMilli(),
                silence.createdBy(),
                silence.comment());
    }

    @Override
    public void ended(Delivery delivery) {
        NotificationKey key = delivery.key();
        Notification told = delivery.notification();
        SortedMap<String, String> group = new TreeMap<>();
        told.groupLabels().forEach(group::put);
        tell(
                new AlertRow.Notified(
                        delivery.at().toEpochMilli(),
                        delivery.node().orElse(node),
                        outcome(delivery.result()),
                        key.groupKey(),
                        group,
                        key.receiver(),
                        key.integration(),
                        key.index(),
                        prints(told.firing()),
                        prints(told.resolved()),
                        delivery.attempts(),
                        told.maybeDuplicate() && delivery.result() != Delivery.Result.UNKNOWN,
                        Duration.between(delivery.lookedAt(), delivery.at()).toMillis(),
                        delivery.reason()));
    }

    private static AlertRow.Outcome outcome(Delivery.Result result) {
        return switch (result) {
            case DELIVERED -> AlertRow.Outcome.DELIVERED;
            case FAILED -> AlertRow.Outcome.FAILED;
            case REJECTED -> AlertRow.Outcome.REJECTED;
            case UNKNOWN -> AlertRow.Outcome.UNKNOWN;
        };
    }

    private static List<Long> prints(List<NotifiedAlert> alerts) {
        return alerts.stream().map(NotifiedAlert::fingerprint).toList();
    }

    @Override
    public void close() {
        thread.shutdown();
        log.close();
    }
}
