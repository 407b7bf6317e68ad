package dev.muster.bench;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends random queries to a Prometheus 2.x and to a query node that hold the same samples, and
/// says where the answers differ: `ComparePromQl PROMETHEUS MUSTER START_MS END_MS SEED QUERIES`.
final class ComparePromQl {
    private static final int SHOWN = 40;
    private static final int PARALLEL = 4;

    private final String prometheus;
    private final String muster;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, List<String>> examples = new LinkedHashMap<>();
    private final Map<String, Integer> differing = new TreeMap<>();

    private ComparePromQl(String prometheus, String muster) {
        this.prometheus = prometheus;
        this.muster = muster;
    }

    public static void main(String[] arguments)
            throws InterruptedException, ExecutionException, TimeoutException {
        long seed = Long.parseLong(arguments[4]);
        ComparePromQl run = new ComparePromQl(arguments[0], arguments[1]);
        QueryGenerator generator =
                new QueryGenerator(
                        new Random(seed),
                        Long.parseLong(arguments[2]) / 1_000 + 1_800,
                        Long.parseLong(arguments[3]) / 1_000 + 600);
        Random shapes = new Random(seed + 1);
        List<Ask> asks = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[5]); i++) {
            asks.add(Ask.of(generator, shapes));
        }
        run.all(asks);
        System.exit(run.report(seed, asks.size()) ? 0 : 1);
    }

    /// A query as it is sent.
    ///
    /// @param step 0 for an instant query
    private record Ask(String query, long start, long end, long step) {
        static Ask of(QueryGenerator generator, Random shapes) {
            long start = generator.second();
            if (shapes.nextInt(5) < 2) {
                return new Ask(generator.query(), start, start, 0);
            }
            long step = List.of(10L, 30L, 60L, 300L, 20L).get(shapes.nextInt(5));
            return new Ask(generator.query(), start, start + step * (1 + shapes.nextInt(40)), step);
        }

        Ask half() {
            return new Ask(query, start, start + (end - start) / 2 / step * step, step);
        }

        String path() {
            return step == 0 ? "/api/v1/query" : "/api/v1/query_range";
        }

        String form(String text) {
            String query = "query=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
            return step == 0
                    ? query + "&time=" + start
                    : query + "&start=" + start + "&end=" + end + "&step=" + step;
        }

        @Override
        public String toString() {
            return query
                    + (step == 0
                            ? "   time=" + start
                            : "   start=" + start + " end=" + end + " step=" + step);
        }
    }

    private record Pending(
            Ask ask, CompletableFuture<String> expected, CompletableFuture<String> found) {}

    private void all(List<Ask> asks)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Pending> pending = new ArrayList<>();
        for (Ask ask : asks) {
            if (ask.step() > 0 && ask.query().length() % 2 == 0) {
                // fills the cache of answers with a part of what is asked next
                send(muster, ask.half(), ask.query()).get(120, TimeUnit.SECONDS);
            }
            pending.add(
                    new Pending(
                            ask,
                            send(
                                    prometheus,
                                    ask,
                                    ask.query()
                                            .replace(
                                                    "double_exponential_smoothing",
                                                    "holt_winters")),
                            send(muster, ask, ask.query())));
            if (pending.size() == PARALLEL) {
                take(pending.removeFirst());
            }
        }
        for (Pending left : pending) {
            take(left);
        }
    }

    private CompletableFuture<String> send(String url, Ask ask, String query) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + ask.path()))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(ask.form(query)))
                        .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body);
    }

    private void take(Pending pending)
            throws InterruptedException, ExecutionException, TimeoutException {
        PromAnswer expected = PromAnswer.of(pending.expected.get(120, TimeUnit.SECONDS));
        PromAnswer found = PromAnswer.of(pending.found.get(120, TimeUnit.SECONDS));
        String verdict = Difference.of(pending.ask.query(), expected, found);
        counts.merge(kind(pending.ask, expected, verdict), 1, Integer::sum);
        if (!verdict.isEmpty()) {
            String rule = Difference.rule(pending.ask.query(), expected, found, verdict);
            differing.merge(rule, 1, Integer::sum);
            List<String> some = examples.computeIfAbsent(rule, key -> new ArrayList<>());
            if (some.size() < (rule.equals(Difference.UNEXPLAINED) ? SHOWN : 2)) {
                some.add(pending.ask + "\n      " + verdict);
            }
        }
    }

    private static String kind(Ask ask, PromAnswer expected, String verdict) {
        String shape = ask.step() == 0 ? "instant" : "range";
        if (!verdict.isEmpty()) {
            return shape + ", differs";
        }
        if (!expected.errorType().isEmpty()) {
            return shape + ", both refuse";
        }
        return shape + (expected.series().isEmpty() ? ", both empty" : ", equal");
    }

    private boolean report(long seed, int size) {
        System.out.println("seed " + seed + ", " + size + " queries");
        counts.forEach((kind, count) -> System.out.println("  " + kind + ": " + count));
        differing.forEach((rule, count) -> System.out.println("  " + rule + ": " + count));
        examples.forEach((rule, some) -> {
            System.out.println("\n" + rule);
            some.forEach(example -> System.out.println("    " + example));
        });
        int unexplained = differing.getOrDefault(Difference.UNEXPLAINED, 0);
        System.out.println("\nunexplained differences: " + unexplained);
        return unexplained == 0;
    }
}
