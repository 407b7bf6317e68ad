package dev.muster.agent.scrape;

import dev.muster.agent.scrape.discovery.Target;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/// Writes failed scrapes to the files that jobs name, a line of JSON for each, as Prometheus'
/// `scrape_failure_log_file` does. A file is opened for each line, so that it may be moved away at
/// any time; one that has grown too large is moved to the same name with `.1`. Thread-safe.
final class FailureLog {
    static final long FILE_BYTES_LIMIT = 64 << 20;
    private static final Logger LOG = System.getLogger(FailureLog.class.getName());

    private final Set<Path> failing = new HashSet<>();

    synchronized void write(Path file, long tickMs, Target target, String reason) {
        String line =
                "{\"time\":\""
                        + Instant.ofEpochMilli(tickMs)
                        + "\",\"level\":\"ERROR\",\"msg\":\""
                        + escaped(reason)
                        + "\",\"job_name\":\""
                        + escaped(target.job().name())
                        + "\",\"target\":\""
                        + escaped(target.endpoint().url())
                        + "\"}\n";
        try {
            if (Files.exists(file) && Files.size(file) + line.length() > FILE_BYTES_LIMIT) {
                Files.move(
                        file,
                        file.resolveSibling(file.getFileName() + ".1"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(
                    file,
                    line,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            failing.remove(file);
        } catch (IOException e) {
            if (failing.add(file)) {
                LOG.log(
                        Level.WARNING,
                        () -> "scrape failure log cannot be written file=" + file,
                        e);
            }
        }
    }

    private static String escaped(String text) {
        StringBuilder json = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) {
                        json.append("\\u").append(String.format("%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.toString();
    }
}
