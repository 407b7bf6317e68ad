package dev.muster.federation.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.federation.directory.RosterHash;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.ObserverView.Head;
import dev.muster.federation.view.ObserverView.Line;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObserverViewTest {
    private static final Head HEAD = new Head("c1", "a", 7, 1, false, true, 1_000);

    @Test
    void hashesTheNamesAsTheDirectoryDoes() {
        assertThat(ObserverView.of(HEAD, List.of(line("a", 1), line("b", 2))).rosterHash())
                .isEqualTo(RosterHash.of(List.of("b", "a")))
                .isNotEqualTo(RosterHash.of(List.of("a")));
    }

    @Test
    void aLaterViewHasOtherBeatsOfTheSameHosts() {
        ObserverView before = ObserverView.of(HEAD, List.of(line("a", 1), line("b", 2)));

        ObserverView after = before.later(HEAD, List.of(line("a", 5), line("b", 6)));

        assertThat(after.rosterHash()).isEqualTo(before.rosterHash());
        assertThat(after.seq(1)).isEqualTo(6);
        assertThat(after.repeats(before)).isFalse();
    }

    @Test
    void aLaterViewOfOtherHostsIsRefused() {
        ObserverView before = ObserverView.of(HEAD, List.of(line("a", 1), line("b", 2)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> before.later(HEAD, List.of(line("a", 1))))
                .withMessage("view observer=a: hosts must be the same: expected=2, found=1");
    }

    @Test
    void aLaterViewOfTheSameStatesSharesThem() {
        ObserverView before = ObserverView.of(HEAD, List.of(line("a", 1), line("b", 2)));

        ObserverView after = before.later(HEAD, new long[] {5, 6}, new long[] {1_100, 1_200});

        assertThat(after.sharesStates(before)).isTrue();
        assertThat(after.repeats(before)).isFalse();
        assertThat(after.seq(1)).isEqualTo(6);
        assertThat(after.heardMs(1)).isEqualTo(1_200);
        assertThat(before.seq(1)).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> before.later(HEAD, new long[1], new long[2]))
                .withMessage(
                        "view observer=a: beats must be of the same hosts: expected=2,"
                                + " found=1 and 2");
    }

    private static Line line(String host, long seq) {
        var member =
                new Member(
                        host,
                        "",
                        "10.0.0.1:9641",
                        new Place("z", "r"),
                        1,
                        new Upness.Up(1_000),
                        Cause.NONE,
                        Optional.empty(),
                        false,
                        List.of(),
                        1_000,
                        seq,
                        1);
        return new Line(HostState.of(member), seq, 1_000);
    }
}
