package dev.muster.federation.hazelcast;

/// When the number of the own hint is said by the bus: at once when it changes, and now and then.
/// Confined to the thread of the cell.
final class HintVoice {
    /*
     * Beats by the bus say that the number said last still holds, so it need not be said with each of them. A change is
     * said with two beats: the bus promises nothing.
     */
    private static final int TIMES = 2;

    /// Who has come, or has missed a change, learns of it after this time.
    static final long AGAIN_MS = 5_000;

    private int number;
    private int left;
    private long saidMs;

    /// Whether to say it with this beat.
    boolean isDue(int now, long nowMs) {
        if (now != number) {
            number = now;
            left = TIMES;
        }
        boolean due = left > 0 || (number != 0 && nowMs - saidMs >= AGAIN_MS);
        if (due) {
            left = Math.max(0, left - 1);
            saidMs = nowMs;
        }
        return due;
    }
}
