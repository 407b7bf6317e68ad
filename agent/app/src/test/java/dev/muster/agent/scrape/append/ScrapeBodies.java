package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionFormat;
import java.nio.charset.StandardCharsets;

/// Bodies as an exporter writes them: the same series at each scrape, half of the values changed.
final class ScrapeBodies {
    private ScrapeBodies() {}

    static ScrapeBody of(int series, int scrape) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < series; i++) {
            if (i % 10 == 0) {
                text.append("# HELP requests_").append(i / 10).append("_total Requests.\n");
                text.append("# TYPE requests_").append(i / 10).append("_total counter\n");
            }
            text.append("requests_")
                    .append(i / 10)
                    .append("_total{code=\"20")
                    .append(i % 10)
                    .append("\",path=\"/api/v1/things\",method=\"GET\"} ")
                    .append(i % 2 == 0 ? 17 * i : 1_000_000 + i * scrape)
                    .append('\n');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return new ScrapeBody(ExpositionFormat.PROMETHEUS_TEXT, bytes, bytes.length);
    }
}
