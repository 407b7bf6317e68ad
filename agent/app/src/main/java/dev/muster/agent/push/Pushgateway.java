package dev.muster.agent.push;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRequest;
import dev.muster.agent.exposition.EncodedBody;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.FamilyEncoder;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

/// The calls of the Pushgateway's protocol that change groups. Thread-safe.
public final class Pushgateway {
    /// Header that says how long a group lives; so does the parameter `ttl`.
    private static final String TTL = "Muster-Ttl";

    /// A larger body waits until few others are read: what it is read into is many times larger.
    private static final int LARGE_BYTES = 256 << 10;

    private static final int LARGE_AT_A_TIME = 2;

    private final PushStore store;
    private final Semaphore large = new Semaphore(LARGE_AT_A_TIME, true);

    public Pushgateway(PushStore store) {
        this.store = store;
    }

    /// `PUT` replaces a group, `POST` replaces families of it, `DELETE` deletes it.
    public PushAnswer change(PushRequest request) throws PushRefusedException {
        try {
            GroupKey key = counted(() -> GroupPath.parse(request.path()));
            if (request.method().equals("DELETE")) {
                store.delete(key);
                return PushAnswer.of(202);
            }
            String given = request.header(TTL).strip();
            String ttl = given.isEmpty() ? request.parameter("ttl") : given;
            var lifetime = counted(() -> Lifetime.parse(ttl));
            if (request.length() < LARGE_BYTES) {
                push(request, key, lifetime);
                return PushAnswer.of(200);
            }
            large.acquireUninterruptibly();
            try {
                push(request, key, lifetime);
            } finally {
                large.release();
            }
            return PushAnswer.of(200);
        } catch (PushException e) {
            throw refused(e);
        }
    }

    private void push(PushRequest request, GroupKey key, OptionalLong lifetime)
            throws PushException {
        long limit = store.limits().groupBytes();
        EncodedBody body = counted(() -> body(request, key, limit));
        store.push(key, request.method().equals("PUT"), body, lifetime);
    }

    /// Deletes all groups.
    public PushAnswer wipe(PushRequest request) throws PushRefusedException {
        try {
            store.wipe();
            return PushAnswer.of(202);
        } catch (PushException e) {
            throw refused(e);
        }
    }

    private interface Step<T> {
        T take() throws PushException;
    }

    private <T> T counted(Step<T> step) throws PushException {
        try {
            return step.take();
        } catch (PushException e) {
            store.countRefused(e.fault());
            throw e;
        }
    }

    /// Whatever is not said to be another format is text.
    private static EncodedBody body(PushRequest request, GroupKey key, long limit)
            throws PushException {
        ExpositionFormat format =
                ExpositionFormat.of(
                        request.header("Content-Type"), ExpositionFormat.PROMETHEUS_TEXT);
        try {
            return FamilyEncoder.encode(
                    format, request.bytes(), request.length(), key.labels(), limit);
        } catch (ExpositionException e) {
            throw new PushException(
                    PushFault.SYNTAX, "body must be an exposition: " + e.getMessage());
        }
    }

    private static PushRefusedException refused(PushException e) {
        String message = String.valueOf(e.getMessage());
        int status =
                switch (e.fault()) {
                    case PATH, TTL, SYNTAX, TIMESTAMP, INCONSISTENT -> 400;
                    case LIMIT -> 429;
                    case DISK -> 500;
                };
        boolean contradicts =
                e.fault() == PushFault.TIMESTAMP || e.fault() == PushFault.INCONSISTENT;
        return new PushRefusedException(
                status,
                e.fault().name().toLowerCase(Locale.ROOT),
                contradicts
                        ? "pushed metrics are invalid or inconsistent with existing metrics: "
                                + message
                        : message);
    }
}
