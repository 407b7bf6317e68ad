package dev.muster.federation.assign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.assign.RackAdvice.Placed;
import dev.muster.federation.assign.RackAdvice.Share;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RackAdviceTest {
    @Test
    void warnsWhenARackHasMoreThanAThirdOfACell() {
        List<Placed> agents = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            agents.add(new Placed("h" + i, "c", i < 4 ? "r1" : i < 7 ? "r2" : ""));
        }
        assertThat(RackAdvice.shares(agents))
                .containsExactly(new Share("c", "r1", 4, 9), new Share("c", "r2", 3, 9));
        assertThat(RackAdvice.tooGreat(agents)).containsExactly(new Share("c", "r1", 4, 9));
        assertThat(new Share("c", "r1", 4, 9).text()).isEqualTo("rack=r1 cell=c hosts=4 of=9");
    }

    @Test
    void aCellOfThreeIsNotWarnedOf() {
        var agents = List.of(new Placed("h1", "c", "r1"), new Placed("h2", "c", "r1"));
        assertThat(RackAdvice.tooGreat(agents)).isEmpty();
    }
}
