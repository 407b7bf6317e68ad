package dev.muster.federation.hazelcast;

import dev.muster.federation.detect.Frame;
import dev.muster.federation.detect.FrameCodec;
import dev.muster.federation.detect.RosterEntry;
import dev.muster.federation.member.FrameException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// What an agent keeps of its cell over a restart: the number of its run, and the roster.
final class RunFiles {
    private static final Logger LOG = System.getLogger(RunFiles.class.getName());

    private final Path incarnationFile;
    private final Path rosterFile;
    private final Path addressFile;
    private final FrameCodec codec;

    RunFiles(Path directory, FrameCodec codec) throws IOException {
        Files.createDirectories(directory);
        this.incarnationFile = directory.resolve("cell-incarnation");
        this.rosterFile = directory.resolve("cell-roster");
        this.addressFile = directory.resolve("cell-addresses");
        this.codec = codec;
    }

    /// The number of the run that begins now: greater than any before, also when the directory was
    /// lost, as long as the clock was not set back by more than the time since.
    long nextIncarnation(long nowUnixMs) throws IOException {
        long incarnation = Math.max(lastIncarnation() + 1, nowUnixMs / 1000);
        writeIncarnation(incarnation);
        return incarnation;
    }

    private long lastIncarnation() throws IOException {
        try {
            return Long.parseLong(Files.readString(incarnationFile).strip());
        } catch (NoSuchFileException e) {
            return 0;
        } catch (NumberFormatException e) {
            LOG.log(
                    Level.WARNING,
                    () ->
                            "cell incarnation must be a number, taken from the clock: file="
                                    + incarnationFile);
            return 0;
        }
    }

    void writeIncarnation(long incarnation) throws IOException {
        write(incarnationFile, (incarnation + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /// The roster of the last run; empty if there is none, or none that can be read.
    List<RosterEntry> roster() throws IOException {
        try {
            if (codec.decode(Files.readAllBytes(rosterFile))
                    instanceof Frame.RosterFrame(var entries)) {
                return entries;
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (FrameException e) {
            LOG.log(
                    Level.WARNING,
                    () -> "cell roster cannot be read, begun anew: file=" + rosterFile,
                    e);
        }
        return List.of();
    }

    void writeRoster(List<RosterEntry> entries) throws IOException {
        write(rosterFile, codec.encode(new Frame.RosterFrame(entries)));
    }

    /// Where the members of the bus were last, as `address:port`; empty if that is not known.
    List<String> addresses() throws IOException {
        try {
            return Files.readString(addressFile, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .limit(AddressBook.LIMIT)
                    .toList();
        } catch (NoSuchFileException | MalformedInputException e) {
            return List.of();
        }
    }

    void writeAddresses(List<String> addresses) throws IOException {
        write(addressFile, String.join("\n", addresses).getBytes(StandardCharsets.UTF_8));
    }

    /// Replaces the file as a whole, on the disk before it returns.
    static void write(Path file, byte[] bytes) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        try (var channel =
                FileChannel.open(
                        draft,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer out = ByteBuffer.wrap(bytes);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            channel.force(true);
        }
        Files.move(
                draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
