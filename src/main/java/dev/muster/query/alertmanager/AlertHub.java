package dev.muster.query.alertmanager;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.config.AlertmanagerConfig;
import dev.muster.query.alertmanager.dispatch.AlertDispatcher;
import dev.muster.query.alertmanager.dispatch.DispatchParts;
import dev.muster.query.alertmanager.dispatch.UnderWay;
import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.AlertStore;
import dev.muster.query.alertmanager.state.Inhibitor;
import dev.muster.query.alertmanager.state.Intents;
import dev.muster.query.alertmanager.state.NotificationLog;
import dev.muster.query.alertmanager.state.Silence;
import dev.muster.query.alertmanager.state.Silences;
import dev.muster.query.alertmanager.state.StateRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The alert manager: takes in alerts and silences, keeps them, and tells of them as its
/// configuration says. Thread-safe.
public final class AlertHub implements AutoCloseable {
    /*
     * What is learned is kept first, then handed to the outlet, then dispatched: whoever is answered "taken" may rely on it, and
     * nobody is told of what a restart would not know.
     *
     * Alerts that come in between the old dispatcher's last and the new one's first are those that the new one is given anyway:
     * it takes in all that are kept.
     */
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final Duration KEPT_RESOLVED = Duration.ofMinutes(15);
    private static final Duration LAST_DELIVERIES = Duration.ofSeconds(15);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(8);
    private static final System.Logger LOG = System.getLogger(AlertHub.class.getName());

    private final HubParts parts;
    private final AlertStore alerts;
    private final Silences silences;
    private final NotificationLog log;
    private final Intents intents;
    private final UnderWay underWay = new UnderWay();
    private volatile Running running;
    private volatile boolean closed;

    /// What belongs to one configuration.
    private record Running(
            long number,
            AlertmanagerConfig config,
            Inhibitor inhibitor,
            AlertDispatcher dispatcher) {}

    /// Begins with what is known from before.
    ///
    /// @param known records of an earlier life, in any order
    public AlertHub(HubParts parts, AlertmanagerConfig config, Collection<StateRecord> known) {
        this.parts = parts;
        HubLimits limits = parts.limits();
        alerts = new AlertStore(limits.alerts());
        silences = new Silences(limits.silences(), limits.retention(), parts.ids(), this::silenced);
        log =
                new NotificationLog(
                        parts.node(),
                        (key, entry) -> learned(new StateRecord.OfNotification(key, entry)));
        intents =
                new Intents(
                        parts.node(),
                        parts.run(),
                        (key, intent) -> learned(new StateRecord.OfIntent(key, intent)));
        known.forEach(this::keep);
        running = running(0, config);
        parts.metrics().groups(() -> running.dispatcher.size());
    }

    private void silenced(Silence silence, boolean fresh) {
        learned(new StateRecord.OfSilence(silence));
        parts.witness().silence(silence, fresh);
    }

    private void learned(StateRecord record) {
        parts.outlet().learned(List.of(record), false);
    }

    private Running running(long number, AlertmanagerConfig config) {
        Inhibitor inhibitor = new Inhibitor(config.inhibitRules());
        AlertDispatcher dispatcher =
                new AlertDispatcher(
                        new DispatchParts(
                                config,
                                silences,
                                inhibitor,
                                print ->
                                        alerts.find(print)
                                                .filter(alert -> alert.resolvedAt(now()))
                                                .isPresent(),
                                log,
                                intents,
                                parts.outlet()::settle,
                                underWay,
                                parts.timeline(),
                                parts.claims(),
                                parts.metrics(),
                                parts.deliveries(),
                                parts.externalUrl(),
                                parts.limits().groups(),
                                parts.limits().retention(),
                                parts.random()));
        return new Running(number, config, inhibitor, dispatcher);
    }

    /// Begins to tell of alerts.
    public synchronized void start() {
        begin();
        sweepLater();
    }

    private void begin() {
        Running now = running;
        Collection<Alert> all = alerts.all();
        all.forEach(now.inhibitor::put);
        now.dispatcher.insert(all);
        now.dispatcher.start();
    }

