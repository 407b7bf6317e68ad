package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.HttpRequests.Lines;
import java.io.IOException;
import java.util.Arrays;

/// Cuts pieces of a stream into lines. Confined to one thread.
final class LineSplitter {
    private static final int FIRST_BYTES = 1 << 10;

    private final long lineLimitBytes;
    private final Lines lines;
    private byte[] open = new byte[FIRST_BYTES];
    private int length;

    LineSplitter(long lineLimitBytes, Lines lines) {
        this.lineLimitBytes = lineLimitBytes;
        this.lines = lines;
    }

    /// Takes the next piece.
    ///
    /// @return false if the taker has enough
    /// @throws IOException if a line is longer than the limit, or from the taker
    boolean take(byte[] piece, int count) throws IOException {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (piece[i] == '\n') {
                keep(piece, start, i);
                start = i + 1;
                if (!flush()) {
                    return false;
                }
            }
        }
        keep(piece, start, count);
        return true;
    }

    /// The stream has ended: what is left is a line, too.
    void end() throws IOException {
        if (length > 0) {
            flush();
        }
    }

    private boolean flush() throws IOException {
        int end = length > 0 && open[length - 1] == '\r' ? length - 1 : length;
        byte[] line = Arrays.copyOf(open, end);
        length = 0;
        return lines.take(line);
    }

    private void keep(byte[] piece, int start, int end) throws FetchException {
        int more = end - start;
        if ((long) length + more > lineLimitBytes) {
            throw FetchException.overLimit(lineLimitBytes);
        }
        if (length + more > open.length) {
            open = Arrays.copyOf(open, Math.max(length + more, 2 * open.length));
        }
        System.arraycopy(piece, start, open, length, more);
        length += more;
    }
}
