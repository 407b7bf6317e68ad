package dev.muster.federation.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.federation.detect.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DirectoryTableTest {
    static LongStream seeds() {
        return Seeds.few();
    }

    private static List<Aged> said(Random random, int count) {
        Map<String, Map<Version, Aged>> said = new HashMap<>();
        for (int i = 0; i < count; i++) {
            DirectoryItem item = Entries.random(random);
            // one saying has one content
            said.computeIfAbsent(item.key(), _ -> new HashMap<>())
                    .putIfAbsent(item.version(), new Aged(item, 0));
        }
        return said.values().stream().flatMap(m -> m.values().stream()).toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theSameItemsMakeTheSameTableInAnyOrderHoweverOften(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            List<Aged> said = new ArrayList<>(said(random, 30));
            DirectoryTable first = new DirectoryTable();
            said.forEach(aged -> first.offer(aged, 0));
            said.addAll(said.subList(0, random.nextInt(said.size())));
            Collections.shuffle(said, random);
            DirectoryTable second = new DirectoryTable();
            said.forEach(aged -> second.offer(aged, 0));
            assertThat(second.all(0)).isEqualTo(first.all(0));
            assertThat(second.digest()).isEqualTo(first.digest());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theDigestTellsWhetherTwoTablesAreEqual(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            DirectoryTable a = new DirectoryTable();
            DirectoryTable b = new DirectoryTable();
            said(random, random.nextInt(4)).forEach(aged -> a.offer(aged, 0));
            said(random, random.nextInt(4)).forEach(aged -> b.offer(aged, 0));
            boolean same =
                    a.digests().stream()
                            .sorted(java.util.Comparator.comparing(Object::toString))
                            .toList()
                            .equals(
                                    b.digests().stream()
                                            .sorted(
                                                    java.util.Comparator.comparing(
                                                            Object::toString))
                                            .toList());
            assertThat(a.digest() == b.digest()).isEqualTo(same);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void twoTablesThatCompareAndExchangeAreEqual(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            DirectoryTable a = new DirectoryTable();
            DirectoryTable b = new DirectoryTable();
            List<Aged> said = said(random, 40);
            said.forEach(aged -> (random.nextBoolean() ? a : b).offer(aged, 0));
            var lacking = b.lacking(a.digests());
            b.lackedBy(a.digests(), 1000, 0).forEach(aged -> a.offer(aged, 0));
            a.of(lacking, 0).forEach(aged -> b.offer(aged, 0));
            assertThat(a.all(0)).isEqualTo(b.all(0));
        }
    }

    @Test
    void whatNobodySaysForADayIsDroppedAndDoesNotComeBack() {
        DirectoryTable a = new DirectoryTable();
        DirectoryTable b = new DirectoryTable();
        a.offer(new Aged(Entries.entry(1, new Version(1, 1, 1)), 0), 1000);
        long later = 1000 + DirectoryTable.CELL_FORGET_MS;
        b.offer(a.all(later).getFirst(), 77);
        assertThat(b.size()).isEqualTo(1);
        a.expire(later + 1);
        assertThat(a.size()).isZero();
        assertThat(a.digest()).isZero();
        // the other has it a little longer, and cannot bring it back
        assertThat(a.offer(b.all(78).getFirst(), later + 1)).isFalse();
    }

    @Test
    void whoSpeaksTakesAVersionAboveAllItKnows() {
        Version old = new Version(100, 7, 1);
        assertThat(old.next(50, "h")).isGreaterThan(old).isEqualTo(new Version(100, 8, 104));
        assertThat(old.next(101, "h")).isGreaterThan(old).isEqualTo(new Version(101, 1, 104));
    }

    @Test
    void refusesMoreCellsThanItsLimit() {
        DirectoryTable table = new DirectoryTable();
        for (int i = 0; i <= DirectoryTable.CELL_LIMIT; i++) {
            table.offer(new Aged(Entries.entry(i, new Version(1, 1, 1)), 0), 0);
        }
        assertThat(table.size()).isEqualTo(DirectoryTable.CELL_LIMIT);
        assertThat(table.refusals()).isEqualTo(1);
    }

    @Test
    void refusesEntriesThatDoNotHold() {
        CellEntry entry = Entries.entry(1, new Version(1, 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new CellEntry(
                                "c", "z", 0, entry.contacts(), 0, 3, 1, 3, 0, entry.version()))
                .withMessage(
                        "entry cell=c: counts must not be negative, nor more than expected: up=3,"
                                + " down=1, expected=3");
    }
}
