package dev.muster.launcher.plan;

import java.util.Map;

/// Writes the scrape configuration of one agent in Prometheus' form.
final class ScrapeFile {
    private ScrapeFile() {}

    /// @param jobs address of the one target of each job, by job name, in order
    static String text(Map<String, String> jobs) {
        var text =
                new StringBuilder(
                        """
                        # Written anew by ./muster up. The host itself is scraped in-process, without an entry here.
                        global:
                          scrape_interval: 1s
                        scrape_configs:
                        """);
        jobs.forEach((job, address) ->
                text.append(
                        """
                          - job_name: %s
                            static_configs:
                              - targets: ["%s"]
                        """
                                .formatted(job, address)));
        return text.toString();
    }
}
