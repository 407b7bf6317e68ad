package dev.muster.agent.remotewrite;

/// A store does not know version 2.0 of remote write.
final class UnknownVersionException extends Exception {
    UnknownVersionException(String reason) {
        super(reason);
    }
}
