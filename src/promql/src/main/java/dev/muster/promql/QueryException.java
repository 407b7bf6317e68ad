package dev.muster.promql;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A query that has no answer. The message is Prometheus' where Prometheus has one.
public final class QueryException extends Exception {
    /// Why there is no answer; decides the status of the HTTP answer.
    public enum Kind {
        /// The query, or a parameter of it, is wrong: `bad_data`, 400.
        PARSE,
        /// The query cannot be evaluated on this data: `execution`, 422.
        EXECUTION,
        /// A limit of the query node is passed: `execution`, 422.
        LIMIT,
        /// Its time is over: `timeout`, 503.
        TIMEOUT,
        /// Its client has left: `canceled`, 503.
        CANCELLED
    }

    private final Kind kind;
    private final @Nullable Position position;

    public QueryException(Kind kind, String message) {
        this(kind, message, null, null);
    }

    QueryException(Kind kind, String message, @Nullable Position position) {
        this(kind, message, position, null);
    }

    QueryException(
            Kind kind, String message, @Nullable Position position, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.position = position;
    }

    /// A wrong query; the message starts with line and column.
    static QueryException parse(String query, Position position, String text) {
        return new QueryException(
                Kind.PARSE, position.of(query) + ": parse error: " + text, position);
    }

    static QueryException execution(String text) {
        return new QueryException(Kind.EXECUTION, text);
    }

    public Kind kind() {
        return kind;
    }

    /// The part of the query at fault, where it is known.
    public Optional<Position> position() {
        return Optional.ofNullable(position);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
