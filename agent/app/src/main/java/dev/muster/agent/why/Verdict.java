package dev.muster.agent.why;

/// The answer in one word. Stable: scripts and `docs/why.md` name it.
public enum Verdict {
    /// The target is scraped, and everything it exposes is stored.
    OK(Mark.GOOD),
    /// The target is known; its first scrape is still to come.
    NOT_SCRAPED_YET(Mark.WAITING),
    /// The target was scraped, and then the scrapes stopped coming.
    SCRAPES_OVERDUE(Mark.BAD),
    /// Nobody listens there, or there is no way to it.
    CANNOT_CONNECT(Mark.BAD),
    /// The host's name has no address.
    HOST_NOT_FOUND(Mark.BAD),
    /// No TLS connection came about.
    TLS_FAILED(Mark.BAD),
    /// The proxy refused.
    PROXY_REFUSED(Mark.BAD),
    /// A file with a password, token or certificate cannot be read.
    CREDENTIALS_UNREADABLE(Mark.BAD),
    /// The target answered 401 or 403.
    NOT_AUTHORIZED(Mark.BAD),
    /// The target answered another status than 200.
    HTTP_STATUS(Mark.BAD),
    /// Too many redirects, or one that leads nowhere.
    REDIRECTED(Mark.BAD),
    /// The whole scrape took longer than the timeout.
    TIMED_OUT(Mark.BAD),
    /// The connection closed before the answer was whole.
    CONNECTION_CLOSED(Mark.BAD),
    /// What answers does not speak HTTP as asked.
    NOT_HTTP(Mark.BAD),
    /// The body's compression is unknown or damaged.
    ENCODING_DAMAGED(Mark.BAD),
    /// The body is in a format that the job does not ask for.
    CONTENT_TYPE_UNKNOWN(Mark.BAD),
    /// The body is larger than the job or the agent allows.
    BODY_TOO_LARGE(Mark.BAD),
    /// The body breaks a rule of its format.
    PARSE_ERROR(Mark.BAD),
    /// The scrape has more samples than the job allows.
    SAMPLE_LIMIT(Mark.BAD),
    /// A series has more or longer labels than the job allows, a histogram more buckets.
    LABEL_LIMIT(Mark.BAD),
    /// The scrape failed for another reason.
    SCRAPE_FAILED(Mark.BAD),
    /// The scrape is good, and the store could not take it.
    NOT_STORED(Mark.BAD),
    /// The target answers, and exposes nothing.
    NO_SAMPLES(Mark.BAD),
    /// The target answers, and metric relabelling drops all of it.
    ALL_SERIES_DROPPED(Mark.BAD),
    /// New series are folded into a count because the memory budget is used up.
    SERIES_FOLDED(Mark.BAD),
    /// New series are refused because the head holds as many as it may.
    OVER_SERIES_LIMIT(Mark.BAD),
    /// Some samples are refused one by one, for their time or as duplicates.
    SAMPLES_REFUSED(Mark.BAD),

    /// The target is a lost peer's, and up: this agent looks after it.
    TAKEN_OVER(Mark.GOOD),
    /// The target is a lost peer's, and this agent, which looks after it, does not find it up.
    TAKEN_OVER_NOT_UP(Mark.BAD),

    /// More than one target fits: choose one.
    SEVERAL_TARGETS(Mark.WAITING),
    /// A discovery found it, and a relabel rule drops it.
    DROPPED_BY_RELABELLING(Mark.BAD),
    /// A discovery found it, and it cannot be a target.
    ADDRESS_REFUSED(Mark.BAD),
    /// Its job has more targets than it may, so that none of them is scraped.
    OVER_TARGET_LIMIT(Mark.BAD),
    /// A service that listens there is left alone by the policy of local listeners.
    POLICY_REFUSES(Mark.BAD),
    /// No discovery knows it, and one of them is failing.
    DISCOVERY_FAILING(Mark.BAD),
    /// No discovery knows it.
    NOT_DISCOVERED(Mark.BAD),
    /// It answers with metrics, and no job names it.
    ANSWERS_BUT_NOT_NAMED(Mark.BAD),
    /// Something listens there that exposes no metrics, and no job names it.
    NO_METRICS_THERE(Mark.BAD),
    /// Nobody listens there, and no job names it.
    NOBODY_LISTENS(Mark.BAD),

    /// The series has a fresh sample.
    SERIES_STORED(Mark.GOOD),
    /// The series ended: its target is exposed without it, or is gone.
    SERIES_ENDED(Mark.BAD),
    /// The target that exposes the series is down.
    SERIES_TARGET_DOWN(Mark.BAD),
    /// Metric relabelling drops the series.
    SERIES_DROPPED(Mark.BAD),
    /// The series is there under another label name: the target's own label won.
    SERIES_RENAMED(Mark.BAD),
    /// The metric is there, but no series of it has these labels.
    LABELS_DIFFER(Mark.BAD),
    /// No target exposes such a metric, and none is stored here.
    METRIC_UNKNOWN(Mark.BAD);

    private final Mark mark;

    Verdict(Mark mark) {
        this.mark = mark;
    }

    /// Good or bad news?
    public Mark mark() {
        return mark;
    }
}
