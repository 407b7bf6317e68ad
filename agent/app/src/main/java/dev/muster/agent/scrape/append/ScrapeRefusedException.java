package dev.muster.agent.scrape.append;

/// A scrape passed a limit of its target and is thrown away as a whole.
final class ScrapeRefusedException extends Exception {
    ScrapeRefusedException(String message) {
        super(message, null, false, false);
    }
}
