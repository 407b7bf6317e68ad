package dev.muster.query.cluster;

import java.io.IOException;

/// A share's answer is larger than may be held; the query is then answered from series.
final class LargeAnswerException extends IOException {
    LargeAnswerException(String message) {
        super(message);
    }
}
