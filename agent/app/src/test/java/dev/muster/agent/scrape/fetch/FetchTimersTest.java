package dev.muster.agent.scrape.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.scrape.discovery.Endpoint;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FetchTimersTest {
    private static final long LONG_MS = 60_000;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /// The first timer of a process has the number 0, as has a field that was never set.
    @Test
    void aFetchThatBeginsLeavesTheTimersOfOthersAlone() throws Exception {
        long first = vertx.setTimer(LONG_MS, _ -> {});
        HttpOrder order =
                new HttpOrder(
                        new Endpoint.Http(false, "127.0.0.1", 1, "/"),
                        MultiMap.caseInsensitiveMultiMap(),
                        null,
                        true,
                        LONG_MS,
                        false);
        Context context = vertx.getOrCreateContext();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        context.runOnContext(_ -> {
            new HttpFetch(vertx, context, order, new Silent(), System::nanoTime).begin();
            begun.complete(null);
        });
        begun.get(10, TimeUnit.SECONDS);

        assertThat(vertx.cancelTimer(first)).isTrue();
    }

    private static final class Silent implements HttpSink {
        @Override
        public void head(HttpClientResponse response) {}

        @Override
        public boolean take(Buffer piece) {
            return true;
        }

        @Override
        public void end(HttpExchange exchange) {}

        @Override
        public void fail(FetchFault fault, String reason, HttpExchange exchange) {}
    }
}
