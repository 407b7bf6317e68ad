package dev.muster.launcher.status;

import java.io.PrintStream;

/// Where a person reads along: lines that stay, and in a terminal one last line that is rewritten
/// in place.
public final class Screen {
    private static final String TO_LINE_START = "\r";
    private static final String CLEAR_TO_END = "\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final int columns;
    private boolean liveShown;

    /// @param terminal whether a line can be rewritten
    /// @param columns width of the terminal; longer live lines are cut
    public Screen(PrintStream out, boolean terminal, int columns) {
        this.out = out;
        this.terminal = terminal;
        this.columns = columns;
    }

    /// Whether the live line is rewritten; if not, whoever writes one should do so seldom.
    public boolean terminal() {
        return terminal;
    }

    /// Prints a line that stays.
    public synchronized void say(String line) {
        if (liveShown) {
            out.print(TO_LINE_START + CLEAR_TO_END);
            liveShown = false;
        }
        out.println(line);
        out.flush();
    }

    /// Prints the line that the next one replaces.
    public synchronized void live(String line) {
        if (!terminal) {
            out.println(line);
        } else {
            var cut = line.length() < columns ? line : line.substring(0, Math.max(0, columns - 1));
            out.print(TO_LINE_START + cut + CLEAR_TO_END);
            liveShown = true;
        }
        out.flush();
    }
}
