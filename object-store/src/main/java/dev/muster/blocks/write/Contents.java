package dev.muster.blocks.write;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// Compares an object with a file.
final class Contents {
    private static final int CHUNK_BYTES = 1 << 20;

    private Contents() {}

    /// Whether they are the same: by MD5 where the ETag is that of the file, else byte by byte.
    static boolean same(Bucket bucket, ObjectInfo object, Path file) throws IOException {
        return object.sizeBytes() == Files.size(file)
                && (object.etag().equals(md5(file)) || sameBytes(bucket, object, file));
    }

    private static boolean sameBytes(Bucket bucket, ObjectInfo object, Path file)
            throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            for (long offset = 0; offset < object.sizeBytes(); offset += CHUNK_BYTES) {
                int length = (int) Math.min(CHUNK_BYTES, object.sizeBytes() - offset);
                if (!Arrays.equals(
                        in.readNBytes(length), bucket.range(object.key(), offset, length))) {
                    return false;
                }
            }
            return true;
        }
    }

    private static String md5(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            int read;
            while ((read = in.read(buffer)) >= 0) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
