package dev.muster.agent.takeover;

import java.io.IOException;

/// Bytes that are no manifest.
final class ManifestException extends IOException {
    ManifestException(String message) {
        super(message);
    }
}
