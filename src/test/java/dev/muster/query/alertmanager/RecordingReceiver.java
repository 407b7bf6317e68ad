package dev.muster.query.alertmanager;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.Outcome;
import dev.muster.query.receivers.Receiver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Notes what it is told: `12 firing a,b resolved c`, the seconds since the start first.
final class RecordingReceiver implements Receiver {
    private final boolean sendResolved;
    private final Instant start;
    private final Supplier<Instant> now;
    final List<String> told = new ArrayList<>();
    final List<Notification> notifications = new ArrayList<>();
    Outcome next = Outcome.DELIVERED;

    RecordingReceiver(boolean sendResolved, Supplier<Instant> now) {
        this.sendResolved = sendResolved;
        this.now = now;
        start = now.get();
    }

    @Override
    public String integration() {
        return "webhook";
    }

    @Override
    public boolean sendResolved() {
        return sendResolved;
    }

    @Override
    public Outcome deliver(Notification notification) {
        String names =
                (now.get().getEpochSecond() - start.getEpochSecond())
                        + names(notification, false)
                        + names(notification, true)
                        + (notification.maybeDuplicate() ? " maybe" : "");
        if (next instanceof Outcome.Delivered) {
            told.add(names);
            notifications.add(notification);
        } else {
            told.add(names + " " + next);
        }
        return next;
    }

    private static String names(Notification notification, boolean resolved) {
        String names =
                notification.alerts().stream()
                        .filter(alert -> alert.resolved() == resolved)
                        .map(alert -> alert.labels().valueOf("alertname"))
                        .collect(Collectors.joining(","));
        return names.isEmpty() ? "" : (resolved ? " resolved " : " firing ") + names;
    }
}
