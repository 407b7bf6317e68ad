package dev.muster.agent.why;

import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.append.FoldedMetric;
import dev.muster.agent.scrape.append.SampleFaults;
import dev.muster.agent.scrape.append.ScrapeFault;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.append.SeriesFate;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.file.PrometheusDuration;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a verdict on a scraped target means, and what to do about it, in plain words.
///
/// @param target as the configuration has it now
/// @param status how it is
/// @param account of its series, where there is one
/// @param nowMs now, Unix time
record Advice(Target target, TargetStatus status, Optional<SeriesAccount> account, long nowMs) {
    String sentence(Verdict verdict) {
        String url = Words.cut(target.endpoint().url());
        return switch (verdict) {
            case OK ->
                    "All is well: "
                            + url
                            + " was scraped "
                            + TargetWhy.last(status, nowMs)
                            + " and its "
                            + Words.count(kept(), "sample is", "samples are")
                            + " stored.";
            case NOT_SCRAPED_YET -> url + " is known, and its first scrape is still to come.";
            case SCRAPES_OVERDUE ->
                    url
                            + " was scraped last "
                            + TargetWhy.last(status, nowMs)
                            + ", which is longer ago than its interval of "
                            + PrometheusDuration.format(target.timing().interval())
                            + " allows.";
            case CANNOT_CONNECT -> "Nobody answers at " + url + ": " + message() + ".";
            case HOST_NOT_FOUND -> "The host of " + url + " has no address: " + message() + ".";
            case TLS_FAILED -> "No TLS connection to " + url + " comes about: " + message() + ".";
            case PROXY_REFUSED -> "The proxy on the way to " + url + " refuses: " + message() + ".";
            case CREDENTIALS_UNREADABLE ->
                    "The credentials for " + url + " cannot be used: " + message() + ".";
            case NOT_AUTHORIZED -> url + " wants other credentials: " + message() + ".";
            case HTTP_STATUS -> url + " answers, but not with metrics: " + message() + ".";
            case REDIRECTED -> url + " redirects to nowhere: " + message() + ".";
            case TIMED_OUT -> url + " takes longer than the timeout: " + message() + ".";
            case CONNECTION_CLOSED -> url + " closes the connection too early: " + message() + ".";
            case NOT_HTTP ->
                    "What answers at " + url + " does not speak HTTP as asked: " + message() + ".";
            case ENCODING_DAMAGED ->
                    "The body of " + url + " cannot be unpacked: " + message() + ".";
            case CONTENT_TYPE_UNKNOWN ->
                    "The body of " + url + " is in no format that is read: " + message() + ".";
            case BODY_TOO_LARGE -> "The body of " + url + " is too large: " + message() + ".";
            case PARSE_ERROR ->
                    "The body of "
                            + url
                            + " breaks its format, so that nothing of it is stored: "
                            + message()
                            + ".";
            case SAMPLE_LIMIT, LABEL_LIMIT ->
                    url
                            + " passes a limit of its job, so that nothing of it is stored: "
                            + message()
                            + ".";
            case SCRAPE_FAILED -> "The scrape of " + url + " fails: " + message() + ".";
            case NOT_STORED ->
                    url
                            + " is scraped, and the store cannot take its samples: "
                            + status.last()
                                    .map(ScrapeOutcome::storeError)
                                    .map(Words::cut)
                                    .orElse("")
                            + ".";
            case NO_SAMPLES -> url + " answers and exposes not a single sample.";
            case ALL_SERIES_DROPPED ->
                    url
                            + " exposes "
                            + Words.count(scraped(), "sample", "samples")
                            + ", and metric relabelling drops all of them.";
            case SERIES_FOLDED ->
                    url
                            + " is up, but new series are folded into a count because the memory"
                            + " budget is used up"
                            + folded()
                            + ".";
            case OVER_SERIES_LIMIT ->
                    url
                            + " is up, but the head holds as many series as it may, and "
                            + account.map(a -> a.series(SeriesFate.OVER_SERIES_LIMIT)).orElse(0)
                            + " of its series are refused.";
            case SAMPLES_REFUSED ->
                    url + " is up, but some of its samples are refused: " + refused() + ".";
            case TAKEN_OVER,
                    TAKEN_OVER_NOT_UP,
                    SEVERAL_TARGETS,
                    DROPPED_BY_RELABELLING,
                    ADDRESS_REFUSED,
                    OVER_TARGET_LIMIT,
                    POLICY_REFUSES,
                    DISCOVERY_FAILING,
                    NOT_DISCOVERED,
                    ANSWERS_BUT_NOT_NAMED,
                    NO_METRICS_THERE,
                    NOBODY_LISTENS,
                    SERIES_STORED,
                    SERIES_ENDED,
                    SERIES_TARGET_DOWN,
                    SERIES_DROPPED,
                    SERIES_RENAMED,
                    LABELS_DIFFER,
                    METRIC_UNKNOWN ->
                    throw notOfATarget(verdict);
        };
    }

