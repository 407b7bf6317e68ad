package dev.muster.federation.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.RosterEntry.Presence;
import dev.muster.federation.member.Place;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosterEntryTest {
    @Test
    void mergingDoesNotDependOnOrderGroupingOrRepetition() {
        List<RosterEntry> all = new ArrayList<>();
        for (long incarnation = 1; incarnation <= 3; incarnation++) {
            for (Presence presence : Presence.values()) {
                all.add(new RosterEntry("a", "", "", Place.NONE, incarnation, presence));
                all.add(new RosterEntry("a", "http://a", "", Place.NONE, incarnation, presence));
                all.add(
                        new RosterEntry(
                                "a",
                                "http://a",
                                "a:1",
                                new Place("z", "r"),
                                incarnation,
                                presence));
            }
        }
        for (RosterEntry x : all) {
            assertThat(x.merge(x)).isEqualTo(x);
            for (RosterEntry y : all) {
                assertThat(x.merge(y)).isEqualTo(y.merge(x));
                for (RosterEntry z : all) {
                    assertThat(x.merge(y).merge(z)).isEqualTo(x.merge(y.merge(z)));
                }
            }
        }
    }
}
