package dev.muster.query.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The parameters of a call: those of a form before those of the URL, as Prometheus reads them.
final class Parameters {
    private final Map<String, List<String>> form;
    private final Map<String, List<String>> url;

    Parameters(Map<String, List<String>> form, Map<String, List<String>> url) {
        this.form = form;
        this.url = url;
    }

    /// The first value; empty where there is none.
    String text(String name) {
        List<String> all = texts(name);
        return all.isEmpty() ? "" : all.getFirst();
    }

    List<String> texts(String name) {
        List<String> all = new ArrayList<>(form.getOrDefault(name, List.of()));
        all.addAll(url.getOrDefault(name, List.of()));
        return all;
    }

    boolean has(String name) {
        return !text(name).isEmpty();
    }

    /// A time that must be given.
    long timeMs(String name) throws ApiException {
        try {
            return Times.timeMs(text(name));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid(name, String.valueOf(e.getMessage()));
        }
    }

    /// A time that may be left out.
    long timeMs(String name, long otherwise) throws ApiException {
        if (!has(name)) {
            return otherwise;
        }
        try {
            return Times.timeMs(text(name));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid(
                    name, "Invalid time value for '" + name + "': " + e.getMessage());
        }
    }

    /// A duration that must be given, in nanoseconds.
    long durationNanos(String name) throws ApiException {
        try {
            return Times.durationNanos(text(name));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid(name, String.valueOf(e.getMessage()));
        }
    }

    /// The limit of an answer; 0 for none.
    int limit() throws ApiException {
        if (!has("limit")) {
            return 0;
        }
        long limit = wholeNumber("limit");
        if (limit < 0) {
            throw ApiException.invalid("limit", "limit must be non-negative");
        }
        return (int) Math.min(Integer.MAX_VALUE, limit);
    }

    private long wholeNumber(String name) throws ApiException {
        String text = text(name);
        if (!text.matches("[+-]?[0-9]+")) {
            throw ApiException.invalid(
                    name, "strconv.Atoi: parsing " + Times.quoted(text) + ": invalid syntax");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ApiException.invalid(
                    name, "strconv.Atoi: parsing " + Times.quoted(text) + ": value out of range");
        }
    }
}
