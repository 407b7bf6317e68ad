package dev.muster.query.remote;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelMatcher;
import java.util.ArrayList;
import java.util.List;

/// A request of Prometheus' remote read.
///
/// @param queries each is answered by itself, in this order
/// @param kind how the answer is to be written
public record ReadRequest(List<Query> queries, Kind kind) {
    /// Queries of one request.
    static final int QUERIES_LIMIT = 1_000;

    private static final int MATCHERS_LIMIT = 1_000;

    /// Ways to write the answer.
    public enum Kind {
        /// All samples in one message.
        SAMPLES,
        /// Chunks in frames.
        STREAMED_XOR_CHUNKS
    }

    /// What is wanted.
    ///
    /// @param startMs first time wanted, Unix milliseconds
    /// @param endMs last time wanted
    /// @param matchers all of them must hold
    /// @param hints what the asking side will do with the samples
    public record Query(long startMs, long endMs, List<LabelMatcher> matchers, Hints hints) {
        public Query {
            matchers = List.copyOf(matchers);
        }

        /// First time that is needed: later than asked where the hints say so.
        public long neededStartMs() {
            return hints.startMs() > startMs && hints.startMs() <= endMs
                    ? hints.startMs()
                    : startMs;
        }

        /// Last time that is needed.
        public long neededEndMs() {
            return hints.endMs() > 0 && hints.endMs() < endMs && hints.endMs() >= neededStartMs()
                    ? hints.endMs()
                    : endMs;
        }
    }

    /// What the asking side will do. All are 0 or empty where it says nothing.
    ///
    /// @param startMs first time that it will look at
    /// @param endMs last time that it will look at
    /// @param function that it will apply, such as `rate`; `series` if it wants no samples
    public record Hints(long startMs, long endMs, String function) {
        static final Hints NONE = new Hints(0, 0, "");

        /// Are only the labels wanted?
        public boolean labelsOnly() {
            return function.equals("series");
        }
    }

    public ReadRequest {
        queries = List.copyOf(queries);
    }

    /// The request in a message.
    ///
    /// @throws WireFormatException if it is none, or asks for more than is answered at once
    public static ReadRequest decode(byte[] message) throws WireFormatException {
        WireReader in = new WireReader(message);
        List<Query> queries = new ArrayList<>();
        List<Long> kinds = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> {
                    if (queries.size() == QUERIES_LIMIT) {
                        throw new WireFormatException(
                                "read request: queries must be at most " + QUERIES_LIMIT);
                    }
                    queries.add(query(in.message()));
                }
                case 2 -> kinds(in, kinds);
                default -> in.skip();
            }
        }
        return new ReadRequest(queries, kind(kinds));
    }

    /// Numbers may come one by one or packed.
    private static void kinds(WireReader in, List<Long> kinds) throws WireFormatException {
        if (!in.isBytes()) {
            kinds.add(in.number());
            return;
        }
        WireReader packed = in.message();
        while (!packed.atEnd()) {
            kinds.add(packed.varint());
        }
    }

    /// The first that is known; samples where nothing is said.
    private static Kind kind(List<Long> kinds) throws WireFormatException {
        if (kinds.isEmpty()) {
            return Kind.SAMPLES;
        }
        for (long kind : kinds) {
            if (kind == 0 || kind == 1) {
                return Kind.values()[(int) kind];
            }
        }
        throw new WireFormatException(
                "server does not support any of the requested response types: " + kinds);
    }

    private static Query query(WireReader in) throws WireFormatException {
        long startMs = 0;
        long endMs = 0;
        Hints hints = Hints.NONE;
        List<LabelMatcher> matchers = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> startMs = in.number();
                case 2 -> endMs = in.number();
                case 3 -> {
                    if (matchers.size() == MATCHERS_LIMIT) {
                        throw new WireFormatException(
                                "read request: matchers must be at most " + MATCHERS_LIMIT);
                    }
                    matchers.add(matcher(in.message()));
                }
                case 4 -> hints = hints(in.message());
                default -> in.skip();
            }
        }
        return new Query(startMs, endMs, matchers, hints);
    }

    private static LabelMatcher matcher(WireReader in) throws WireFormatException {
        long type = 0;
        String name = "";
        String value = "";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = in.number();
                case 2 -> name = in.text();
                case 3 -> value = in.text();
                default -> in.skip();
            }
        }
        try {
            return switch ((int) type) {
                case 0 -> LabelMatcher.equal(name, value);
                case 1 -> LabelMatcher.notEqual(name, value);
                case 2 -> LabelMatcher.regex(name, value);
                case 3 -> LabelMatcher.notRegex(name, value);
                default -> throw new WireFormatException("invalid matcher type");
            };
        } catch (InvalidPatternException e) {
            throw new WireFormatException(String.valueOf(e.getMessage()));
        }
    }

    private static Hints hints(WireReader in) throws WireFormatException {
        long startMs = 0;
        long endMs = 0;
        String function = "";
        while (in.next()) {
            switch (in.field()) {
                case 2 -> function = in.text();
                case 3 -> startMs = in.number();
                case 4 -> endMs = in.number();
                default -> in.skip();
            }
        }
        return new Hints(startMs, endMs, function);
    }
}
