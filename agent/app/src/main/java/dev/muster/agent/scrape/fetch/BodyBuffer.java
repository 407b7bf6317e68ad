package dev.muster.agent.scrape.fetch;

/// A growing array that a body is received into. Belongs to one fetch at a time.
final class BodyBuffer {
    byte[] bytes;
    int length;

    BodyBuffer(int capacity) {
        bytes = new byte[capacity];
    }
}
