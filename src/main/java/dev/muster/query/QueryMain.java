package dev.muster.query;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jspecify.annotations.Nullable;

/// Starts the query node. What an operator can mend ends the process with one line and a code.
@QuarkusMain
public final class QueryMain {
    private QueryMain() {}

    /*
     * People type up{job="x"} into the address of a request as it is, and Prometheus takes it. A URI has no such characters
     * (RFC 3986), so Quarkus refuses it with 400 unless it is told not to look.
     */
    private static final String TAKES_ANY_TARGET = "vertx.disableURIValidation";

    public static void main(String... args) {
        System.setProperty(TAKES_ANY_TARGET, "true");
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
