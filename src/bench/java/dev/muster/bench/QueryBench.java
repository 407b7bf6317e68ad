package dev.muster.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Times the queries of [BenchQuery].
///
/// `warm END_MS SCALE RUNS FILTER NAME=URL=PID...` answers of all systems compared, then each query
/// `RUNS` times on each system in turn; a table is printed. `once END_MS SCALE QUERY NAME=URL=PID`
/// first queries over the other data sets, then that query once; its milliseconds are printed.
final class QueryBench implements AutoCloseable {
    private static final long PANELS_AT_ONCE = 20;
    private static final double LONG_MS = 4_000;
    private static final double WARM_UP_MS = 3_000;

    /// Rounds before the first that counts, for each system, where they take no longer than that.
    private static final int WARM_UPS = 40;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newFixedThreadPool((int) PANELS_AT_ONCE);
    private final List<BenchQuery> queries;
    private final List<System> systems = new ArrayList<>();

    /// A process that answers.
    ///
    /// @param url where
    /// @param pid for its CPU time
    private record System(String name, String url, long pid) {
        static System of(String text) {
            String[] parts = text.split("=");
            return new System(parts[0], parts[1], Long.parseLong(parts[2]));
        }

        /// Without the caches of answers that some systems have.
        String request(String path) {
            return url + path + "&nocache=1";
        }

        double cpuSeconds() throws IOException {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
        }

