package dev.muster.query.forward;

import java.net.http.HttpHeaders;
import java.util.Map;
import java.util.TreeMap;

/// How much of a request was written, as remote write 2.0 tells it. Negative where nobody said so.
///
/// @param samples numbers
/// @param histograms native histograms
/// @param exemplars exemplars
public record Written(long samples, long histograms, long exemplars) {
    private static final String PREFIX = "X-Prometheus-Remote-Write-";

    /// Nobody said anything.
    public static final Written UNTOLD = new Written(-1, -1, -1);

    /// Both together.
    public Written plus(Written other) {
        return new Written(
                sum(samples, other.samples),
                sum(histograms, other.histograms),
                sum(exemplars, other.exemplars));
    }

    private static long sum(long one, long other) {
        return one < 0 ? other : other < 0 ? one : one + other;
    }

    /// As headers; none where nobody said anything.
    public Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>();
        put(headers, "Samples", samples);
        put(headers, "Histograms", histograms);
        put(headers, "Exemplars", exemplars);
        return headers;
    }

    private static void put(Map<String, String> headers, String what, long count) {
        if (count >= 0) {
            headers.put(PREFIX + what + "-Written", Long.toString(count));
        }
    }

    static Written of(HttpHeaders headers) {
        return new Written(
                count(headers, "Samples"),
                count(headers, "Histograms"),
                count(headers, "Exemplars"));
    }

    private static long count(HttpHeaders headers, String what) {
        try {
            return headers.firstValue(PREFIX + what + "-Written").map(Long::parseLong).orElse(-1L);
        } catch (NumberFormatException _) {
            return -1;
        }
    }
}