    /// From now on another configuration holds. Groups begin anew; nobody is told what they know.
    public synchronized void reload(AlertmanagerConfig config) {
        Running before = running;
        running = running(before.number + 1, config);
        before.dispatcher.stop();
        begin();
        parts.timeline()
                .at(parts.timeline().now().plus(LAST_DELIVERIES), before.config.receivers()::close);
    }

    /// Takes in alerts that were told of.
    ///
    /// @return how many were refused because there are too many
    public int put(List<Alert> told) {
        Instant now = parts.timeline().now();
        List<Alert> kept = new ArrayList<>();
        for (Alert alert : told) {
            alerts.put(alert, now).ifPresent(kept::add);
        }
        parts.outlet()
                .learned(kept.stream().<StateRecord>map(StateRecord.OfAlert::new).toList(), false);
        parts.witness().alerts(kept);
        dispatch(kept);
        return told.size() - kept.size();
    }

    /// Takes in what other nodes have learned.
    public void replicas(List<StateRecord> records) {
        List<StateRecord> fresh = records.stream().filter(this::keep).toList();
        if (fresh.isEmpty()) {
            return;
        }
        parts.outlet().learned(fresh, true);
        List<Alert> told = new ArrayList<>();
        for (StateRecord record : fresh) {
            if (record instanceof StateRecord.OfAlert(var alert)) {
                told.add(alert);
            }
        }
        parts.witness().alerts(told);
        dispatch(told);
    }

    private boolean keep(StateRecord record) {
        return switch (record) {
            case StateRecord.OfAlert(var alert) -> alerts.putReplica(alert);
            case StateRecord.OfSilence(var silence) -> silences.putReplica(silence);
            case StateRecord.OfNotification(var key, var entry) -> log.putReplica(key, entry);
            case StateRecord.OfIntent(var key, var intent) -> intents.putReplica(key, intent);
            case StateRecord.OfRuleFile _ -> false;
            case StateRecord.OfRow(var row) -> {
                parts.witness().row(row);
                yield false;
            }
        };
    }

    /// Sources go first, so that what they hold back is held back.
    private void dispatch(List<Alert> told) {
        Running now = running;
        told.forEach(now.inhibitor::put);
        now.dispatcher.insert(told);
        if (now.number != running.number) {
            dispatch(told);
        }
    }

    /// All that is known, as records.
    public List<StateRecord> records() {
        List<StateRecord> all = new ArrayList<>();
        silences.all().forEach(silence -> all.add(new StateRecord.OfSilence(silence)));
        log.all().forEach((key, entry) -> all.add(new StateRecord.OfNotification(key, entry)));
        intents.open(log).forEach((key, intent) -> all.add(new StateRecord.OfIntent(key, intent)));
        alerts.all().forEach(alert -> all.add(new StateRecord.OfAlert(alert)));
        return all;
    }

    private void sweepLater() {
        parts.timeline().at(parts.timeline().now().plus(SWEEP), this::sweep);
    }

    private void sweep() {
        if (closed) {
            return;
        }
        Instant now = parts.timeline().now();
        parts.witness().silences(silences.all(), now);
        alerts.collect(now.minus(KEPT_RESOLVED));
        silences.collect(now);
        intents.collect(log, now);
        log.collect(now);
        running.inhibitor.collect(now);
        sweepLater();
    }

    /// The configuration that holds.
    public AlertmanagerConfig config() {
        return running.config;
    }

    /// All alerts.
    public AlertStore alerts() {
        return alerts;
    }

    /// All silences.
    public Silences silences() {
        return silences;
    }

    /// Who was told what.
    public NotificationLog log() {
        return log;
    }

    /// All groups.
    public List<AlertDispatcher.GroupView> groups() {
        return running.dispatcher.groups();
    }

    /// The alert that holds back one with these labels, if any does.
    public Optional<Alert> inhibiting(Labels labels) {
        return running.inhibitor.inhibiting(labels, now());
    }

    /// The time of the alert manager.
    public Instant now() {
        return parts.timeline().now();
    }

    /// Tells nobody any more. What is being delivered has some time to be answered.
    @Override
    public synchronized void close() {
        closed = true;
        running.dispatcher.stop();
        int cutOff = underWay.awaitNone(LAST_ANSWERS);
        if (cutOff > 0) {
            LOG.log(System.Logger.Level.WARNING, () -> "deliveries are cut off count=" + cutOff);
        }
        running.config.receivers().close();
    }
}