        long peakMb() throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("VmHWM")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1_024;
                }
            }
            return 0;
        }
    }

    /// What was measured of one query on one system.
    private static final class Times {
        private final List<Double> ms = new ArrayList<>();
        private double cpuSeconds;
        private long bytes;

        double median() {
            double[] sorted = ms.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted[sorted.length / 2];
        }
    }

    private QueryBench(List<BenchQuery> queries, List<String> systems) {
        this.queries = queries;
        systems.forEach(text -> this.systems.add(System.of(text)));
    }

    public static void main(String[] arguments)
            throws IOException, InterruptedException, ExecutionException {
        long endMs = Long.parseLong(arguments[1]);
        List<BenchQuery> queries =
                BenchQuery.all(BenchSet.all(endMs, Double.parseDouble(arguments[2])));
        List<String> rest = Arrays.asList(arguments);
        switch (arguments[0]) {
            case "names" -> queries.forEach(query -> java.lang.System.out.println(query.name()));
            case "warm" -> {
                List<BenchQuery> some =
                        queries.stream().filter(q -> q.name().matches(arguments[4])).toList();
                try (QueryBench bench = new QueryBench(some, rest.subList(5, rest.size()))) {
                    bench.warm(Integer.parseInt(arguments[3]));
                }
            }
            case "once" -> {
                try (QueryBench bench = new QueryBench(queries, rest.subList(4, rest.size()))) {
                    bench.once(arguments[3]);
                }
            }
            default ->
                    throw new IllegalArgumentException(
                            "what to do must be known: found=" + arguments[0]);
        }
    }

    private void warm(int runs) throws IOException, InterruptedException, ExecutionException {
        Map<String, List<Double>> ratios = new LinkedHashMap<>();
        print("| query | reads | answers |");
        systems.forEach(system -> print(" " + system.name() + ", ms |"));
        systems.stream().skip(1).forEach(other -> print(" ratio to " + other.name() + " |"));
        systems.forEach(system -> print(" CPU " + system.name() + ", ms |"));
        print("\n|---|---|---|" + "---|".repeat(systems.size() * 3 - 1) + "\n");
        for (BenchQuery query : queries) {
            String answers = answers(query);
            Map<System, Times> times = timed(query, runs);
            print("| %s | %s | %s |".formatted(query.name(), query.shape(), answers));
            times.values().forEach(each -> print(" %s |".formatted(number(each.median()))));
            double own = times.get(systems.getFirst()).median();
            for (System other : systems.subList(1, systems.size())) {
                double ratio = times.get(other).median() / own;
                ratios.computeIfAbsent(other.name(), key -> new ArrayList<>()).add(ratio);
                print(" %s |".formatted(number(ratio)));
            }
            times.values()
                    .forEach(each ->
                            print(
                                    " %s |"
                                            .formatted(
                                                    number(
                                                            each.cpuSeconds
                                                                    * 1_000
                                                                    / each.ms.size()))));
            print("\n");
        }
        ratios.forEach((name, all) -> {
            double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            double median = (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
            print(
                    "\n%s: median of the ratios %s, lowest %s%n"
                            .formatted(name, number(median), number(sorted[0])));
        });
        print("\nHighest resident memory, MB:");
        for (System system : systems) {
            print(" %s %d".formatted(system.name(), system.peakMb()));
        }
        print("\n");
    }

    private static void print(String text) {
        java.lang.System.out.print(text);
        java.lang.System.out.flush();
    }

    private static String number(double value) {
        return String.format(
                Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /// Asks each system in turn, so that what else the machine does hits all alike.
    private Map<System, Times> timed(BenchQuery query, int runs)
            throws IOException, InterruptedException, ExecutionException {
        Map<System, Times> times = new LinkedHashMap<>();
        for (System system : systems) {
            times.put(system, new Times());
            double spent = 0;
            for (int i = 0; i < WARM_UPS && spent < WARM_UP_MS; i++) {
                spent += ask(system, query, new Times());
            }
        }
        for (int run = 0; run < runs; run++) {
            boolean slow = false;
            for (System system : systems) {
                slow |= ask(system, query, times.get(system)) > LONG_MS;
            }
            if (slow && run >= 2) {
                break;
            }
        }
        return times;
    }

    private double ask(System system, BenchQuery query, Times times)
            throws IOException, InterruptedException, ExecutionException {
        double cpu = system.cpuSeconds();
        long start = java.lang.System.nanoTime();
        long bytes = 0;
        List<Future<Long>> panels = new ArrayList<>();
        for (String request : query.requests()) {
            Callable<Long> panel = () -> drained(system.request(request));
            if (query.requests().size() == 1) {
                bytes += drained(system.request(request));
            } else {
                panels.add(threads.submit(panel));
            }
        }
        for (Future<Long> panel : panels) {
            bytes += panel.get();
        }
        double ms = (java.lang.System.nanoTime() - start) / 1e6;
        times.ms.add(ms);
        times.cpuSeconds += system.cpuSeconds() - cpu;
        times.bytes = bytes;
        return ms;
    }

    private long drained(String url) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                client.send(
                        HttpRequest.newBuilder(URI.create(url)).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        byte[] buffer = new byte[1 << 16];
        long count = 0;
        try (InputStream in = response.body()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                count += read;
            }
        }
        if (response.statusCode() != 200) {
            throw new IOException(
                    "query must be answered: status=%d url=%s"
                            .formatted(response.statusCode(), url));
        }
        return count;
    }

    private String body(String url) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create(url)).build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body();
    }

    /// Compares what the first system answers with the others: exactly with Prometheus, by the
    /// number of series with others, as they extrapolate rates in ways of their own.
    private String answers(BenchQuery query) throws IOException, InterruptedException {
        Map<String, Integer> verdicts = new TreeMap<>();
        int series = 0;
        for (int i = 0; i < query.requests().size(); i++) {
            String path = query.requests().get(i);
            PromAnswer own = PromAnswer.of(body(systems.getFirst().request(path)));
            series += own.series().size();
            for (System other : systems.subList(1, systems.size())) {
                PromAnswer theirs = PromAnswer.of(body(other.request(path)));
                boolean exact = other.name().equals("prometheus");
                String difference = Difference.of(query.expressions().get(i), theirs, own);
                boolean near =
                        exact
                                ? difference.isEmpty()
                                : theirs.series().size() == own.series().size();
                if (!near) {
                    java.lang.System.err.println(
                            query.name() + ": " + other.name() + ": " + difference);
                    verdicts.merge("differs from " + other.name(), 1, Integer::sum);
                }
            }
        }
        return series + " series" + (verdicts.isEmpty() ? ", same" : ", " + verdicts);
    }

    private void once(String name) throws IOException, InterruptedException, ExecutionException {
        BenchQuery asked =
                queries.stream().filter(q -> q.name().equals(name)).findAny().orElseThrow();
        System system = systems.getFirst();
        for (int i = 0; i < 3; i++) {
            for (BenchQuery other : queries) {
                if (!other.set().equals(asked.set())) {
                    ask(system, other, new Times());
                }
            }
        }
        print(number(ask(system, asked, new Times())) + "\n");
    }

    @Override
    public void close() {
        threads.close();
        client.close();
    }
}
