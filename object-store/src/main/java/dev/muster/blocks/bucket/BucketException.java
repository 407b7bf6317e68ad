package dev.muster.blocks.bucket;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A bucket could not do what was asked of it. The message names the bucket, the operation and the
/// key, and no secret.
public final class BucketException extends IOException {
    private final Kind kind;

    /// Why the bucket did not do it.
    public enum Kind {
        /// The object is not there. Trying again does not help.
        NOT_FOUND,
        /// The bucket refuses: credentials, permission, a wrong name. Trying again does not help.
        REFUSED,
        /// The bucket is away, slow or overloaded. Trying again later may help.
        UNAVAILABLE
    }

    public BucketException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /// May the same call succeed later?
    public boolean retryable() {
        return kind == Kind.UNAVAILABLE;
    }
}
