package dev.muster.agent.scrape.discovery;

import dev.muster.agent.scrape.file.PrometheusDuration;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.model.labels.Labels;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// From a discovered address to a target, as Prometheus does it: job settings become labels that
/// start with two underscores, relabelling may rewrite them, and what is left of them says where
/// and when to scrape.
public final class TargetRelabelling {
    private static final String PARAM = "__param_";

    private TargetRelabelling() {}

    /// @param target labels of its own
    public static TargetResult relabel(
            ScrapeJob job, TargetOrigin origin, TargetGroup group, Labels target) {
        Labels discovered = discovered(job, group, target);
        Labels labels = discovered;
        for (int i = 0; i < job.relabel().size(); i++) {
            RelabelRule rule = job.relabel().get(i);
            @Nullable Labels next = rule.apply(labels);
            if (next == null) {
                return new TargetResult.Dropped(origin, discovered, i, rule.place());
            }
            labels = next;
        }
        try {
            Labels own = finalLabels(labels);
            return new TargetResult.Active(
                    new Target(
                            job,
                            origin,
                            own,
                            discovered,
                            endpoint(job, labels),
                            timing(labels),
                            TargetInfo.of(labels, own)));
        } catch (IllegalArgumentException e) {
            return new TargetResult.Refused(origin, discovered, String.valueOf(e.getMessage()));
        }
    }

    private static Labels discovered(ScrapeJob job, TargetGroup group, Labels target) {
        Labels.Builder labels = Labels.builder();
        labels.set("job", job.name());
        labels.set("__scheme__", job.scheme());
        labels.set("__metrics_path__", job.metricsPath());
        labels.set("__scrape_interval__", PrometheusDuration.format(job.timing().interval()));
        labels.set("__scrape_timeout__", PrometheusDuration.format(job.timing().timeout()));
        job.params()
                .forEach((name, values) -> {
                    if (!values.isEmpty()) {
                        labels.set(PARAM + name, values.getFirst());
                    }
                });
        group.labels().forEach(labels::set);
        target.forEach(labels::set);
        return labels.build();
    }

    private static Labels finalLabels(Labels labels) {
        Labels.Builder result = Labels.builder();
        labels.forEach((name, value) -> {
            if (!name.startsWith("__")) {
                result.set(name, value);
            }
        });
        if (result.get("instance") == null) {
            result.set("instance", labels.valueOf("__address__"));
        }
        return result.build();
    }

    private static ScrapeTiming timing(Labels labels) {
        return new ScrapeTiming(
                duration(labels, "__scrape_interval__"), duration(labels, "__scrape_timeout__"));
    }

    private static Duration duration(Labels labels, String name) {
        String text = labels.valueOf(name);
        return PrometheusDuration.parse(text)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                name + " must be a duration such as 15s: found=" + text));
    }

    private static Endpoint endpoint(ScrapeJob job, Labels labels) {
        String address = labels.valueOf("__address__");
        String scheme = labels.valueOf("__scheme__");
        if (scheme.equals(ScrapeJob.HOST_SCHEME) && job.scheme().equals(scheme)) {
            String path = labels.valueOf("__metrics_path__");
            return switch (path) {
                case ScrapeJob.CHECKS_PATH -> new Endpoint.Checks();
                case ScrapeJob.HOST_PATH -> new Endpoint.Host();
                default -> new Endpoint.Kept(path);
            };
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("__scheme__ must be http or https: found=" + scheme);
        }
        if (address.isEmpty() || address.contains("/")) {
            throw new IllegalArgumentException(
                    "__address__ must be host:port without scheme or path: found=" + address);
        }
        boolean tls = scheme.equals("https");
        return new Endpoint.Http(
                tls, host(address), port(address, tls ? 443 : 80), uri(job, labels));
    }

    private static String host(String address) {
        if (address.startsWith("[")) {
            int end = address.indexOf(']');
            return end < 0 ? "" : address.substring(1, end);
        }
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    private static int port(String address, int fallback) {
        int colon = address.lastIndexOf(':');
        if (colon < 0 || address.endsWith("]")) {
            return fallback;
        }
        String text = address.substring(colon + 1);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "__address__ must end with a port number: found=" + address, e);
        }
    }

    private static String uri(ScrapeJob job, Labels labels) {
        String path = labels.valueOf("__metrics_path__");
        String rooted = path.startsWith("/") ? path : "/" + path;
        StringJoiner query = new StringJoiner("&");
        job.params().forEach((name, values) -> addParam(query, labels, name, values));
        labels.forEach((name, value) -> {
            if (name.startsWith(PARAM)
                    && !job.params().containsKey(name.substring(PARAM.length()))) {
                query.add(pair(name.substring(PARAM.length()), value));
            }
        });
        if (query.length() == 0) {
            return rooted;
        }
        return rooted + (rooted.contains("?") ? "&" : "?") + query;
    }

    /// The first value may have been relabelled; the others stay.
    private static void addParam(
            StringJoiner query, Labels labels, String name, List<String> values) {
        @Nullable String first = labels.get(PARAM + name);
        if (first != null) {
            query.add(pair(name, first));
        }
        for (String value : values.subList(Math.min(1, values.size()), values.size())) {
            query.add(pair(name, value));
        }
    }

    private static String pair(String name, String value) {
        return encode(name) + "=" + encode(value);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
