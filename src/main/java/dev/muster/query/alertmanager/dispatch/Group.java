package dev.muster.query.alertmanager.dispatch;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.config.Route;
import dev.muster.query.alertmanager.match.GoQuote;
import dev.muster.query.alertmanager.state.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// Alerts of a route that are told of together. Thread-safe.
final class Group {
    /*
     * A group is looked at (flushed) first after its route's group_wait, or at once when an alert has fired longer than that,
     * and each group_interval from then on. One flush runs at a time; one that is due meanwhile runs right after it. Alerts that
     * have ended leave the group when a flush has told everybody of them.
     */
    private static final Duration SHORTEST_FLUSH = Duration.ofSeconds(10);

    private final Route route;
    private final Labels labels;
    private final String key;
    private final DispatchParts parts;
    private final Map<Long, Alert> alerts = new HashMap<>();

    /// Timers of an older turn are of no use any more.
    private long turn;

    private boolean flushed;
    private boolean running;
    private boolean due;
    private boolean stopped;

    Group(Route route, Labels labels, DispatchParts parts) {
        this.route = route;
        this.labels = labels;
        this.parts = parts;
        key = route.key() + ":" + text(labels);
    }

    /// Labels as Alertmanager writes them in the keys of groups.
    private static String text(Labels labels) {
        StringJoiner text = new StringJoiner(", ", "{", "}");
        labels.forEach((name, value) -> text.add(name + "=" + GoQuote.quote(value)));
        return text.toString();
    }

    Route route() {
        return route;
    }

    Labels labels() {
        return labels;
    }

    String key() {
        return key;
    }

    /// Takes in alerts that became known together: no look at the group sees some of them only.
    ///
    /// @return false if the group has ended, so that another is needed
    synchronized boolean insert(List<Alert> fresh) {
        if (stopped) {
            return false;
        }
        boolean first = turn == 0;
        fresh.forEach(alert -> alerts.put(alert.fingerprint(), alert));
        Instant now = parts.timeline().now();
        Duration wait = route.options().groupWait();
        if (!flushed
                && fresh.stream().anyMatch(alert -> alert.startsAt().plus(wait).isBefore(now))) {
            schedule(now);
        } else if (first) {
            schedule(now.plus(wait));
        }
        return true;
    }

    private void schedule(Instant time) {
        long mine = ++turn;
        parts.timeline().at(time, () -> fire(mine));
    }

    private synchronized void fire(long ofTurn) {
        if (stopped || ofTurn != turn) {
            return;
        }
        Instant now = parts.timeline().now();
        schedule(now.plus(route.options().groupInterval()));
        if (running) {
            due = true;
        } else {
            flush(now);
        }
    }

    private void flush(Instant now) {
        running = true;
        flushed = true;
        due = false;
        Duration interval = route.options().groupInterval();
        Duration time = interval.compareTo(SHORTEST_FLUSH) < 0 ? SHORTEST_FLUSH : interval;
        Flush flush = new Flush(this, sorted(), now, now.plus(time), parts);
        parts.timeline().fork(flush::run);
    }

    private List<Alert> sorted() {
        List<Alert> all = new ArrayList<>(alerts.values());
        all.sort(AlertOrder.INSTANCE);
        return all;
    }

    /// A flush has ended.
    ///
    /// @param told whether all that were to be told of it were
    /// @param seen its alerts
    /// @param at when it began: what had ended then needs not be told again
    synchronized void flushed(boolean told, List<Alert> seen, Instant at) {
        if (told) {
            for (Alert alert : seen) {
                Alert now = alerts.get(alert.fingerprint());
                if (alert.resolvedAt(at)
                        && now != null
                        && now.updatedAt().equals(alert.updatedAt())) {
                    alerts.remove(alert.fingerprint());
                }
            }
        }
        running = false;
        if (due && !stopped) {
            flush(parts.timeline().now());
        }
    }

    synchronized boolean stopped() {
        return stopped;
    }

    /// Ends the group if there is nothing in it.
    ///
    /// @return whether it has ended
    synchronized boolean stopIfEmpty() {
        if (alerts.isEmpty() && !running) {
            stopped = true;
        }
        return stopped;
    }

    synchronized void stop() {
        stopped = true;
    }

    /// Its alerts now, in order.
    synchronized List<Alert> alerts() {
        return sorted();
    }
}
