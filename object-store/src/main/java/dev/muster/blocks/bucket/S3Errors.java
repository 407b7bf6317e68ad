package dev.muster.blocks.bucket;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.errors.ServerException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Says of a failed S3 request what it means.
final class S3Errors {
    private static final int LONGEST_TEXT = 200;

    private final String where;

    /// @param where the bucket in words
    S3Errors(String where) {
        this.where = where;
    }

    /// HTTP status of the answer; 0 if there was none.
    static int status(MinioException e) {
        return switch (e) {
            case ErrorResponseException answered when answered.response() != null ->
                    answered.response().code();
            case ServerException server -> server.statusCode();
            default -> 0;
        };
    }

    /*
     * The client's exceptions carry a trace of the request, so they are never passed on as the cause; what is worth
     * knowing of them stands in the message.
     */
    BucketException of(String operation, String key, MinioException e) {
        int status = status(e);
        if (e instanceof ErrorResponseException answered) {
            String code = answered.errorResponse().code();
            return new BucketException(
                    kind(status, String.valueOf(code)),
                    "%s %s key=%s: store must accept the request: status=%d, code=%s, found=%s"
                            .formatted(
                                    where,
                                    operation,
                                    key,
                                    status,
                                    code,
                                    shortened(answered.errorResponse().message())),
                    null);
        }
        IOException io = ioCause(e);
        if (io != null) {
            return away(operation, key, io);
        }
        if (interrupted(e)) {
            Thread.currentThread().interrupt();
        }
        return new BucketException(
                BucketException.Kind.UNAVAILABLE,
                "%s %s key=%s: store must answer: status=%d, found=%s"
                        .formatted(where, operation, key, status, shortened(e.getMessage())),
                null);
    }

    BucketException away(String operation, String key, IOException e) {
        return new BucketException(
                BucketException.Kind.UNAVAILABLE,
                "%s %s key=%s: store must be reachable: found=%s"
                        .formatted(where, operation, key, shortened(e.toString())),
                e);
    }

    private static BucketException.Kind kind(int status, String code) {
        if (code.equals("NoSuchBucket")) {
            return BucketException.Kind.REFUSED;
        }
        return switch (status) {
            case 404 -> BucketException.Kind.NOT_FOUND;
            case 408, 409, 429 -> BucketException.Kind.UNAVAILABLE;
            default ->
                    status >= 500 || status == 0
                            ? BucketException.Kind.UNAVAILABLE
                            : BucketException.Kind.REFUSED;
        };
    }

    private static @Nullable IOException ioCause(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io) {
                return io;
            }
        }
        return null;
    }

    private static boolean interrupted(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    private static String shortened(@Nullable String text) {
        if (text == null) {
            return "nothing";
        }
        String line = text.lines().findFirst().orElse("");
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "…";
    }
}
