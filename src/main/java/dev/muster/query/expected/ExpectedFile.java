package dev.muster.query.expected;

import dev.muster.query.expected.Expected.Acknowledgement;
import dev.muster.query.expected.Expected.Presence;
import dev.muster.query.expected.Expected.Why;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Keeps what is expected over a restart, and who has said what of it. Confined to one thread at a
/// time.
final class ExpectedFile {
    /*
     * Drawn in docs/format/expected.md. A line for the version, then a line each: fields percent-encoded, tabs between
     * them. The file is written whole beside the old one and renamed over it. The audit is a file of its own that is only
     * ever appended to.
     */
    private static final System.Logger LOG = System.getLogger(ExpectedFile.class.getName());
    private static final String HEADER = "muster-expected 1";
    private static final int FIELDS = 12;
    private static final long SIZE_LIMIT_BYTES = 512L << 20;

    private final Path file;
    private final Path audit;

    ExpectedFile(Path file) {
        this.file = file;
        this.audit = file.resolveSibling(file.getFileName() + ".audit");
    }

    /// Hands over what was kept, line by line.
    void read(Consumer<Stream<Expected>> into) {
        if (!Files.exists(file)) {
            return;
        }
        try (var lines = Files.newBufferedReader(file)) {
            if (Files.size(file) > SIZE_LIMIT_BYTES) {
                throw new IOException("file must have at most bytes=" + SIZE_LIMIT_BYTES);
            }
            if (!HEADER.equals(lines.readLine())) {
                throw new IOException("first line must be " + HEADER);
            }
            into.accept(lines.lines().flatMap(line -> read(line).stream()));
        } catch (IOException | UncheckedIOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "what is expected could not be read file=" + file + ": " + e);
        }
    }

    private Optional<Expected> read(String line) {
        String[] f = line.split("\t", -1);
        try {
            if (f.length != FIELDS) {
                throw new IllegalArgumentException("fields must be " + FIELDS);
            }
            Optional<Acknowledgement> by =
                    f[9].isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    new Acknowledgement(
                                            decoded(f[9]), decoded(f[10]), Long.parseLong(f[11])));
            return Optional.of(
                    new Expected(
                            new ExpectedKey(decoded(f[0]), decoded(f[1]), decoded(f[2])),
                            decoded(f[3]),
                            Why.valueOf(f[4]),
                            Presence.valueOf(f[5]),
                            Long.parseLong(f[6]),
                            Long.parseLong(f[7]),
                            decoded(f[8]),
                            by));
        } catch (IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "line of what is expected left out file=" + file + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    void write(Stream<Expected> all) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        try (var out = Files.newBufferedWriter(draft)) {
            out.write(HEADER);
            out.write('\n');
            for (Expected one : (Iterable<Expected>) all::iterator) {
                out.write(line(one));
                out.write('\n');
            }
        }
        Files.move(
                draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String line(Expected one) {
        Optional<Acknowledgement> by = one.acknowledged();
        return String.join(
                "\t",
                encoded(one.key().host()),
                encoded(one.key().job()),
                encoded(one.key().instance()),
                encoded(one.cell()),
                one.why().name(),
                one.presence().name(),
                Long.toString(one.sinceMs()),
                Long.toString(one.lastSeenMs()),
                encoded(one.cause()),
                by.map(a -> encoded(a.author())).orElse(""),
                by.map(a -> encoded(a.note())).orElse(""),
                by.map(a -> Long.toString(a.atMs())).orElse(""));
    }

    /// Appends a line of who did what: the time, the action, the thing, the author and his note.
    void audit(String action, ExpectedKey key, Acknowledgement by) throws IOException {
        Path directory = audit.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        String line =
                String.join(
                                "\t",
                                Long.toString(by.atMs()),
                                action,
                                encoded(key.host()),
                                encoded(key.job()),
                                encoded(key.instance()),
                                encoded(by.author()),
                                encoded(by.note()))
                        + "\n";
        Files.writeString(audit, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