    String next(Verdict verdict) {
        String place = "job " + target.job().name() + " (" + target.job().place() + ")";
        return switch (verdict) {
            case OK -> "";
            case NOT_SCRAPED_YET ->
                    "Wait for one interval of "
                            + PrometheusDuration.format(target.timing().interval())
                            + " and ask again.";
            case SCRAPES_OVERDUE ->
                    "Look at the agent's log and at muster_scrape_ticks_missed_total: the process"
                            + " stood still, or a scrape hangs.";
            case CANNOT_CONNECT ->
                    "Start the service, or correct its address or port in " + discovered() + ".";
            case HOST_NOT_FOUND ->
                    "Correct the name in "
                            + discovered()
                            + ", or mend name resolution on this host.";
            case TLS_FAILED ->
                    "Check tls_config and scheme of " + place + " against what the service shows.";
            case PROXY_REFUSED -> "Check proxy_url and no_proxy of " + place + ".";
            case CREDENTIALS_UNREADABLE ->
                    "Make the file readable for the agent, or correct its path in " + place + ".";
            case NOT_AUTHORIZED ->
                    "Give the job the credentials that the service wants: basic_auth, authorization"
                            + " or oauth2 of "
                            + place
                            + ".";
            case HTTP_STATUS ->
                    "Open the URL yourself; if the metrics are elsewhere, set metrics_path of "
                            + place
                            + ".";
            case REDIRECTED -> "Scrape the address that it leads to, or mend the redirect.";
            case TIMED_OUT ->
                    "Make the endpoint faster, or raise scrape_timeout (now "
                            + PrometheusDuration.format(target.timing().timeout())
                            + ") of "
                            + place
                            + ".";
            case CONNECTION_CLOSED ->
                    "Look into the service's log: it ends the answer before it is whole.";
            case NOT_HTTP ->
                    "Check scheme and port of " + place + ": it may speak TLS or another protocol.";
            case ENCODING_DAMAGED ->
                    "Let the service send gzip, zstd or no Content-Encoding, or set"
                            + " enable_compression: false in "
                            + place
                            + ".";
            case CONTENT_TYPE_UNKNOWN ->
                    "Let the service send a Content-Type such as text/plain; version=0.0.4, or set"
                            + " fallback_scrape_protocol of "
                            + place
                            + ".";
            case BODY_TOO_LARGE -> "Expose less, or raise body_size_limit of " + place + ".";
            case PARSE_ERROR -> hint();
            case SAMPLE_LIMIT ->
                    "Expose fewer samples, drop some by metric_relabel_configs, or raise"
                            + " sample_limit of "
                            + place
                            + ".";
            case LABEL_LIMIT -> "Shorten the labels, or raise the limit of " + place + ".";
            case SCRAPE_FAILED -> "Read the reason above; the agent's log may say more.";
            case NOT_STORED ->
                    "Look at the disk of muster.agent.data-dir: free space, permissions, errors.";
            case NO_SAMPLES ->
                    "Open the URL yourself: the service may register its metrics later, or under"
                            + " another path.";
            case ALL_SERIES_DROPPED ->
                    "Look at metric_relabel_configs of "
                            + place
                            + ": the account below names the rule.";
            case SERIES_FOLDED ->
                    "Take the label named above out of the metric, or drop the metric by"
                            + " metric_relabel_configs of "
                            + place
                            + ".";
            case OVER_SERIES_LIMIT -> "Expose fewer series, or raise muster.head.series-limit.";
            case SAMPLES_REFUSED ->
                    "Let the service expose each series once and without timestamps, or set"
                            + " honor_timestamps: false in "
                            + place
                            + ".";
            case TAKEN_OVER,
                    TAKEN_OVER_NOT_UP,
                    SEVERAL_TARGETS,
                    DROPPED_BY_RELABELLING,
                    ADDRESS_REFUSED,
                    OVER_TARGET_LIMIT,
                    POLICY_REFUSES,
                    DISCOVERY_FAILING,
                    NOT_DISCOVERED,
                    ANSWERS_BUT_NOT_NAMED,
                    NO_METRICS_THERE,
                    NOBODY_LISTENS,
                    SERIES_STORED,
                    SERIES_ENDED,
                    SERIES_TARGET_DOWN,
                    SERIES_DROPPED,
                    SERIES_RENAMED,
                    LABELS_DIFFER,
                    METRIC_UNKNOWN ->
                    throw notOfATarget(verdict);
        };
    }

    private static IllegalArgumentException notOfATarget(Verdict verdict) {
        return new IllegalArgumentException(
                "verdict must be one on a scraped target: verdict=" + verdict);
    }

    private String message() {
        return status.last()
                .flatMap(ScrapeOutcome::fault)
                .map(ScrapeFault::message)
                .map(Words::cut)
                .orElse("no reason is known");
    }

    private String hint() {
        return status.last()
                .flatMap(ScrapeOutcome::fault)
                .map(ScrapeFault::hint)
                .filter(text -> !text.isEmpty())
                .map(text -> "Mend the exposition: " + text + ".")
                .orElse("Mend the exposition at the line shown below.");
    }

    private String discovered() {
        return target.origin().kind()
                + " discovery of job "
                + target.origin().job()
                + " ("
                + target.origin().place()
                + ")";
    }

    private int kept() {
        return status.last().map(ScrapeOutcome::samplesKept).orElse(0);
    }

    private int scraped() {
        return status.last().map(ScrapeOutcome::samplesScraped).orElse(0);
    }

    private String folded() {
        return account.stream()
                .flatMap(a -> a.folded().stream())
                .limit(3)
                .map(Advice::folded)
                .collect(Collectors.joining());
    }

    private static String folded(FoldedMetric metric) {
        return ": metric "
                + metric.metric()
                + (metric.culprit().isEmpty()
                        ? ""
                        : ", label "
                                + metric.culprit()
                                + " with about "
                                + metric.culpritValues()
                                + " values");
    }

    private String refused() {
        return account.stream()
                .flatMap(a -> a.faults().stream())
                .map(Advice::refused)
                .collect(Collectors.joining(", "));
    }

    private static String refused(SampleFaults faults) {
        return faults.samples() + " as " + faults.kind().text();
    }
}
