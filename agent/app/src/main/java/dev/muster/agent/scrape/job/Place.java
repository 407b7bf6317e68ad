package dev.muster.agent.scrape.job;

/// Where something was configured, as people look it up.
///
/// @param file the configuration file, or the name of what configures without a file
/// @param line from 1; 0 where there are no lines
public record Place(String file, int line) {
    /// What the agent brings along without a file.
    public static final Place BUILT_IN = new Place("built-in", 0);

    public Place {
        if (line < 0) {
            throw new IllegalArgumentException("line must not be negative: line=" + line);
        }
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
