package dev.muster.query.alertmanager.dispatch;

import dev.muster.query.alertmanager.state.NotificationEntry;
import dev.muster.query.alertmanager.state.NotificationKey;
import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.NotifiedAlert;
import dev.muster.query.receivers.Outcome;
import dev.muster.query.receivers.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells one way of a receiver of one look at a group: not at all if it knows, and not if another
/// node does; again and again, ever more slowly, until it is told, refuses, or the time is up.
/// Confined to one thread at a time.
final class Sending {
    private static final System.Logger LOG = System.getLogger(Sending.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final Duration LONGEST_LOOK_AGAIN = Duration.ofSeconds(4);

    private final Flush flush;
    private final Receiver receiver;
    private final NotificationKey key;
    private final List<NotifiedAlert> alerts;
    private final DispatchParts parts;
    private final Set<Long> firing;
    private final Set<Long> resolved;
    private Duration pause = FIRST_PAUSE;
    private Duration look = LOOK_AGAIN;
    private boolean begun;

    Sending(
            Flush flush,
            Receiver receiver,
            NotificationKey key,
            List<NotifiedAlert> alerts,
            DispatchParts parts) {
        this.flush = flush;
        this.receiver = receiver;
        this.key = key;
        this.alerts = alerts;
        this.parts = parts;
        firing = prints(alerts, false);
        resolved = prints(alerts, true);
    }

    private static Set<Long> prints(List<NotifiedAlert> alerts, boolean resolved) {
        return alerts.stream()
                .filter(alert -> alert.resolved() == resolved)
                .map(NotifiedAlert::fingerprint)
                .collect(Collectors.toUnmodifiableSet());
    }

    void attempt() {
        Instant now = parts.timeline().now();
        if (!due(now)) {
            flush.ended(true);
            return;
        }
        Claims.Claim claim = parts.claims().of(key.groupKey());
        if (flush.group().stopped()) {
            flush.ended(false);
        } else if (claim == Claims.Claim.OTHERS) {
            again(now, look, "other node");
            look = least(look.multipliedBy(2), LONGEST_LOOK_AGAIN);
        } else {
            deliver(now, claim == Claims.Claim.MINE_UNSURE);
        }
    }

    private boolean due(Instant now) {
        Optional<NotificationEntry> before = parts.log().find(key);
        Duration repeat = flush.group().route().options().repeatInterval();
        return before.isEmpty()
                ? !firing.isEmpty()
                : before.get().needsUpdate(firing, resolved, receiver.sendResolved(), repeat, now);
    }

    private void deliver(Instant now, boolean unsure) {
        if (firing.isEmpty() && !receiver.sendResolved()) {
            note();
            flush.ended(true);
            return;
        }
        if (!begun) {
            begun = true;
            parts.metrics().begun(key.integration());
        }
        Notification notification =
                new Notification(
                        key.groupKey(),
                        flush.group().labels(),
                        key.receiver(),
                        receiver.sendResolved()
                                ? alerts
                                : alerts.stream().filter(alert -> !alert.resolved()).toList(),
                        parts.externalUrl(),
                        unsure);
        if (unsure) {
            parts.metrics().unsure(key.integration());
        }
        Outcome outcome = outcome(notification);
        Duration took = Duration.between(now, parts.timeline().now());
        parts.metrics().tried(key.integration(), outcome, took);
        parts.deliveries().tried(key, notification, outcome, now, took);
        switch (outcome) {
            case Outcome.Delivered() -> {
                note();
                flush.ended(true);
            }
            case Outcome.Retry(var reason, var after) -> {
                Duration wait = pause.multipliedBy(parts.random().nextInt(50, 150)).dividedBy(100);
                pause = least(pause.multipliedBy(3).dividedBy(2), LONGEST_PAUSE);
                Duration asked = after.orElse(Duration.ZERO);
                again(parts.timeline().now(), asked.compareTo(wait) > 0 ? asked : wait, reason);
            }
            case Outcome.Rejected(var reason) -> giveUp("rejected", reason);
        }
    }

    private Outcome outcome(Notification notification) {
        try {
            return receiver.deliver(notification);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.retry("interrupted");
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "receiver failed name=" + key.receiver() + " kind=" + key.integration(),
                    e);
            return Outcome.retry("internal error: " + e);
        }
    }

    private void note() {
        Instant now = parts.timeline().now();
        Duration repeat = flush.group().route().options().repeatInterval();
        Duration useful = least(repeat.multipliedBy(2), parts.retention());
        parts.log().put(key, new NotificationEntry(now, now.plus(useful), firing, resolved));
    }

    private void again(Instant now, Duration wait, String reason) {
        Instant next = now.plus(wait);
        if (next.isAfter(flush.deadline())) {
            giveUp(begun ? "contextDeadlineExceeded" : "otherNode", reason);
        } else {
            parts.timeline().at(next, () -> parts.timeline().fork(this::attempt));
        }
    }

    /// Until the next look at the group.
    private void giveUp(String kind, String reason) {
        if (begun) {
            parts.metrics().failed(key.integration(), kind);
            LOG.log(
                    System.Logger.Level.WARNING,
                    () ->
                            "receiver was not told name="
                                    + key.receiver()
                                    + " kind="
                                    + key.integration()
                                    + " groupKey="
                                    + key.groupKey()
                                    + " reason="
                                    + reason);
        }
        flush.ended(false);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
