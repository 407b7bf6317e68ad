package dev.muster.query.rules.backtest;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The program behind `./muster backtest rules`: asks a query node what rules would have done.
public final class BackTestMain {
    private static final int FAILED = 1;
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private static final String USAGE =
            """
            usage: ./muster backtest rules [--days=30] [--url=http://127.0.0.1:9650] FILE...

            Asks a query node how often the alerting rules of the files would have fired in the
            past days. Exit code: 0 if it has said so, 1 if not.
            """;

    private BackTestMain() {}

    /// @param arguments as typed after `./muster`
    public static void main(String... arguments) {
        try (PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
                PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8)) {
            System.exit(run(out, err, List.of(arguments)));
        }
    }

    /// Runs the command and answers its exit code.
    static int run(PrintStream out, PrintStream err, List<String> arguments) {
        String url = "http://127.0.0.1:9650";
        String days = "30";
        List<String> files = new ArrayList<>();
        for (String word : arguments.subList(Math.min(2, arguments.size()), arguments.size())) {
            if (word.equals("--help") || word.equals("-h")) {
                out.print(USAGE);
                return 0;
            } else if (word.startsWith("--url=")) {
                url = word.substring("--url=".length());
            } else if (word.startsWith("--days=")) {
                days = word.substring("--days=".length());
            } else if (word.startsWith("-")) {
                err.println("muster: error: unknown long flag '" + word + "', try --help");
                return FAILED;
            } else {
                files.add(word);
            }
        }
        if (files.isEmpty()) {
            err.println("muster: error: required argument 'FILE' not provided, try --help");
            return FAILED;
        }
        return ask(out, err, url, days, files);
    }

    private static int ask(
            PrintStream out, PrintStream err, String url, String days, List<String> files) {
        int code = 0;
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String file : files) {
                URI path =
                        URI.create(url.replaceFirst("/$", "") + "/")
                                .resolve("api/v1/rules/backtest?format=text&days=" + days);
                HttpRequest request =
                        HttpRequest.newBuilder(path)
                                .timeout(TIMEOUT)
                                .header("Content-Type", "application/yaml")
                                .POST(HttpRequest.BodyPublishers.ofFile(Path.of(file)))
                                .build();
                HttpResponse<String> answer =
                        client.send(request, HttpResponse.BodyHandlers.ofString());
                (answer.statusCode() == 200 ? out : err).print(answer.body());
                code = answer.statusCode() == 200 ? code : FAILED;
            }
        } catch (IOException | IllegalArgumentException e) {
            err.println("muster: error: " + e);
            return FAILED;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
        return code;
    }
}
