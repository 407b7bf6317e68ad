package dev.muster.query.api;

import dev.muster.model.series.Completeness;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a call has to say.
///
/// @param bare whether the content is the whole answer rather than the value of `data`
/// @param content writes the value of `data`, or the whole answer
/// @param warnings what is missing or wrong
/// @param infos what may not be meant
/// @param completeness how much of what should have answered did; empty where nobody was asked
/// @param plain the answer where it is no JSON; the others then say nothing
record Answer(
        boolean bare,
        Content content,
        List<String> warnings,
        List<String> infos,
        Optional<Completeness> completeness,
        @Nullable Plain plain) {
    /// Writes one JSON value.
    @FunctionalInterface
    interface Content {
        void write(JsonWriter json) throws IOException;
    }

    /// An answer that is no JSON.
    ///
    /// @param status of the HTTP answer
    /// @param headers by name, the type of the content among them
    /// @param body writes the content
    record Plain(int status, Map<String, String> headers, Body body) {
        Plain {
            headers = Map.copyOf(headers);
        }
    }

    /// Writes bytes.
    @FunctionalInterface
    interface Body {
        void write(OutputStream out) throws IOException;
    }

    Answer {
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }

    Answer(
            boolean bare,
            Content content,
            List<String> warnings,
            List<String> infos,
            Optional<Completeness> completeness) {
        this(bare, content, warnings, infos, completeness, null);
    }

    static Answer of(Content content) {
        return new Answer(false, content, List.of(), List.of(), Optional.empty());
    }

    static Answer of(Content content, List<String> warnings) {
        return new Answer(false, content, warnings, List.of(), Optional.empty());
    }

    static Answer bare(Content content) {
        return new Answer(true, content, List.of(), List.of(), Optional.empty());
    }

    Answer withCompleteness(Completeness known) {
        return new Answer(bare, content, warnings, infos, Optional.of(known), plain);
    }

    /// An answer of that type, which is no JSON.
    static Answer plain(String contentType, Body body) {
        return plain(200, Map.of("Content-Type", contentType), body);
    }

    static Answer plain(int status, Map<String, String> headers, Body body) {
        return new Answer(
                false,
                json -> {},
                List.of(),
                List.of(),
                Optional.empty(),
                new Plain(status, headers, body));
    }

    /// A line of text, as Prometheus answers errors outside its JSON API.
    static Answer text(int status, String text) {
        return plain(
                status,
                Map.of(
                        "Content-Type",
                        "text/plain; charset=utf-8",
                        "X-Content-Type-Options",
                        "nosniff"),
                out -> out.write((text + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /// Done, and there is nothing to say.
    static Answer nothing() {
        return plain(204, Map.of(), out -> {});
    }
}
