package dev.muster.query.api;

import dev.muster.model.series.Completeness;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// What a call has to say.
///
/// @param bare whether the content is the whole answer rather than the value of `data`
/// @param content writes the value of `data`, or the whole answer
/// @param warnings what is missing or wrong
/// @param infos what may not be meant
/// @param completeness how much of what should have answered did; empty where nobody was asked
record Answer(
        boolean bare,
        Content content,
        List<String> warnings,
        List<String> infos,
        Optional<Completeness> completeness) {
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
        return new Answer(false, content, List.of(), List.of(), Optional.empty());
    }

    static Answer of(Content content, List<String> warnings) {
        return new Answer(false, content, warnings, List.of(), Optional.empty());
    }

    static Answer bare(Content content) {
        return new Answer(true, content, List.of(), List.of(), Optional.empty());
    }

    Answer withCompleteness(Completeness known) {
        return new Answer(bare, content, warnings, infos, Optional.of(known));
    }
}
