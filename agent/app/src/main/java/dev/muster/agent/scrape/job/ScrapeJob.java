package dev.muster.agent.scrape.job;

import dev.muster.agent.scrape.relabel.RelabelRule;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One entry of `scrape_configs`.
///
/// @param name value of the label `job`
/// @param timing when targets are scraped, unless relabelling says otherwise
/// @param scheme `http` or `https`
/// @param metricsPath path of the request
/// @param params query parameters of the request, in order
/// @param access credentials and TLS
/// @param limits of a scrape
/// @param formats asked for, and what becomes of histograms and names
/// @param rules for scraped series
/// @param relabel applied to targets
/// @param discoveries how targets are found, in the order of the file
/// @param place where the job stands
/// @param failureLog file that tells of failed scrapes; empty for none
public record ScrapeJob(
        String name,
        ScrapeTiming timing,
        String scheme,
        String metricsPath,
        Map<String, List<String>> params,
        HttpAccess access,
        ScrapeLimits limits,
        ScrapeFormats formats,
        SeriesRules rules,
        List<RelabelRule> relabel,
        List<DiscoveryConfig> discoveries,
        Place place,
        Optional<Path> failureLog) {
    /// Scheme of the host exporter; no file can name it.
    public static final String HOST_SCHEME = "muster";

    /// Path of the host exporter, under that scheme. Paths that are none of these two are those of
    /// what others left here.
    public static final String HOST_PATH = "/";

    /// Path of what is known of registered services, under that scheme.
    public static final String CHECKS_PATH = "/checks";

    public ScrapeJob {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("job name must not be empty");
        }
        params = new LinkedHashMap<>(params);
        params.replaceAll((key, values) -> List.copyOf(values));
        params = Collections.unmodifiableMap(params);
        relabel = List.copyOf(relabel);
        discoveries = List.copyOf(discoveries);
    }

    /// A job whose failed scrapes are written to no file.
    public ScrapeJob(
            String name,
            ScrapeTiming timing,
            String scheme,
            String metricsPath,
            Map<String, List<String>> params,
            HttpAccess access,
            ScrapeLimits limits,
            ScrapeFormats formats,
            SeriesRules rules,
            List<RelabelRule> relabel,
            List<DiscoveryConfig> discoveries,
            Place place) {
        this(
                name,
                timing,
                scheme,
                metricsPath,
                params,
                access,
                limits,
                formats,
                rules,
                relabel,
                discoveries,
                place,
                Optional.empty());
    }

    /// A job of what others left with this process: of targets without an address, whose samples
    /// carry their labels.
    ///
    /// @param path unless a target names another
    public static ScrapeJob ofKept(
            String name,
            String path,
            DiscoverySettings discovery,
            ScrapeTiming timing,
            ScrapeLimits limits) {
        return new ScrapeJob(
                name,
                timing,
                HOST_SCHEME,
                path,
                Map.of(),
                HttpAccess.DEFAULT,
                limits,
                ScrapeFormats.KEPT,
                SeriesRules.KEPT,
                List.of(),
                List.of(new DiscoveryConfig(discovery, Place.BUILT_IN)),
                Place.BUILT_IN);
    }

    /// The job of the host exporter in this process: one target without an address, whose instance
    /// is the host.
    public static ScrapeJob ofHost(String host, ScrapeTiming timing, ScrapeLimits limits) {
        return new ScrapeJob(
                "node",
                timing,
                HOST_SCHEME,
                HOST_PATH,
                Map.of(),
                HttpAccess.DEFAULT,
                limits,
                ScrapeFormats.DEFAULT,
                SeriesRules.DEFAULT,
                List.of(),
                List.of(
                        new DiscoveryConfig(
                                new StaticTargets(TargetGroup.of("host", List.of(host), Map.of())),
                                Place.BUILT_IN)),
                Place.BUILT_IN);
    }
}
