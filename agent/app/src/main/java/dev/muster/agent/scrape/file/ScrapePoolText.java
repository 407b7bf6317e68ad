package dev.muster.agent.scrape.file;

import dev.muster.agent.exposition.ScrapeProtocol;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import dev.muster.yaml.YamlWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// A job's configuration as YAML: what holds for it, whether it stands in the file or not, and the
/// rest as it stands in the file. Secrets are not shown.
public final class ScrapePoolText {
    /// Keys whose values Prometheus does not show either.
    private static final Set<String> SECRETS =
            Set.of(
                    "password",
                    "credentials",
                    "bearer_token",
                    "client_secret",
                    "client_certificate_key",
                    "key",
                    "token",
                    "secrets",
                    "secret_key",
                    "api_key",
                    "application_credential_secret",
                    "refresh_token",
                    "private_token");

    private final ScrapeJob job;
    private final YamlWriter out = new YamlWriter(SECRETS::contains);

    private ScrapePoolText(ScrapeJob job) {
        this.job = job;
    }

    /// The text, from the file as it lies there now. A job that the file does not name any more, or
    /// that needs no file, has what holds alone.
    ///
    /// @throws YamlException if the file cannot be read
    public static String of(ScrapeJob job) throws YamlException {
        ScrapePoolText text = new ScrapePoolText(job);
        text.effective();
        Optional<YamlMap> written = written(job);
        if (written.isPresent()) {
            text.out.putOthers(written.get());
        }
        return text.out.text();
    }

    private static Optional<YamlMap> written(ScrapeJob job) throws YamlException {
        Path file = Path.of(job.place().file());
        if (job.place().line() == 0 || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        YamlMap root = YamlMap.parse(file.toString(), ScrapeFile.text(file));
        for (YamlMap config : root.maps("scrape_configs")) {
            if (config.text("job_name", "").equals(job.name())) {
                return Optional.of(config);
            }
        }
        return Optional.empty();
    }

    private void effective() {
        out.put("job_name", job.name());
        flag("honor_labels", job.rules().honorLabels());
        flag("honor_timestamps", job.rules().honorTimestamps());
        flag("track_timestamps_staleness", job.rules().trackTimestampsStaleness());
        out.put("scrape_interval", PrometheusDuration.format(job.timing().interval()));
        out.put("scrape_timeout", PrometheusDuration.format(job.timing().timeout()));
        out.put(
                "scrape_protocols",
                job.formats().protocols().stream().map(ScrapeProtocol::configName).toList());
        flag("scrape_native_histograms", job.formats().nativeHistograms());
        flag("always_scrape_classic_histograms", job.formats().alwaysClassicHistograms());
        flag("convert_classic_histograms_to_nhcb", job.formats().convertClassicHistograms());
        out.put("metrics_path", job.metricsPath());
        out.put("scheme", job.scheme());
        flag("enable_compression", job.access().compression());
        flag("follow_redirects", job.access().followRedirects());
        flag("enable_http2", job.access().http2());
        limits(job.limits());
    }

    private void limits(ScrapeLimits limits) {
        limit("body_size_limit", limits.bodySizeBytes(), "B");
        limit("sample_limit", limits.samples(), "");
        limit("label_limit", limits.labels(), "");
        limit("label_name_length_limit", limits.labelNameLength(), "");
        limit("label_value_length_limit", limits.labelValueLength(), "");
        limit("target_limit", limits.targets(), "");
        limit("native_histogram_bucket_limit", limits.histogramBuckets(), "");
        limit("keep_dropped_targets", limits.droppedTargets(), "");
    }

    private void flag(String key, boolean value) {
        out.put(key, Boolean.toString(value));
    }

    /// 0 is no limit, which Prometheus leaves out.
    private void limit(String key, long value, String unit) {
        if (value > 0) {
            out.put(key, value + unit);
        }
    }
}
