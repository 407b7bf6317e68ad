package dev.muster.federation.events;

import dev.muster.federation.member.Transition;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// The event log of one node: JSON lines, drawn in `docs/format/event-log.md`, each with one write,
/// so that a killed node loses none. Thread-safe.
///
/// It is for checks: a line that cannot be written is counted and passed over.
public final class EventLog implements AutoCloseable {
    private static final Logger LOG = System.getLogger(EventLog.class.getName());

    private final String node;
    private final InstantSource clock;
    private final FileChannel file;
    private final AtomicLong failures = new AtomicLong();

    private EventLog(String node, InstantSource clock, FileChannel file) {
        this.node = node;
        this.clock = clock;
        this.file = file;
    }

    /// Opens a log, which goes on where it ended, and says that the node has begun.
    ///
    /// @param node `cell/host` for an agent, `query:name` for a query node
    public static EventLog open(Path path, String node, InstantSource clock) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        FileChannel file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND);
        var log = new EventLog(node, clock, file);
        log.line("began", "");
        return log;
    }

    /// The node still logs.
    public void alive() {
        line("alive", "");
    }

    /// What the whole state of the node hashes to.
    public void digest(String digest) {
        line("digest", ",\"digest\":" + text(digest));
    }

    /// A target has changed.
    public void change(Transition t) {
        write(
                "{\"event\":\"change\",\"node\":"
                        + text(node)
                        + target(t)
                        + ",\"atMs\":"
                        + t.atMs()
                        + ",\"decidedMs\":"
                        + t.decidedMs()
                        + ",\"from\":"
                        + text(t.from())
                        + ",\"to\":"
                        + text(t.to())
                        + ",\"cause\":"
                        + text(t.cause().name().toLowerCase(Locale.ROOT))
                        + ",\"provenance\":"
                        + text(t.provenance().label())
                        + ",\"witnesses\":"
                        + texts(t.witnesses())
                        + ",\"version\":"
                        + t.version()
                        + "}\n");
    }

    private static String target(Transition t) {
        return ",\"cell\":"
                + text(t.cell())
                + ",\"host\":"
                + text(t.host())
                + ",\"job\":"
                + text(t.job())
                + ",\"instance\":"
                + text(t.instance());
    }

    /// Lines that could not be written.
    public long failures() {
        return failures.get();
    }

    private void line(String event, String more) {
        write(
                "{\"event\":\""
                        + event
                        + "\",\"node\":"
                        + text(node)
                        + ",\"atMs\":"
                        + clock.millis()
                        + more
                        + "}\n");
    }

    private void write(String line) {
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            if (failures.getAndIncrement() == 0) {
                LOG.log(Level.WARNING, "event log cannot be written, and is incomplete", e);
            }
        }
    }

    private static String texts(List<String> texts) {
        return texts.stream().map(EventLog::text).collect(Collectors.joining(",", "[", "]"));
    }

    private static String text(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "event log not closed", e);
        }
    }
}
