package dev.muster.agent.why;

import dev.muster.agent.scrape.FetchReport;
import dev.muster.agent.scrape.TargetStatus;
import dev.muster.agent.scrape.append.ScrapeFault;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.append.SeriesFate;
import dev.muster.agent.scrape.fetch.FetchFault;
import dev.muster.agent.scrape.fetch.HttpExchange;
import java.util.Optional;

/// The verdict on a target that is scraped, from what its last scrape left behind.
final class Verdicts {
    /// Intervals after which a missing scrape is overdue.
    private static final int OVERDUE_INTERVALS = 3;

    private static final long OVERDUE_SLACK_MS = 2_000;

    private Verdicts() {}

    /// @param account absent where nobody asked for it
    static Verdict of(TargetStatus status, Optional<SeriesAccount> account, long nowMs) {
        if (status.last().isEmpty()) {
            return isOverdue(status, nowMs) ? Verdict.SCRAPES_OVERDUE : Verdict.NOT_SCRAPED_YET;
        }
        ScrapeOutcome last = status.last().get();
        if (isOverdue(status, nowMs)) {
            return Verdict.SCRAPES_OVERDUE;
        }
        if (last.fault().isPresent()) {
            return of(last.fault().get(), status.fetch());
        }
        if (!last.storeError().isEmpty()) {
            return Verdict.NOT_STORED;
        }
        if (last.samplesScraped() == 0) {
            return Verdict.NO_SAMPLES;
        }
        if (last.samplesKept() == 0 && last.samplesFolded() == 0) {
            return Verdict.ALL_SERIES_DROPPED;
        }
        if (last.samplesFolded() > 0) {
            return Verdict.SERIES_FOLDED;
        }
        return account.map(a -> ofLosses(a, last.tickMs())).orElse(Verdict.OK);
    }

    private static Verdict ofLosses(SeriesAccount account, long tickMs) {
        if (account.series(SeriesFate.FOLDED) > 0) {
            return Verdict.SERIES_FOLDED;
        }
        if (account.series(SeriesFate.OVER_SERIES_LIMIT) > 0) {
            return Verdict.OVER_SERIES_LIMIT;
        }
        boolean refusing = account.faults().stream().anyMatch(fault -> fault.lastMs() >= tickMs);
        return refusing ? Verdict.SAMPLES_REFUSED : Verdict.OK;
    }

    private static boolean isOverdue(TargetStatus status, long nowMs) {
        long sinceMs = status.last().map(ScrapeOutcome::tickMs).orElse(status.sinceMs());
        long patienceMs =
                OVERDUE_INTERVALS * status.target().timing().intervalMs()
                        + status.target().timing().timeoutMs()
                        + OVERDUE_SLACK_MS;
        return nowMs - sinceMs > patienceMs;
    }

    private static Verdict of(ScrapeFault fault, FetchReport fetch) {
        return switch (fault.kind()) {
            case FETCH -> fetch.fault().map(f -> of(f, fetch)).orElse(Verdict.SCRAPE_FAILED);
            case BODY_LIMIT -> Verdict.BODY_TOO_LARGE;
            case ENCODING -> Verdict.ENCODING_DAMAGED;
            case PARSE -> Verdict.PARSE_ERROR;
            case SAMPLE_LIMIT -> Verdict.SAMPLE_LIMIT;
            case LABEL_LIMIT, BUCKET_LIMIT -> Verdict.LABEL_LIMIT;
            case NO_NAME, REMOVED -> Verdict.SCRAPE_FAILED;
        };
    }

    private static Verdict of(FetchFault fault, FetchReport fetch) {
        return switch (fault) {
            case STOPPING, HOST_EXPORTER, OTHER -> Verdict.SCRAPE_FAILED;
            case CREDENTIALS -> Verdict.CREDENTIALS_UNREADABLE;
            case HOST_NOT_FOUND -> Verdict.HOST_NOT_FOUND;
            case REFUSED, CONNECT -> Verdict.CANNOT_CONNECT;
            case TLS -> Verdict.TLS_FAILED;
            case PROXY -> Verdict.PROXY_REFUSED;
            case CLOSED -> Verdict.CONNECTION_CLOSED;
            case PROTOCOL -> Verdict.NOT_HTTP;
            case STATUS -> ofStatus(fetch.http().map(HttpExchange::status).orElse(0));
            case REDIRECT -> Verdict.REDIRECTED;
            case TIMEOUT -> Verdict.TIMED_OUT;
            case BODY_SIZE, BODY_MEMORY -> Verdict.BODY_TOO_LARGE;
            case ENCODING -> Verdict.ENCODING_DAMAGED;
            case CONTENT_TYPE -> Verdict.CONTENT_TYPE_UNKNOWN;
        };
    }

    private static Verdict ofStatus(int status) {
        return status == 401 || status == 403 ? Verdict.NOT_AUTHORIZED : Verdict.HTTP_STATUS;
    }
}
