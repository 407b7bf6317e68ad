package dev.muster.model.merge;

import java.io.IOException;

/// A source has a series that is not its own alone: another source may have it, too.
public final class ForeignSeriesException extends IOException {
    public ForeignSeriesException(String message) {
        super(message);
    }
}
