package dev.muster.agent.api;

import dev.muster.agent.why.Question;
import dev.muster.agent.why.Selector;
import dev.muster.agent.why.Why;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/// `GET /why`: the page for browsers, and JSON for all others; `GET /api/v1/why`: JSON.
///
/// Every explanation runs on a thread of its own, because a probe may wait for a service; only so
/// many of them at once.
final class WhyRoute {
    static final int AT_ONCE = 4;

    private final ApiMetrics metrics;
    private final WhyPage page = new WhyPage();
    private final Semaphore places = new Semaphore(AT_ONCE);

    WhyRoute(ApiMetrics metrics) {
        this.metrics = metrics;
    }

    /// The page, or JSON for those who do not want HTML.
    void page(Why why, HttpServerRequest request) {
        String format = text(request, "format");
        String accept = Objects.requireNonNullElse(request.getHeader("Accept"), "");
        boolean html = format.isEmpty() ? accept.contains("text/html") : format.equals("html");
        if (html) {
            page.send(request.response());
        } else {
            json(why, request);
        }
    }

    void json(Why why, HttpServerRequest request) {
        Question question;
        try {
            question = question(request);
        } catch (IllegalArgumentException e) {
            Answers.json(
                    request.response(),
                    400,
                    Answers.error("bad_data", String.valueOf(e.getMessage())));
            return;
        }
        if (!places.tryAcquire()) {
            refuse(request.response());
            return;
        }
        try {
            Thread.ofVirtual()
                    .name("muster-why")
                    .start(() -> {
                        try {
                            answer(why, question, request.response());
                        } finally {
                            places.release();
                        }
                    });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            places.release();
            refuse(request.response());
        }
    }

    private void refuse(HttpServerResponse response) {
        metrics.refusedWhy.increment();
        response.putHeader("Retry-After", "1");
        Answers.json(
                response,
                503,
                Answers.error(
                        "unavailable", "explanations must be at most " + AT_ONCE + " at once"));
    }

    private void answer(Why why, Question question, HttpServerResponse response) {
        long startNanos = System.nanoTime();
        Answers.guarded(
                response,
                () -> {
                    JsonObject data =
                            question instanceof Question.OfAll
                                    ? WhyJson.of(why.overview())
                                    : WhyJson.of(why.explain(question));
                    metrics.why(
                            data.getString("verdict", "overview"), System.nanoTime() - startNanos);
                    response.putHeader("Cache-Control", "no-store");
                    Answers.json(response, 200, Answers.success(data));
                });
    }

    private static Question question(HttpServerRequest request) {
        String target = text(request, "target");
        String port = text(request, "port");
        String series = text(request, "series");
        boolean probe = flag(request, "probe");
        int asked =
                (target.isEmpty() ? 0 : 1) + (port.isEmpty() ? 0 : 1) + (series.isEmpty() ? 0 : 1);
        if (asked > 1) {
            throw new IllegalArgumentException(
                    "only one of target, port and series must be given: found=" + asked);
        }
        if (!series.isEmpty()) {
            return new Question.OfSeries(Selector.parse(series));
        }
        if (!port.isEmpty()) {
            return new Question.OfPort(port(port), probe);
        }
        return target.isEmpty()
                ? new Question.OfAll()
                : new Question.OfTarget(target, text(request, "job"), probe);
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}")) {
            throw new IllegalArgumentException("port must be 1 to 65535: found=" + text);
        }
        return Integer.parseInt(text);
    }

    private static boolean flag(HttpServerRequest request, String name) {
        String value = text(request, name);
        return switch (value) {
            case "", "0", "false" -> false;
            case "1", "true" -> true;
            default ->
                    throw new IllegalArgumentException(
                            name + " must be true or false: found=" + value);
        };
    }

    private static String text(HttpServerRequest request, String name) {
        String text = Objects.requireNonNullElse(request.getParam(name), "").strip();
        if (text.length() > 4_096) {
            throw new IllegalArgumentException(
                    name + " must have at most characters=4096: found=" + text.length());
        }
        return text;
    }
}
