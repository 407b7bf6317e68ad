package dev.muster.query.api;

import java.io.IOException;
import java.util.List;

/// What a call has to say.
///
/// @param bare whether the content is the whole answer rather than the value of `data`
/// @param content writes the value of `data`, or the whole answer
/// @param warnings what is missing or wrong
/// @param infos what may not be meant
record Answer(boolean bare, Content content, List<String> warnings, List<String> infos) {
    /// Writes one JSON value.
    @FunctionalInterface
    interface Content {
        void write(JsonWriter json) throws IOException;
    }

    Answer {
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }

    static Answer of(Content content) {
        return new Answer(false, content, List.of(), List.of());
    }

    static Answer of(Content content, List<String> warnings) {
        return new Answer(false, content, warnings, List.of());
    }

    static Answer bare(Content content) {
        return new Answer(true, content, List.of(), List.of());
    }
}
