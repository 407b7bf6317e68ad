package dev.muster.launcher.demo;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// The pretended work behind the demo service: a shop whose load swings in waves of five minutes
/// and whose requests can be made to fail. Time comes from outside, in steps. Safe for several
/// threads.
final class Shop {
    private static final List<String> PATHS = List.of("/cart", "/checkout", "/search");
    private static final double WAVE_SECONDS = 300;
    private static final double CALM_ERROR_RATE = 0.005;
    private static final double FAILING_ERROR_RATE = 0.4;
    private static final double WORKERS = 8;

    private final RandomGenerator random;
    private final Map<String, Histogram> durations = new TreeMap<>();
    private final Map<String, Long> requests = new TreeMap<>();
    private double seconds;
    private double queue;
    private double requestRate;
    private boolean failing;

    Shop(RandomGenerator random) {
        this.random = random;
        for (var path : PATHS) {
            durations.put(path, new Histogram());
            requests.put(labels(path, 200), 0L);
            requests.put(labels(path, 500), 0L);
        }
    }

    synchronized void failing(boolean on) {
        failing = on;
    }

    synchronized boolean failing() {
        return failing;
    }

    /// Lets time pass: serves the requests that come in it.
    synchronized void pass(Duration step) {
        var stepSeconds = step.toMillis() / 1000.0;
        seconds += stepSeconds;
        requestRate = 60 + 40 * Math.sin(2 * Math.PI * seconds / WAVE_SECONDS);
        var expected = requestRate * stepSeconds;
        var arrived =
                Math.max(0, Math.round(expected + Math.sqrt(expected) * random.nextGaussian()));
        for (var request = 0L; request < arrived; request++) {
            serve(PATHS.get(random.nextInt(PATHS.size())));
        }
        var load = requestRate / 100 + (failing ? 0.6 : 0);
        queue = Math.max(0, queue + (load - 0.9) * WORKERS * stepSeconds);
    }

    private void serve(String path) {
        var error = random.nextDouble() < (failing ? FAILING_ERROR_RATE : CALM_ERROR_RATE);
        requests.merge(labels(path, error ? 500 : 200), 1L, Long::sum);
        var typical = path.equals("/checkout") ? 0.08 : 0.02;
        var slowdown = failing ? 8 : 1;
        durations
                .computeIfAbsent(path, _ -> new Histogram())
                .observe(typical * slowdown * Math.exp(0.6 * random.nextGaussian()));
    }

    /// Everything as Prometheus' text format 0.0.4.
    synchronized String metrics() {
        var text = new StringBuilder(8192);
        family(text, "demo_requests_total", "counter", "Requests served, by path and status code.");
        requests.forEach((labels, count) ->
                text.append("demo_requests_total{" + labels + "} " + count + "\n"));
        family(text, "demo_request_duration_seconds", "histogram", "Time to serve a request.");
        durations.forEach((path, histogram) ->
                histogram.write(text, "demo_request_duration_seconds", "path=\"" + path + "\""));
        gauge(text, "demo_request_rate", "Requests a second that come in just now.", requestRate);
        gauge(text, "demo_queue_length", "Requests that wait for a worker.", Math.floor(queue));
        gauge(text, "demo_workers", "Workers that serve requests.", WORKERS);
        gauge(text, "demo_failing", "1 while the service was told to fail.", failing ? 1 : 0);
        return text.toString();
    }

    private static void gauge(StringBuilder into, String name, String help, double value) {
        family(into, name, "gauge", help);
        into.append(name + " " + String.format(Locale.ROOT, "%.3f", value) + "\n");
    }

    private static void family(StringBuilder into, String name, String type, String help) {
        into.append("# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n");
    }

    private static String labels(String path, int code) {
        return "path=\"" + path + "\",code=\"" + code + "\"";
    }
}
