package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.HttpAccess;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Starts exchanges: reads what their access needs, on a virtual thread where that may take time,
/// then sends. Thread-safe.
final class HttpExchanges implements AutoCloseable {
    static final String USER_AGENT = "Muster/0.1.0";
    private static final int SETTLED_LIMIT = 1_000;

    private final Vertx vertx;
    private final LongSupplier nanoTime;
    private final HttpClients clients;
    private final AccessReader reader;

    /// Of accesses that hold for good.
    private final Map<HttpAccess, OpenedAccess> settled = new ConcurrentHashMap<>();

    HttpExchanges(
            Vertx vertx,
            LongSupplier nanoTime,
            Map<String, String> environment,
            FetchMetrics metrics) {
        this.vertx = vertx;
        this.nanoTime = nanoTime;
        clients = new HttpClients(vertx);
        reader =
                new AccessReader(
                        vertx, clients, new OAuthTokens(this, nanoTime, metrics), environment);
    }

    /// Starts an exchange, from any thread. The sink hears of it on an event loop: that of the
    /// calling thread, if it is one.
    ///
    /// @return ends it early
    HttpFetch start(HttpOrder order, HttpAccess access, HttpSink sink) {
        Context context = vertx.getOrCreateContext();
        HttpFetch fetch = new HttpFetch(vertx, context, order, sink, nanoTime);
        if (context.equals(Vertx.currentContext()) && Context.isOnEventLoopThread()) {
            open(fetch, context, order, access);
        } else {
            context.runOnContext(_ -> open(fetch, context, order, access));
        }
        return fetch;
    }

    private void open(HttpFetch fetch, Context context, HttpOrder order, HttpAccess access) {
        fetch.begin();
        @Nullable OpenedAccess known = settled.get(access);
        if (known != null) {
            fetch.send(known);
        } else if (AccessReader.waits(access)) {
            Thread.ofVirtual()
                    .name("muster-credentials")
                    .start(() -> {
                        OpenedAccess opened = read(fetch, order, access);
                        if (opened != null) {
                            context.runOnContext(_ -> fetch.send(opened));
                        }
                    });
        } else {
            OpenedAccess opened = read(fetch, order, access);
            if (opened != null) {
                settle(access, opened);
                fetch.send(opened);
            }
        }
    }

    private void settle(HttpAccess access, OpenedAccess opened) {
        if (settled.size() >= SETTLED_LIMIT) {
            settled.clear();
        }
        settled.put(access, opened);
    }

    private @Nullable OpenedAccess read(HttpFetch fetch, HttpOrder order, HttpAccess access) {
        try {
            return reader.read(access, order.timeoutMs());
        } catch (FetchException e) {
            fetch.abort(e);
        } catch (InterruptedException e) {
            fetch.abort(new FetchException(FetchFault.STOPPING, "the agent is stopping"));
        }
        return null;
    }

    @Override
    public void close() {
        reader.close();
        clients.close();
    }
}
