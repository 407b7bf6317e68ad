package dev.muster.agent.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/// Receives the body of a request, which is refused as soon as it is too large.
final class LimitedBody {
    private LimitedBody() {}

    /// @param whole gets the body on the event loop; is not called for one that is refused
    static void read(
            HttpServerRequest request, int limitBytes, ApiMetrics metrics, Consumer<byte[]> whole) {
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > limitBytes) {
                metrics.refusedBody.increment();
                request.handler(_ -> {});
                Answers.text(
                        request.response(), 413, "request must have at most bytes=" + limitBytes);
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(_ -> {
            if (!request.response().ended()) {
                whole.accept(body.getBytes());
            }
        });
    }
}
