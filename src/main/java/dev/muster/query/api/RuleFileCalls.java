package dev.muster.query.api;

import dev.muster.query.rules.RuleFileException;
import dev.muster.query.rules.live.LiveRules;
import dev.muster.query.rules.live.RuleDirectory;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Rule files over the API: `rules/files` and `rules/files/NAME`. They are changed only where
/// `muster.rules.dir` is set and calls of administrators are allowed.
final class RuleFileCalls {
    private static final String YAML = "application/yaml; charset=utf-8";

    private final LiveRules live;
    private final Consumer<String> changed;
    private final boolean admin;
    private final Dispatcher dispatcher;
    private final BackTestCalls tests;
    private final Optional<RuleDirectory> directory;

    RuleFileCalls(RuleParts rules, boolean admin, Dispatcher dispatcher, BackTestCalls tests) {
        live = rules.live();
        changed = rules.changed();
        this.tests = tests;
        this.admin = admin;
        this.dispatcher = dispatcher;
        directory = rules.files();
    }

    /// All rule files, and what is wrong in them.
    Answer files(Call call) throws IOException {
        List<String> own = directory.isPresent() ? directory.get().names() : List.of();
        return Answer.of(json -> {
            json.beginObject().name("files").beginArray();
            for (var file : live.book().files().entrySet()) {
                json.beginObject().name("file").value(file.getKey());
                json.name("groups").value(file.getValue().size()).endObject();
            }
            json.endArray().name("names").strings(own);
            json.name("errors").strings(live.book().errors()).endObject();
        });
    }

    /// The text of a file that came over the API.
    Answer text(Call call) throws ApiException, IOException {
        String text =
                directory(call.path()).text(call.path()).orElseThrow(() -> notFound(call.path()));
        return Answer.plain(YAML, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Checks and writes a file, and reads all rules again; with `backtest` says what its rules
    /// would have done instead.
    void put(RoutingContext context) {
        var body = context.body().buffer();
        String text = body == null ? "" : body.toString(StandardCharsets.UTF_8);
        if (context.queryParams().contains("backtest")) {
            dispatcher.handle(context, "rules_backtest", true, call -> tests.answer(call, text));
            return;
        }
        dispatcher.handle(context, "rules_put", false, call -> put(call, text));
    }

    private Answer put(Call call, String text) throws ApiException, IOException {
        requireAdmin();
        RuleDirectory files = directory(call.path());
        try {
            boolean isNew = files.put(call.path(), text, System.currentTimeMillis());
            live.reload();
            changed.accept(call.path());
            return Answer.plain(isNew ? 201 : 204, Map.of(), out -> {});
        } catch (RuleFileException e) {
            throw ApiException.badData(String.join("\n", e.errors()));
        }
    }

    void delete(RoutingContext context) {
        dispatcher.handle(context, "rules_delete", false, this::delete);
    }

    private Answer delete(Call call) throws ApiException, IOException {
        requireAdmin();
        if (!directory(call.path()).delete(call.path(), System.currentTimeMillis())) {
            throw notFound(call.path());
        }
        live.reload();
        changed.accept(call.path());
        return Answer.nothing();
    }

    private void requireAdmin() throws ApiException {
        if (!admin) {
            throw new ApiException(ErrorType.UNAVAILABLE, "admin APIs disabled");
        }
    }

    private RuleDirectory directory(String name) throws ApiException {
        if (!RuleDirectory.isName(name)) {
            throw ApiException.badData(
                    "name must have letters, digits, '_', '-' and '.' only, and at most 100: found="
                            + name);
        }
        return directory.orElseThrow(
                () -> new ApiException(ErrorType.UNAVAILABLE, "muster.rules.dir is not set"));
    }

    private static ApiException notFound(String name) {
        return new ApiException(ErrorType.NOT_FOUND, "no rule file of that name: found=" + name);
    }
}
