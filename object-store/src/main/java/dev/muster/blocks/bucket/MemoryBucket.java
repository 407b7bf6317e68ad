package dev.muster.blocks.bucket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Objects in the memory of this process.
final class MemoryBucket implements Bucket {
    private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    private final InstantSource clock;

    MemoryBucket(InstantSource clock) {
        this.clock = clock;
    }

    private static final class Stored {
        private final byte[] content;
        private final ObjectInfo info;

        Stored(String key, byte[] content, Instant written) {
            this.content = content;
            info = new ObjectInfo(key, content.length, md5(content), written);
        }
    }

    @Override
    public PutResult putIfAbsent(String key, Path file) throws IOException {
        return put(key, Files.readAllBytes(file));
    }

    @Override
    public PutResult putIfAbsent(String key, byte[] content) {
        return put(key, content.clone());
    }

    private PutResult put(String key, byte[] owned) {
        Keys.check(key);
        Stored before = objects.putIfAbsent(key, new Stored(key, owned, clock.instant()));
        return before == null ? PutResult.CREATED : PutResult.EXISTS;
    }

    @Override
    public byte[] range(String key, long offset, int length) throws BucketException {
        Keys.check(key);
        Keys.checkRange(key, offset, length);
        Stored stored = objects.get(key);
        if (stored == null) {
            throw Keys.notFound(describe(), "range", key);
        }
        if (offset + length > stored.content.length) {
            throw Keys.endsBefore(describe(), key, offset, length, stored.content.length);
        }
        return Arrays.copyOfRange(stored.content, (int) offset, (int) offset + length);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        Keys.check(key);
        @Nullable Stored stored = objects.get(key);
        return stored == null ? Optional.empty() : Optional.of(stored.info);
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
        Keys.checkPrefix(prefix);
        List<ObjectInfo> found = new ArrayList<>();
        for (Map.Entry<String, Stored> entry : objects.tailMap(prefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            found.add(entry.getValue().info);
        }
        return found;
    }

    @Override
    public void delete(String key) {
        Keys.check(key);
        objects.remove(key);
    }

    @Override
    public String describe() {
        return "memory:";
    }

    @Override
    public void close() {}

    private static String md5(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
