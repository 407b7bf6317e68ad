package dev.muster.query.alertmanager.dispatch;

import dev.muster.query.alertmanager.state.Alert;
import dev.muster.query.alertmanager.state.Intent;
import dev.muster.query.alertmanager.state.NotificationEntry;
import dev.muster.query.alertmanager.state.NotificationKey;
import dev.muster.query.alertmanager.state.Told;
import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.NotifiedAlert;
import dev.muster.query.receivers.Outcome;
import dev.muster.query.receivers.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    private static final Duration LONGEST_TELLING = Duration.ofMinutes(5);

    private final Flush flush;
    private final Receiver receiver;
    private final NotificationKey key;
    private final DispatchParts parts;
    private List<NotifiedAlert> alerts;
    private Set<Long> firing;
    private Set<Long> resolved;

    /// All of the group when it was looked at, those that are held back among them.
    private Set<Long> inGroup;

    private Duration pause = FIRST_PAUSE;
    private Duration lookAgain = LOOK_AGAIN;
    private boolean waited;
    private boolean begun;
    private boolean unsure;
    private int attempts;

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
        inGroup = inGroup();
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
        if (waited && !begun) {
            look(now);
        }
        if (alerts.isEmpty() || !due(now)) {
            flush.ended(true);
            return;
        }
        Claims.Claim claim = parts.claims().of(key.groupKey());
        if (flush.group().stopped()) {
            flush.ended(false);
        } else if (claim == Claims.Claim.OTHERS || toldNow(now)) {
            waited = true;
            again(now, lookAgain, "other node");
            lookAgain = least(lookAgain.multipliedBy(2), LONGEST_LOOK_AGAIN);
        } else {
            deliver(now, claim == Claims.Claim.MINE_UNSURE);
        }
    }

    private Set<Long> inGroup() {
        return flush.group().alerts().stream()
                .map(Alert::fingerprint)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void look(Instant now) {
        inGroup = inGroup();
        alerts = flush.shown(now);
        firing = prints(alerts, false);
        resolved = prints(alerts, true);
    }

    private boolean due(Instant now) {
        Optional<NotificationEntry> before = parts.log().find(key);
        Duration repeat = flush.group().route().options().repeatInterval();
        return before.isEmpty()
                ? !firing.isEmpty()
                : before.get()
                        .needsUpdate(begins(), resolved, receiver.sendResolved(), repeat, now);
    }

    private Map<Long, Instant> begins() {
        return alerts.stream()
                .filter(alert -> !alert.resolved())
                .collect(
                        Collectors.toMap(
                                NotifiedAlert::fingerprint,
                                NotifiedAlert::startsAt,
                                (one, other) -> one));
    }

    /// Whether it is being told now: by a node that lives and whose group it was until a moment
    /// ago, or by this one as the configuration before had it.
    private boolean toldNow(Instant now) {
        return parts.intents()
                .underWay(key, parts.log().find(key))
                .filter(intent -> intent.at().plus(LONGEST_TELLING).isAfter(now))
                .filter(intent ->
                        parts.intents().isOwn(intent)
                                || parts.claims().lives(intent.node(), intent.run()))
                .isPresent();
    }

    private void deliver(Instant now, boolean inPlaceOfAnother) {
        if (firing.isEmpty() && !receiver.sendResolved()) {
            parts.intents().forget(key, parts.log().find(key), now);
            note();
            flush.ended(true);
            return;
        }
        if (!begun) {
            begun = true;
            parts.metrics().begun(key.integration());
        }
        Optional<NotificationEntry> noted = parts.log().find(key);
        Optional<Intent> another = parts.intents().doubt(key, noted);
        unsure |= inPlaceOfAnother || another.isPresent();
        Notification notification = notification();
        another.filter(intent -> !parts.intents().isOwn(intent))
                .ifPresent(intent -> lost(intent, notification));
        if (unsure) {
            parts.metrics().unsure(key.integration());
        }
        attempts++;
        parts.intents().open(key, firing, another, noted, now);
        parts.settle().run();
        Outcome outcome = outcome(notification);
        Duration took = Duration.between(now, parts.timeline().now());
        parts.metrics().tried(key.integration(), outcome, took);
        switch (outcome) {
            case Outcome.Delivered() -> {
                note();
                ended(notification, Delivery.Result.DELIVERED, "");
                flush.ended(true);
            }
            case Outcome.Retry(var reason, var after) -> {
                parts.intents().close(key, parts.timeline().now());
                Duration wait = pause.multipliedBy(parts.random().nextInt(50, 150)).dividedBy(100);
                pause = least(pause.multipliedBy(3).dividedBy(2), LONGEST_PAUSE);
                Duration asked = after.orElse(Duration.ZERO);
                again(parts.timeline().now(), asked.compareTo(wait) > 0 ? asked : wait, reason);
            }
            case Outcome.Rejected(var reason) -> {
                parts.intents().close(key, parts.timeline().now());
                giveUp("rejected", reason);
            }
        }
    }

    private Notification notification() {
        return new Notification(
                key.groupKey(),
                flush.group().labels(),
                key.receiver(),
                receiver.sendResolved()
                        ? alerts
                        : alerts.stream().filter(alert -> !alert.resolved()).toList(),
                parts.externalUrl(),
                unsure);
    }

    private void ended(Notification notification, Delivery.Result result, String reason) {
        parts.deliveries()
                .ended(
                        new Delivery(
                                key,
                                notification,
                                result,
                                Optional.empty(),
                                attempts,
                                flush.at(),
                                parts.timeline().now(),
                                reason));
    }

    /// A node was about to tell, and nobody knows whether it has.
    private void lost(Intent intent, Notification notification) {
        parts.deliveries()
                .ended(
                        new Delivery(
                                key,
                                notification,
                                Delivery.Result.UNKNOWN,
                                Optional.of(intent.node()),
                                1,
                                intent.at(),
                                intent.at(),
                                ""));
    }

    private Outcome outcome(Notification notification) {
        parts.underWay().begin();
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
        } finally {
            parts.underWay().end();
        }
    }

    private void note() {
        Instant now = parts.intents().after(key, parts.log().find(key), parts.timeline().now());
        Duration repeat = flush.group().route().options().repeatInterval();
        Duration useful = least(repeat.multipliedBy(2), parts.retention());
        parts.log().put(key, new Told(now, now.plus(useful), firing, resolved, this::wasThere));
    }

    /// Whether this node would have told of an alert: not of one that it has heard of since.
    private boolean wasThere(long print) {
        return inGroup.contains(print) || parts.endedAlerts().test(print);
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
            ended(
                    notification(),
                    kind.equals("rejected") ? Delivery.Result.REJECTED : Delivery.Result.FAILED,
                    reason);
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
