package dev.muster.federation.hazelcast;

import dev.muster.federation.member.FrameException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/// The newest manifest of each agent of the cell, on disk: they are read only when an agent is
/// lost, and must be there also when nobody can be asked any more. Thread-safe.
final class ManifestStore {
    private static final Logger LOG = System.getLogger(ManifestStore.class.getName());

    /// Most manifests kept; a cell has at most 64 agents.
    private static final int LIMIT = 256;

    private static final String SUFFIX = ".manifest";

    private final String cell;
    private final Path directory;
    private final ConcurrentMap<String, Integer> hashes = new ConcurrentHashMap<>();
    private final AtomicLong refused = new AtomicLong();

    ManifestStore(String cell, Path directory) throws IOException {
        this.cell = cell;
        this.directory = directory;
        Files.createDirectories(directory);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                read(file).ifPresent(manifest -> hashes.put(manifest.host(), manifest.hash()));
            }
        }
    }

    /// Names the manifest held of that host; 0 if there is none.
    int hash(String host) {
        return hashes.getOrDefault(host, 0);
    }

    /// Manifests that were no such thing, or one too many.
    long refused() {
        return refused.get();
    }

    /// How many are held.
    int size() {
        return hashes.size();
    }

    Optional<Manifest> find(String host) {
        return hashes.containsKey(host)
                ? read(file(host)).filter(manifest -> manifest.host().equals(host))
                : Optional.empty();
    }

    /// Takes a frame that should be the manifest of that host; keeps it if it is newer than the one
    /// held.
    ///
    /// @return whether it was one
    boolean offer(String host, byte[] frame) {
        try {
            Manifest manifest = Manifest.decode(cell, frame);
            if (manifest.host().equals(host)) {
                keep(manifest, frame);
                return true;
            }
        } catch (FrameException e) {
            LOG.log(Level.DEBUG, "manifest refused", e);
        }
        refused.incrementAndGet();
        return false;
    }

    private synchronized void keep(Manifest manifest, byte[] frame) {
        String host = manifest.host();
        if (hash(host) == manifest.hash()) {
            return;
        }
        if (!hashes.containsKey(host) && hashes.size() >= LIMIT) {
            refused.incrementAndGet();
            return;
        }
        Optional<Manifest> held = find(host);
        if (held.isPresent() && !manifest.isNewerThan(held.get())) {
            return;
        }
        try {
            RunFiles.write(file(host), frame);
            hashes.put(host, manifest.hash());
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "manifest not kept: host=" + host, e);
        }
    }

    /// Drops those of hosts that are not expected any more.
    synchronized void retain(Set<String> hosts) {
        for (String host : hashes.keySet()) {
            if (!hosts.contains(host)) {
                hashes.remove(host);
                try {
                    Files.deleteIfExists(file(host));
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "manifest not deleted", e);
                }
            }
        }
    }

    private Optional<Manifest> read(Path file) {
        try {
            return Optional.of(Manifest.decode(cell, Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FrameException e) {
            LOG.log(Level.WARNING, () -> "manifest cannot be read, left out: file=" + file, e);
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Host names may be longer than file names, and hold anything.
    private Path file(String host) {
        byte[] name = host.getBytes(StandardCharsets.UTF_8);
        var crc = new CRC32C();
        crc.update(name, 0, name.length);
        return directory.resolve(
                Long.toHexString(crc.getValue())
                        + "-"
                        + Integer.toHexString(host.hashCode())
                        + SUFFIX);
    }
}
