package dev.muster.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an installed `amtool` says when the same is done with it to two alert managers.
final class AmtoolRuns {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?( UTC|Z)?");

    private final Path work;
    private final String url;
    private final List<String> said = new ArrayList<>();

    /// @param work directory for files
    /// @param url of the alert manager
    private AmtoolRuns(Path work, String url) {
        this.work = work;
        this.url = url;
    }

    /// Exit code and words of each command, without what must differ.
    static List<String> of(Path work, String url) throws IOException, InterruptedException {
        AmtoolRuns runs = new AmtoolRuns(work, url);
        runs.play();
        return List.copyOf(runs.said);
    }

    private void play() throws IOException, InterruptedException {
        run("alert", "add", "alertname=Tool", "node=n1", "--annotation=summary=by tool");
        run("alert", "add", "Bare", "node=n2");
        run("alert", "query", "alertname=~Tool|Bare");
        run("alert", "query", "-o", "extended", "alertname=Tool");
        run("alert", "query", "-o", "json", "Bare");
        run("alert", "query", "alertname=");
        run("alert", "query", "[");
        String id =
                run("silence", "add", "-a", "jo", "-d", "2h", "-c", "ack: me", "alertname=Tool");
        run("silence", "add", "-a", "jo", "-c", "why", "alertname=~B.+", "node!=x", "x!~y+");
        run("silence", "add", "-a", "jo", "alertname=NoComment");
        run("silence", "add", "-a", "jo", "-c", "empty");
        run("silence", "add", "-a", "jo", "-c", "all", "a=~.*");
        run("silence", "query");
        run("silence", "query", "-q", "alertname=Tool");
        run("silence", "query", "-o", "extended", "alertname=Tool");
        run("silence", "query", "--created-by=jo", "--within=3h");
        run("silence", "query", "--created-by=nobody");
        run("alert", "query", "--silenced", "alertname=Tool");
        String updated = run("silence", "update", "-d", "3h", "-c", "longer", "-q", id);
        run("silence", "update", "-d", "1h", "00000000-0000-0000-0000-000000000000");
        run("silence", "query", "-o", "extended", "alertname=Tool");
        Path exported = work.resolve("silences.json");
        Files.writeString(
                exported,
                "[{\"matchers\":[{\"name\":\"imported\",\"value\":\"y.s\",\"isRegex\":true,"
                        + "\"isEqual\":true}],\"startsAt\":\"2020-01-01T00:00:00Z\","
                        + "\"endsAt\":\"2999-01-01T00:00:00Z\",\"createdBy\":\"jo\","
                        + "\"comment\":\"moved\"}]");
        run("silence", "import", exported.toString());
        run("silence", "query", "imported=~y.s");
        run("silence", "expire", updated.isEmpty() ? id : updated);
        run("silence", "expire", "nonsense");
        run("silence", "query", "--expired", "alertname=Tool");
        run("config", "routes", "show");
        run("config", "routes", "test", "team=both", "area=north");
        run("config", "routes", "test", "--verify.receivers=quiet", "team=quiet");
        run("config", "routes", "test", "--verify.receivers=all", "team=quiet");
    }

    /// @return the id that stands in its words, if one does
    private String run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("amtool", "--alertmanager.url=" + url));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TZ", "UTC");
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("amtool must end: " + String.join(" ", words));
        }
        Matcher id = UUID.matcher(text);
        String found = id.find() ? id.group() : "";
        String shown = String.join(" ", words);
        said.add(plain(shown) + ": " + process.exitValue() + " " + plain(text));
        return found;
    }

    private String plain(String text) {
        String plain = UUID.matcher(text).replaceAll("ID");
        plain = TIME.matcher(plain).replaceAll("TIME");
        return plain.replaceAll(
                        "(?m)^Warning: amtool version .*\\n?", "")
                .replace(work.toString(), "DIR")
                // amtool 0.25 prints an address of its memory in place of an id
                .replaceAll("0x[0-9a-f]{6,}", "ADDRESS")
                .replaceAll("[ \\t]+", " ")
                .strip();
    }
}
