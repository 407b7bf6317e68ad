package dev.muster.federation.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuorumTest {
    private static final int TARGET = 0;
    private static final int SELF = 1;

    static LongStream seeds() {
        return Seeds.few();
    }

    /// Every subset of the witnesses flags the target, and nobody else.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15})
    void noSubsetOfRowsSmallerThanAQuorumMakesDown(int size) {
        long base = (1L << size) - 1;
        for (long flags = 0; flags <= base; flags++) {
            int count = Long.bitCount(flags & ~(1L << TARGET));
            boolean reached = verdict(base, flags).isReached();
            boolean self = (flags >>> SELF & 1) == 1 && size > 1;
            assertThat(reached)
                    .as("size=%d flags=%x", size, flags)
                    .isEqualTo(self && count >= Quorum.needed(size));
        }
    }

    @Test
    void twoSidesNeverBothHaveAQuorum() {
        for (int size = 2; size <= 64; size++) {
            assertThat(2 * Quorum.needed(size)).as("size=%d", size).isGreaterThan(size);
        }
    }

    @Test
    void aCellOfTwoHasNoQuorumAndASmallOneNeedsAllButOne() {
        assertThat(Quorum.needed(2)).isGreaterThan(1);
        assertThat(Quorum.needed(5)).isEqualTo(3);
        assertThat(Quorum.needed(7)).isEqualTo(5);
        assertThat(Quorum.needed(8)).isEqualTo(5);
        assertThat(Quorum.needed(64)).isEqualTo(42);
    }

    /// Rows of every kind: a verdict is never reached by fewer healthy witnesses than needed.
    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void theSickAreNotBelieved(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            int size = 2 + random.nextInt(63);
            long base = size == 64 ? -1 : (1L << size) - 1;
            var quorum = new Quorum(TARGET, base);
            int healthy = 0;
            for (int slot = 1; slot < size; slot++) {
                long some = random.nextLong();
                long row = some & random.nextLong();
                row |= random.nextInt(4) == 0 ? -1 : random.nextInt(3) == 0 ? 0 : 1L << TARGET;
                row &= random.nextInt(3) == 0 ? -1 : (1L << TARGET) | random.nextLong();
                boolean sick = 2 * Long.bitCount(row & base) > size;
                boolean flags = (row >>> TARGET & 1) == 1;
                healthy += !sick && flags ? 1 : 0;
                if (slot == SELF) {
                    quorum.own(slot, row, flags);
                } else {
                    quorum.other(slot, row);
                }
            }
            if (quorum.isReached()) {
                assertThat(healthy)
                        .as("seed=%d round=%d", seed, round)
                        .isGreaterThanOrEqualTo(Quorum.needed(size));
                assertThat(quorum.isContradicted()).isFalse();
            }
        }
    }

    private static Quorum verdict(long base, long flags) {
        var quorum = new Quorum(TARGET, base);
        for (int slot = 1; slot < Long.bitCount(base); slot++) {
            boolean says = (flags >>> slot & 1) == 1;
            long row = says ? 1L << TARGET : 0;
            if (slot == SELF) {
                quorum.own(slot, row, says);
            } else {
                quorum.other(slot, row);
            }
        }
        return quorum;
    }
}
