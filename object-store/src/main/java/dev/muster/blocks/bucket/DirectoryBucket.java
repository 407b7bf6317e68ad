package dev.muster.blocks.bucket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Objects as files of a directory; the key is the path.
final class DirectoryBucket implements Bucket {
    /*
     * A file becomes visible by a hard link from a finished, synced temporary file: linking fails if the name is
     * taken, and is all or nothing. What a crash leaves behind lies in TEMPORARY and is removed at the next start
     * after a day.
     */
    private static final System.Logger LOG = System.getLogger(DirectoryBucket.class.getName());
    private static final String TEMPORARY = ".tmp";
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path root;
    private final Path temporary;

    private DirectoryBucket(Path root) {
        this.root = root;
        this.temporary = root.resolve(TEMPORARY);
    }

    static DirectoryBucket open(Path directory) throws BucketException {
        DirectoryBucket bucket = new DirectoryBucket(directory.toAbsolutePath().normalize());
        try {
            Files.createDirectories(bucket.temporary);
            bucket.sweep();
            bucket.probe();
        } catch (IOException | UnsupportedOperationException e) {
            throw new BucketException(
                    BucketException.Kind.REFUSED,
                    bucket.describe()
                            + " open: directory must be writable and allow hard links: found="
                            + e,
                    e);
        }
        return bucket;
    }

    /// Writes and links a file, so that what will not work fails at the start.
    private void probe() throws IOException {
        Path file = newTemporary();
        Path link = newTemporary();
        try {
            Files.write(file, new byte[] {1});
            Files.createLink(link, file);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(link);
        }
    }

    private void sweep() throws IOException {
        Instant limit = Instant.now().minus(ABANDONED);
        try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "bucket sweep met another: " + e.getMessage());
        }
    }

    private Path newTemporary() {
        return temporary.resolve(UUID.randomUUID().toString());
    }

    @Override
    public PutResult putIfAbsent(String key, Path file) throws IOException {
        return put(key, temp -> Files.copy(file, temp));
    }

    @Override
    public PutResult putIfAbsent(String key, byte[] content) throws IOException {
        return put(key, temp -> Files.write(temp, content, StandardOpenOption.CREATE_NEW));
    }

    @FunctionalInterface
    private interface Filler {
        void fill(Path file) throws IOException;
    }

    private PutResult put(String key, Filler filler) throws BucketException {
        Path target = path(key);
        Path temp = newTemporary();
        try {
            if (Files.exists(target)) {
                return PutResult.EXISTS;
            }
            filler.fill(temp);
            sync(temp, StandardOpenOption.WRITE);
            createDirectories(parent(target));
            Files.createLink(target, temp);
            sync(parent(target), StandardOpenOption.READ);
            return PutResult.CREATED;
        } catch (FileAlreadyExistsException e) {
            return existing("put", key, target, e);
        } catch (IOException e) {
            throw failed("put", key, e);
        } finally {
            removeQuietly(temp);
        }
    }

    private PutResult existing(
            String operation, String key, Path target, FileAlreadyExistsException e)
            throws BucketException {
        if (Files.isRegularFile(target)) {
            return PutResult.EXISTS;
        }
        throw failed(operation, key, e);
    }

    /// Creates directories and makes each of them durable in the one above.
    private void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path above = parent(directory);
        if (!directory.equals(root)) {
            createDirectories(above);
        }
        Files.createDirectories(directory);
        sync(above, StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    @Override
    public byte[] range(String key, long offset, int length) throws BucketException {
        Keys.checkRange(key, offset, length);
        try (FileChannel channel = FileChannel.open(path(key), StandardOpenOption.READ)) {
            long size = channel.size();
            if (offset + length > size) {
                throw Keys.endsBefore(describe(), key, offset, length, size);
            }
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw Keys.endsBefore(describe(), key, offset, length, channel.size());
                }
            }
            return buffer.array();
        } catch (BucketException e) {
            throw e;
        } catch (IOException e) {
            throw failed("range", key, e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws BucketException {
        Path path = path(key);
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(info(key, attributes))
                    : Optional.empty();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("stat", key, e);
        }
    }

    private static ObjectInfo info(String key, BasicFileAttributes attributes) {
        Instant modified = attributes.lastModifiedTime().toInstant();
        String etag =
                Long.toHexString(attributes.size())
                        + '-'
                        + Long.toHexString(modified.getEpochSecond())
                        + '-'
                        + Integer.toHexString(modified.getNano());
        return new ObjectInfo(key, attributes.size(), etag, modified);
    }

    @Override
    public List<ObjectInfo> list(String prefix) throws BucketException {
        Keys.checkPrefix(prefix);
        Path start = root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        List<ObjectInfo> found = new ArrayList<>();
        try {
            Files.walkFileTree(start, new Lister(prefix, found));
        } catch (IOException e) {
            throw failed("list", prefix, e);
        }
        found.sort(Comparator.comparing(ObjectInfo::key));
        return found;
    }

    /// Files that vanish while the tree is walked are left out.
    private final class Lister extends SimpleFileVisitor<Path> {
        private final String prefix;
        private final List<ObjectInfo> found;

        Lister(String prefix, List<ObjectInfo> found) {
            this.prefix = prefix;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            String key = key(directory) + "/";
            boolean may = key.startsWith(prefix) || prefix.startsWith(key) || key.equals("/");
            return may && !directory.equals(temporary)
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String key = key(file);
            if (attributes.isRegularFile() && key.startsWith(prefix)) {
                found.add(info(key, attributes));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        private String key(Path path) {
            return root.relativize(path).toString();
        }
    }

    @Override
    public void delete(String key) throws BucketException {
        Path path = path(key);
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failed("delete", key, e);
        }
    }

    @Override
    public String describe() {
        return "file://" + root;
    }

    @Override
    public void close() {}

    private Path path(String key) {
        Keys.check(key);
        if (key.startsWith(TEMPORARY + "/")) {
            throw new IllegalArgumentException(
                    "bucket key: must not lie in " + TEMPORARY + ": found=" + key);
        }
        return root.resolve(key);
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    private void removeQuietly(Path temp) {
        try {
            Files.deleteIfExists(temp);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "temporary file could not be removed file=" + temp,
                    e);
        }
    }

    private BucketException failed(String operation, String key, IOException e) {
        BucketException.Kind kind =
                switch (e) {
                    case NoSuchFileException missing -> BucketException.Kind.NOT_FOUND;
                    case NotDirectoryException missing -> BucketException.Kind.NOT_FOUND;
                    case AccessDeniedException denied -> BucketException.Kind.REFUSED;
                    default -> BucketException.Kind.UNAVAILABLE;
                };
        return new BucketException(
                kind,
                "%s %s key=%s: file system must do it: found=%s"
                        .formatted(describe(), operation, key, e),
                e);
    }
}
