package dev.muster.query.api;

import dev.muster.query.search.NameMatcher;

/// What a search wants.
///
/// @param matcher what names must fit
/// @param byScore whether the best come first
/// @param descending whether the last by name come first
/// @param score whether scores are told
/// @param metadata whether types and help texts are told
/// @param limit most results
/// @param batch results of a line
record Search(
        NameMatcher matcher,
        boolean byScore,
        boolean descending,
        boolean score,
        boolean metadata,
        int limit,
        int batch) {
    private static final int DEFAULT_SIZE = 100;
    private static final double PERCENT = 100;

    static Search of(Parameters parameters) throws ApiException {
        int threshold = number(parameters, "fuzz_threshold", 100, 0, 100);
        String sort = choice(parameters, "sort_by", "alpha", "score");
        String direction = choice(parameters, "sort_dir", "asc", "dsc");
        if (parameters.has("sort_dir") && sort.equals("score")) {
            throw ApiException.invalid("sort_dir", "only valid with sort_by=alpha");
        }
        String algorithm = choice(parameters, "fuzz_alg", "subsequence", "jarowinkler");
        NameMatcher matcher =
                new NameMatcher(
                        parameters.texts("search[]"),
                        threshold / PERCENT,
                        algorithm.equals("jarowinkler")
                                ? NameMatcher.Algorithm.JARO_WINKLER
                                : NameMatcher.Algorithm.SUBSEQUENCE,
                        flag(parameters, "case_sensitive", true));
        return new Search(
                matcher,
                sort.equals("score"),
                direction.equals("dsc"),
                flag(parameters, "include_score", false),
                flag(parameters, "include_metadata", false),
                number(parameters, "limit", DEFAULT_SIZE, 1, Integer.MAX_VALUE),
                number(parameters, "batch_size", DEFAULT_SIZE, 1, Integer.MAX_VALUE));
    }

    /// One of the values; the first where none is given.
    private static String choice(Parameters parameters, String name, String first, String second)
            throws ApiException {
        String text = parameters.text(name);
        if (text.isEmpty()) {
            return first;
        }
        if (!text.equals(first) && !text.equals(second)) {
            throw ApiException.invalid(name, "must be one of " + first + ", " + second);
        }
        return text;
    }

    private static boolean flag(Parameters parameters, String name, boolean otherwise)
            throws ApiException {
        return switch (parameters.text(name)) {
            case "" -> otherwise;
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw ApiException.invalid(name, "must be true or false");
        };
    }

    private static int number(
            Parameters parameters, String name, int otherwise, int least, int most)
            throws ApiException {
        if (!parameters.has(name)) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(parameters.text(name));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw ApiException.invalid(name, "must be a number");
        }
        throw ApiException.invalid(
                name,
                most == Integer.MAX_VALUE
                        ? "must be at least " + least
                        : "must be from " + least + " to " + most);
    }
}
