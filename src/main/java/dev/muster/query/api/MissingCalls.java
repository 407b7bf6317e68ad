package dev.muster.query.api;

import dev.muster.query.expected.Expected;
import dev.muster.query.expected.ExpectedKeeper;
import dev.muster.query.expected.ExpectedKey;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// Who should be there and is not: `missing`, and what people say of it.
final class MissingCalls {
    private static final int NOTE_LIMIT = 1_000;

    private final ExpectedKeeper keeper;

    MissingCalls(ExpectedKeeper keeper) {
        this.keeper = keeper;
    }

    /// All that is missing; with `state`, `cell`, `host` only such, with `state=left` what has
    /// left, with `acknowledged=false` only what nobody knows of.
    Answer missing(Call call) throws ApiException {
        Parameters parameters = call.parameters();
        String state = parameters.text("state").toLowerCase(Locale.ROOT);
        String cell = parameters.text("cell");
        String host = parameters.text("host");
        String acknowledged = parameters.text("acknowledged");
        int limit = parameters.limit();
        List<Expected> found =
                keeper.book().absences().stream()
                        .filter(one -> state.isEmpty() ? one.isMissing() : state.equals(name(one)))
                        .filter(one -> cell.isEmpty() || one.cell().equals(cell))
                        .filter(one -> host.isEmpty() || one.key().host().equals(host))
                        .filter(one ->
                                acknowledged.isEmpty()
                                        || acknowledged.equals(
                                                Boolean.toString(one.acknowledged().isPresent())))
                        .toList();
        return Answer.of(json -> {
            json.beginObject();
            json.name("expectedHosts").value(keeper.book().hosts());
            json.name("expectedServices").value(keeper.book().services());
            json.name("count").value(found.size());
            json.name("missing").beginArray();
            for (Expected one :
                    found.stream().limit(limit == 0 ? Long.MAX_VALUE : limit).toList()) {
                write(one, json);
            }
            json.endArray().endObject();
        });
    }

    private static String name(Expected one) {
        return one.presence().name().toLowerCase(Locale.ROOT);
    }

    private static void write(Expected one, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("kind").value(one.key().isHost() ? "host" : "service");
        json.name("cell").value(one.cell());
        json.name("host").value(one.key().host());
        json.name("job").value(one.key().job());
        json.name("instance").value(one.key().instance());
        json.name("state").value(name(one));
        json.name("cause").value(one.cause());
        json.name("expected").value(one.why().name().toLowerCase(Locale.ROOT));
        json.name("sinceMs").value(one.sinceMs());
        json.name("lastSeenMs").value(one.lastSeenMs());
        if (one.acknowledged().isPresent()) {
            Expected.Acknowledgement by = one.acknowledged().get();
            json.name("acknowledged").beginObject();
            json.name("author").value(by.author());
            json.name("note").value(by.note());
            json.name("atMs").value(by.atMs());
            json.endObject();
        }
        json.endObject();
    }

    /// Somebody knows of an absence.
    Answer acknowledge(Call call) throws ApiException, IOException {
        ExpectedKey key = key(call.parameters());
        return done(
                keeper.acknowledge(key, author(call.parameters()), note(call.parameters())),
                "nothing of that name is missing");
    }

    /// Something is expected no more.
    Answer forget(Call call) throws ApiException, IOException {
        ExpectedKey key = key(call.parameters());
        return done(
                keeper.forget(key, author(call.parameters()), note(call.parameters())),
                "nothing of that name is expected, or a list names it");
    }

    private static Answer done(boolean done, String otherwise) throws ApiException {
        if (!done) {
            throw new ApiException(ErrorType.NOT_FOUND, otherwise);
        }
        return Answer.nothing();
    }

    private static ExpectedKey key(Parameters parameters) throws ApiException {
        try {
            return new ExpectedKey(
                    parameters.text("host"), parameters.text("job"), parameters.text("instance"));
        } catch (IllegalArgumentException e) {
            throw ApiException.badData(String.valueOf(e.getMessage()));
        }
    }

    private static String author(Parameters parameters) throws ApiException {
        String author = parameters.text("author");
        if (author.isBlank() || author.length() > NOTE_LIMIT) {
            throw ApiException.badData("author must be given");
        }
        return author;
    }

    private static String note(Parameters parameters) throws ApiException {
        String note = parameters.text("note");
        if (note.length() > NOTE_LIMIT) {
            throw ApiException.badData(
                    "note must be at most " + NOTE_LIMIT + " characters: found=" + note.length());
        }
        return note;
    }
}
