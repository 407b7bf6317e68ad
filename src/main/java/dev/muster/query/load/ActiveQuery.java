package dev.muster.query.load;

/// A query that waits or runs. Thread-safe.
public final class ActiveQuery {
    /// How far a query is.
    public enum Phase {
        /// It waits for its turn.
        QUEUED("queued"),
        /// It reads and computes.
        RUNNING("running"),
        /// Its answer is sent.
        ANSWERING("answering");

        private final String text;

        Phase(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// Who asks for what.
    ///
    /// @param call name of the call, such as `query_range`
    /// @param query its text, or its selectors; cut where it is very long
    /// @param rangeMs time between its first and its last step; 0 for an instant
    /// @param client address it came from, or the name of the part of this node that asks
    /// @param userAgent what the client says of itself
    public record Origin(String call, String query, long rangeMs, String client, String userAgent) {
        private static final int TEXT_LIMIT = 2_000;

        public Origin {
            query = cut(query);
            userAgent = cut(userAgent);
        }

        private static String cut(String text) {
            return text.length() <= TEXT_LIMIT ? text : text.substring(0, TEXT_LIMIT) + "…";
        }
    }

    private final long id;
    private final Origin origin;
    private final long startedMs;
    private final long startNanos = System.nanoTime();
    private final Consumer consumer;
    private volatile Phase phase = Phase.QUEUED;
    private volatile long runningNanos;
    private volatile long answeringNanos;
    private volatile int slot = -1;

    ActiveQuery(long id, Origin origin, long startedMs, Consumer consumer) {
        this.id = id;
        this.origin = origin;
        this.startedMs = startedMs;
        this.consumer = consumer;
    }

    public long id() {
        return id;
    }

    public Origin origin() {
        return origin;
    }

    /// When it came, Unix time.
    public long startedMs() {
        return startedMs;
    }

    public Priority priority() {
        return consumer.priority();
    }

    public Usage usage() {
        return consumer.usage();
    }

    public Phase phase() {
        return phase;
    }

    /// Time since it came.
    public long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    /// Time that it waited for its turn; until now if it still waits.
    public long waitedNanos() {
        return runningNanos == 0 ? elapsedNanos() : runningNanos - startNanos;
    }

    boolean hasAnswer() {
        return phase == Phase.ANSWERING;
    }

    /// Time from its turn to its answer, without sending that; of one that has an answer.
    long workedNanos() {
        return answeringNanos - runningNanos;
    }

    /// Its turn has come.
    ///
    /// @param newSlot place in the file of active queries; negative for none
    void running(int newSlot) {
        slot = newSlot;
        runningNanos = System.nanoTime();
        phase = Phase.RUNNING;
    }

    /// It has its answer.
    public void answering() {
        answeringNanos = System.nanoTime();
        phase = Phase.ANSWERING;
    }

    void cancel() {
        consumer.stop("cancelled", "query was canceled by request");
    }

    int slot() {
        return slot;
    }
}
