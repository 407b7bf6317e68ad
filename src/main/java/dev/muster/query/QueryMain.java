package dev.muster.query;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jspecify.annotations.Nullable;

/// Starts the query node. What an operator can mend ends the process with one line and a code.
@QuarkusMain
public final class QueryMain {
    private QueryMain() {}

    public static void main(String... args) {
        Quarkus.run(null, QueryMain::exit, args);
    }

    private static void exit(int code, @Nullable Throwable failure) {
        if (failure == null) {
            System.exit(code);
        } else {
            StartFailure found = StartFailure.of(failure);
            System.err.println("muster query: " + found.line());
            System.exit(found.exitCode());
        }
    }
}
