package dev.muster.agent.why;

import java.net.URI;

/// Configuration to copy: a job for something that answers and that no job names.
final class Snippet {
    private Snippet() {}

    /// @param url that answered with metrics
    static String job(String url) {
        URI asked = URI.create(url);
        String path = asked.getPath();
        return "scrape_configs:\n"
                + "- job_name: port-"
                + asked.getPort()
                + "\n"
                + (path.equals("/metrics") ? "" : "  metrics_path: " + path + "\n")
                + "  static_configs:\n"
                + "  - targets: ['"
                + asked.getAuthority()
                + "']\n";
    }
}
