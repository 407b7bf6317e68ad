package dev.muster.query.cluster;

import java.io.IOException;

/// A series does not say of which host it is, or is not of this share: others may have it, too, so
/// the share cannot be answered by itself.
final class ForeignSeriesException extends IOException {
    ForeignSeriesException(String message) {
        super(message);
    }
}
