package dev.muster.query.alertmanager.check;

import dev.muster.query.alertmanager.config.AlertmanagerConfig;
import dev.muster.query.alertmanager.config.AlertmanagerFile;
import dev.muster.query.receivers.ReceiverParser;
import dev.muster.query.receivers.Receivers;
import dev.muster.yaml.YamlException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// The program behind `./muster check alertmanager`: reads configuration files of the alert manager
/// and says what is wrong in them, as `amtool check-config` does.
public final class CheckMain {
    private static final String USAGE =
            """
            usage: ./muster check alertmanager FILE...

            Reads configuration files of Alertmanager, their receivers and templates.
            Exit code: 0 if all is well, 1 if not.
            """;

    private CheckMain() {}

    /// @param arguments files
    public static void main(String... arguments) {
        List<String> files = List.of(arguments);
        try (PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8)) {
            int code;
            if (files.isEmpty() || files.contains("--help") || files.contains("-h")) {
                out.print(USAGE);
                code = files.isEmpty() ? 1 : 0;
            } else {
                code =
                        run(
                                out,
                                files,
                                new Receivers(
                                        Vertx.vertx(),
                                        new SimpleMeterRegistry(),
                                        Clock.systemUTC()));
            }
            out.flush();
            System.exit(code);
        }
    }

    /// Reads files and answers the exit code.
    static int run(PrintStream out, List<String> files, ReceiverParser parser) {
        int failed = 0;
        for (String file : files) {
            out.print("Checking '" + file + "'");
            try {
                AlertmanagerConfig config = AlertmanagerFile.read(Path.of(file), parser);
                out.println("  SUCCESS");
                out.println("Found:");
                out.println(" - route");
                out.println(" - " + config.inhibitRules().size() + " inhibit rules");
                out.println(" - " + config.receivers().names().size() + " receivers");
                out.println(" - " + config.templates().size() + " templates");
                config.receivers().close();
            } catch (YamlException e) {
                failed++;
                out.println("  FAILED: " + e.asCompiler());
            } catch (IOException e) {
                failed++;
                out.println("  FAILED: " + e);
            }
            out.println();
        }
        if (failed > 0) {
            out.println("failed to validate " + failed + " file(s)");
        }
        return failed > 0 ? 1 : 0;
    }
}
