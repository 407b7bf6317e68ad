package dev.muster.agent.fleet;

import dev.muster.federation.assign.Home;
import dev.muster.federation.directory.Aged;
import dev.muster.federation.directory.DirectoryCodec;
import dev.muster.federation.directory.DirectoryFrame;
import dev.muster.federation.directory.DirectoryTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// What an agent keeps of the fleet over a restart: the cell it is of, and the directory.
final class FleetFiles {
    private static final Logger LOG = System.getLogger(FleetFiles.class.getName());

    private final Path homeFile;
    private final Path directoryFile;
    private final DirectoryCodec codec = new DirectoryCodec();

    FleetFiles(Path directory) {
        homeFile = directory.resolve("home");
        directoryFile = directory.resolve("directory");
    }

    /// The cell of the last run; empty if there was none, or what is there cannot be read.
    Optional<Home> home() {
        try {
            String[] words = Files.readString(homeFile).strip().split(" ", 2);
            return Optional.of(new Home(words[0], Long.parseLong(words[1])));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            LOG.log(Level.WARNING, () -> "last cell cannot be read: file=" + homeFile, e);
            return Optional.empty();
        }
    }

    void write(Home home) throws IOException {
        write(homeFile, (home.cell() + " " + home.epoch() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// Puts what the last run knew into the table.
    void load(DirectoryTable table, long nowMs) {
        try {
            if (codec.decode(Files.readAllBytes(directoryFile))
                    instanceof DirectoryFrame.Push(long _, List<Aged> items)) {
                items.forEach(aged -> table.offer(aged, nowMs));
                table.coolAll();
            }
        } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "no directory yet");
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "directory cannot be read: file=" + directoryFile, e);
        }
    }

    void write(List<Aged> items) throws IOException {
        List<Aged> kept = items.stream().limit(DirectoryFrame.ITEM_LIMIT).toList();
        write(directoryFile, codec.encode(new DirectoryFrame.Push(0, kept)));
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
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
