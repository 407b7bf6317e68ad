package dev.muster.blocks.bucket;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A store of immutable objects under keys. Parts of a key are separated by `/`; no part is empty,
/// `.` or `..`.
///
/// An object is visible whole or not at all, to every reader, whatever happens to the writer.
/// Thread-safe. What the world does wrong comes as [BucketException].
public interface Bucket extends AutoCloseable {
    /// Writes an object unless one of that key exists. Of several writers of one key exactly one
    /// gets [PutResult#CREATED].
    PutResult putIfAbsent(String key, Path file) throws IOException;

    /// Writes an object unless one of that key exists.
    PutResult putIfAbsent(String key, byte[] content) throws IOException;

    /// Exactly `length` bytes from `offset` on.
    ///
    /// @throws BucketException also if the object ends before: of kind `REFUSED`
    byte[] range(String key, long offset, int length) throws IOException;

    /// What is known of an object; empty where there is none.
    Optional<ObjectInfo> stat(String key) throws IOException;

    /// The objects whose keys start with `prefix`, ascending by key.
    List<ObjectInfo> list(String prefix) throws IOException;

    /// Removes an object; one that is not there is no error.
    void delete(String key) throws IOException;

    /// The bucket in words for messages, without secrets, such as `s3://metrics/prod`.
    String describe();

    @Override
    void close();
}
