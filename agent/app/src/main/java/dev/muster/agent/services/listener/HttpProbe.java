package dev.muster.agent.services.listener;

import dev.muster.agent.services.probe.HttpGet;
import java.util.function.LongSupplier;

/// Asks over HTTP for an exposition.
final class HttpProbe implements Probe {
    private static final int BODY_LIMIT_BYTES = 64 << 10;
    private static final long TIME_LIMIT_NANOS = 2_000_000_000L;
    private static final String ACCEPT =
            "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.9,*/*;q=0.1";

    private final String path;
    private final boolean tls;
    private final HttpGet get;

    /// @param path path and query of the request
    HttpProbe(String path, boolean tls, LongSupplier nanoTime) {
        this.path = path;
        this.tls = tls;
        get = new HttpGet(TIME_LIMIT_NANOS, BODY_LIMIT_BYTES, nanoTime);
    }

    @Override
    public Result ask(String host, int port) {
        return switch (get.ask(tls, host, port, path, ACCEPT)) {
            case HttpGet.Answer.NoHttp(var reason) -> new Result.NoHttp(reason);
            case HttpGet.Answer.None(var reason) -> new Result.NoAnswer(reason);
            case HttpGet.Answer.Http(var status, var type, var body) ->
                    judge(status, type, body.bytes());
        };
    }

    private static Result judge(int status, String type, byte[] body) {
        if (status >= 500 || status == 429) {
            return new Result.NoAnswer("answers with status " + status);
        }
        if (status == 401 || status == 403) {
            return new Result.NoMetrics("answers with status " + status + ": it wants credentials");
        }
        if (status != 200) {
            return new Result.NoMetrics("answers with status " + status);
        }
        return ExpositionGuess.judge(type, body, BODY_LIMIT_BYTES);
    }
}
