package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.Outcome;
import dev.muster.query.receivers.Receiver;
import dev.muster.query.receivers.settings.Integration;
import dev.muster.query.receivers.settings.Kind;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import dev.muster.query.template.TemplateSet;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// A way to tell a receiver, whatever its kind. A few notifications go to it at one time, so many
/// more wait, and what comes then is to come again: one that is down or slow takes no more than
/// that. Thread-safe.
final class Teller implements Receiver {
    static final int AT_ONE_TIME = 8;
    static final int WAITING_LIMIT = 1_000;

    private static final System.Logger LOG = System.getLogger(Teller.class.getName());

    private final Kind kind;
    private final boolean sendResolved;
    private final Message message;
    private final TemplateSet templates;
    private final DeliveryMetrics metrics;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger allWaiting;
    private final Semaphore places = new Semaphore(AT_ONE_TIME);

    Teller(Integration settings, Message message, TemplateSet templates, DeliveryMetrics metrics) {
        kind = settings.kind();
        sendResolved = settings.sendResolved();
        this.message = message;
        this.templates = templates;
        this.metrics = metrics;
        allWaiting = metrics.register(kind);
    }

    @Override
    public String integration() {
        return kind.label();
    }

    @Override
    public boolean sendResolved() {
        return sendResolved;
    }

    @Override
    public Outcome deliver(Notification notification) throws InterruptedException {
        if (!sendResolved && notification.firing().isEmpty()) {
            return Outcome.DELIVERED;
        }
        if (waiting.incrementAndGet() > WAITING_LIMIT) {
            waiting.decrementAndGet();
            metrics.failedTry(kind, FailureReason.QUEUE_FULL);
            return Outcome.retry("too many notifications wait for this receiver");
        }
        allWaiting.incrementAndGet();
        try {
            places.acquire();
        } finally {
            allWaiting.decrementAndGet();
            waiting.decrementAndGet();
        }
        try {
            return tell(sendResolved ? notification : firing(notification));
        } finally {
            places.release();
        }
    }

    private static Notification firing(Notification all) {
        return new Notification(
                all.groupKey(),
                all.groupLabels(),
                all.receiver(),
                all.firing(),
                all.externalUrl(),
                all.maybeDuplicate());
    }

    private Outcome tell(Notification notification) throws InterruptedException {
        try {
            message.tell(notification, new Texts(templates, notification));
            return Outcome.DELIVERED;
        } catch (RefusedException e) {
            metrics.failedTry(kind, e.reason());
            return e.isLasting()
                    ? Outcome.rejected(e.getMessage())
                    : new Outcome.Retry(e.getMessage(), e.after());
        } catch (TemplateException e) {
            metrics.failedTry(kind, FailureReason.OTHER);
            return Outcome.rejected(String.valueOf(e.getMessage()));
        } catch (HttpTimeoutException e) {
            metrics.failedTry(kind, FailureReason.TIMEOUT);
            return Outcome.retry(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            metrics.failedTry(kind, FailureReason.OTHER);
            return Outcome.retry(shown(e));
        } catch (RuntimeException e) {
            metrics.failedTry(kind, FailureReason.OTHER);
            LOG.log(
                    System.Logger.Level.ERROR,
                    () -> "notification could not be made integration=" + kind.label(),
                    e);
            return Outcome.retry("internal error");
        }
    }

    private static String shown(IOException e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }
}
