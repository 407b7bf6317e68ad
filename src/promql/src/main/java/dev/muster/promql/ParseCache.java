package dev.muster.promql;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps the expressions of queries that were asked lately, so that dashboards and rules are parsed
/// once. The least recently used go when there are too many, or their texts are too long together.
/// Thread-safe.
public final class ParseCache {
    /// Keeps nothing.
    public static final ParseCache NONE = new ParseCache(0, 0);

    private final int limit;
    private final long charsLimit;

    /// By text, the least recently used first. Guarded by this.
    private final Map<String, Expr> known = new LinkedHashMap<>(16, 0.75f, true);

    private long chars;
    private long hits;
    private long misses;
    private long evictions;

    /// @param limit most expressions
    /// @param charsLimit most characters of their texts
    public ParseCache(int limit, long charsLimit) {
        if (limit < 0 || charsLimit < 0) {
            throw new IllegalArgumentException(
                    "parse cache: limits must not be negative: limit="
                            + limit
                            + ", charsLimit="
                            + charsLimit);
        }
        this.limit = limit;
        this.charsLimit = charsLimit;
    }

    /// What has been asked of a cache.
    ///
    /// @param size expressions in it
    /// @param hits queries that were there
    /// @param misses queries that were not
    /// @param evictions expressions that had to go
    public record Stats(int size, long hits, long misses, long evictions) {}

    /// The expression of a query. A query that is wrong is never kept.
    ///
    /// @throws QueryException of kind [QueryException.Kind#PARSE]
    public Expr expr(String query) throws QueryException {
        if (limit == 0) {
            return PromQl.parse(query);
        }
        Expr found = find(query);
        if (found != null) {
            return found;
        }
        Expr expr = PromQl.parse(query);
        keep(query, expr);
        return expr;
    }

    private synchronized @Nullable Expr find(String query) {
        Expr found = known.get(query);
        if (found == null) {
            misses++;
        } else {
            hits++;
        }
        return found;
    }

    private synchronized void keep(String query, Expr expr) {
        // One text must not drive out all others.
        if (query.length() > charsLimit / 8 || known.put(query, expr) != null) {
            return;
        }
        chars += query.length();
        var oldest = known.entrySet().iterator();
        while (known.size() > limit || chars > charsLimit) {
            chars -= oldest.next().getKey().length();
            oldest.remove();
            evictions++;
        }
    }

    /// What has been asked of it so far.
    public synchronized Stats stats() {
        return new Stats(known.size(), hits, misses, evictions);
    }
}
