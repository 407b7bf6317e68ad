package dev.muster.query.rules.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupTimesTest {
    @Test
    void groupsAreSpreadOverTheirInterval() {
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            offsets.add(GroupTimes.of("file.yml;group" + i, 60_000).offsetMs());
        }
        assertThat(offsets).allMatch(offset -> offset % 1_000 == 0 && offset < 60_000);
        assertThat(offsets.stream().distinct().count()).isGreaterThan(50);
        assertThat(GroupTimes.of("f;g", 60_000)).isEqualTo(GroupTimes.of("f;g", 60_000));
        assertThat(GroupTimes.of("f;g", 1_000).offsetMs()).isZero();
    }

    @Test
    void timesAreMultiplesOfTheIntervalPlusTheOffset() {
        GroupTimes times = new GroupTimes(15_000, 4_000);
        assertThat(times.at(1_800_000_003_999L)).isEqualTo(1_799_999_989_000L);
        assertThat(times.at(1_800_000_004_000L)).isEqualTo(1_800_000_004_000L);
        assertThat(times.next(1_800_000_004_000L)).isEqualTo(1_800_000_019_000L);
    }

    @Test
    void countsWhatIsOverTwoIntervalsLate() {
        GroupTimes times = new GroupTimes(15_000, 0);
        assertThat(times.missed(0, 15_000)).isZero();
        assertThat(times.missed(0, 29_999)).isZero();
        assertThat(times.missed(0, 30_000)).isOne();
        assertThat(times.missed(0, 60_001)).isEqualTo(3);
    }

    @Test
    void groupsOfALostNodeAloneMove() {
        List<String> all = List.of("q1", "q2", "q3");
        List<String> left = List.of("q1", "q3");
        int[] counts = new int[3];
        for (int i = 0; i < 600; i++) {
            String group = "f.yml;g" + i;
            int owner = -1;
            for (int node = 0; node < 3; node++) {
                boolean mine = new RankedDuties(all.get(node), () -> all).isMine(group);
                assertThat(mine && owner >= 0).as("two owners").isFalse();
                owner = mine ? node : owner;
            }
            counts[owner]++;
            if (owner != 1) {
                assertThat(new RankedDuties(all.get(owner), () -> left).isMine(group)).isTrue();
            }
        }
        assertThat(IntStream.of(counts)).allMatch(count -> count > 150 && count < 250);
        assertThat(new RankedDuties("q1", List::of).isMine("g")).isTrue();
    }
}
