package dev.muster.agent.scrape.append;

/// A scrape passed a limit of its target and is thrown away as a whole.
final class ScrapeRefusedException extends Exception {
    private final FaultKind kind;

    ScrapeRefusedException(FaultKind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    ScrapeFault fault() {
        return ScrapeFault.of(kind, String.valueOf(getMessage()));
    }
}
