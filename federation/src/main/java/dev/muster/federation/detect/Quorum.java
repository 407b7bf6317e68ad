package dev.muster.federation.detect;

/// Who, of those who can witness of one agent, does not hear it: rows in, a verdict out.
final class Quorum {
    /*
     * Let `base` be the roster without those down for long, `others` = base - 1 the agents that can witness of one.
     * Down when this agent and others flag it, together at least
     *     needed = max(2, ceil(2/3 others), floor(base/2) + 1), in a cell of fewer than eight also others - 1.
     * The denominator is the roster, never "those who are heard": in an even split each side hears only itself and would
     * call the other one dead. More than half of the base, since in a cell of four 2/3 of three are two, a half.
     * A row is counted only from a healthy witness: who flags more than half of the base is itself cut off. That holds for
     * this agent too.
     *
     * See the research of the cell, section 3.4, and for acting on several witnesses at once: Suresh et al., Stable and
     * Consistent Membership at Scale with Rapid, 2018.
     */

    /// A cell of fewer agents is small: one odd witness weighs much.
    static final int SMALL = 8;

    private static final double SHARE = 2.0 / 3;

    private final int slot;
    private final long base;
    private final int count;
    private boolean self;
    private int flagging;
    private int hearing;
    private long witnesses;

    /// @param slot of the agent in question
    /// @param base slots of those who count; the agent in question is taken to be among them
    Quorum(int slot, long base) {
        this.slot = slot;
        this.base = base | 1L << slot;
        this.count = Long.bitCount(this.base);
    }

    /// How many flags make a quorum in a cell of that many.
    static int needed(int count) {
        int others = count - 1;
        int needed = Math.max(2, Math.max((2 * others + 2) / 3, count / 2 + 1));
        return count < SMALL ? Math.max(needed, others - 1) : needed;
    }

    /// Whether a row is of one who is fit to witness.
    static boolean isHealthy(long row, long base) {
        return 2 * Long.bitCount(row & base) <= Long.bitCount(base);
    }

    /// This agent's own word.
    ///
    /// @param flags whether it does not hear the agent in question itself
    void own(int ownSlot, long row, boolean flags) {
        self = flags && isHealthy(row, base);
        if (self) {
            flagging++;
            witnesses |= 1L << ownSlot;
        }
    }

    /// The word of another agent.
    void other(int witness, long row) {
        if (witness == slot || !isHealthy(row, base)) {
            return;
        }
        if ((row >>> slot & 1) == 1) {
            flagging++;
            witnesses |= 1L << witness;
        } else {
            hearing++;
        }
    }

    boolean isReached() {
        return self && flagging >= needed(count);
    }

    /// Whether so many hear it that no quorum is possible.
    boolean isContradicted() {
        return hearing > Math.max(0, count - 1 - needed(count));
    }

    /// Whether a third or more of those who can tell do not hear it.
    boolean isPartial() {
        return flagging > 0 && flagging >= SHARE / 2 * (count - 1);
    }

    int hearing() {
        return hearing;
    }

    int count() {
        return count;
    }

    /// Slots of those who do not hear it.
    long witnesses() {
        return witnesses;
    }
}
