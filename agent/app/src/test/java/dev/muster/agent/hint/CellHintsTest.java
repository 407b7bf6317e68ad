package dev.muster.agent.hint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.fleet.PeerAnswer;
import dev.muster.agent.fleet.PeerCalls;
import dev.muster.federation.hazelcast.HintNumber;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import dev.muster.federation.stream.Hint;
import dev.muster.federation.stream.NumberedHint;
import dev.muster.federation.view.CellView;
import dev.muster.model.hint.NameFilter;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CellHintsTest {
    private static final byte[] FILTER = NameFilter.of(List.of("peer_total"));

    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private final Map<String, HintNumber> said = new HashMap<>();
    private final Map<String, byte[]> answers = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final MemorySource own = new MemorySource();
    private final NameHints names = new NameHints(own, nowMs::get);
    private final PeerCalls peers =
            (url, path, body, seal, then) -> {
                asked.add(url + path);
                byte[] answer = answers.get(url);
                then.accept(
                        Optional.ofNullable(answer).map(bytes -> new PeerAnswer(200, bytes, null)));
            };
    private final CellHints hints =
            new CellHints(
                    names,
                    CellHintsTest::view,
                    host -> Optional.ofNullable(said.get(host)),
                    peers,
                    nowMs::get);

    private static CellView view() {
        return new CellView("c", "a", 1, List.of(member("a"), member("b")), false, 7, true, 0);
    }

    private static Member member(String host) {
        return new Member(host, "http://" + host, 7, new Upness.Up(1), List.of(), 1, 1, 1);
    }

    private Hint of(String host) {
        return hints.hints().stream().filter(h -> h.host().equals(host)).findFirst().orElseThrow();
    }

    @Test
    void givesItsOwnOnlyWhileItHoldsEveryName() throws FrameException {
        assertThat(hints.frame()).isEmpty();
        assertThat(of("a").fresh()).isFalse();
        own.add(Labels.of("__name__", "a_total"), 1, 1);
        hints.round();
        assertThat(of("a").fresh()).isTrue();
        NumberedHint frame = NumberedHint.decode(hints.frame().orElseThrow());
        assertThat(frame.number()).isEqualTo(1);
        assertThat(frame.hint()).isEqualTo(of("a"));
        assertThat(frame.hint().incarnation()).isEqualTo(7);
    }

    @Test
    void asksAPeerWhenItsBeatsNameAnotherFilterAndTellsItOnlyWhileTheyNameThatOne() {
        assertThat(of("b").fresh()).isFalse();
        assertThat(asked).as("its beats name none").isEmpty();

        answers.put("http://b", new NumberedHint(3, new Hint("b", 7, true, FILTER)).encode());
        said.put("b", new HintNumber(7, 3));
        assertThat(of("b").fresh()).as("not there yet").isFalse();
        assertThat(of("b")).isEqualTo(new Hint("b", 7, true, FILTER));
        assertThat(asked).containsExactly("http://b/api/v1/cell/hint");

        said.remove("b");
        assertThat(of("b").fresh()).as("a name is not in it, or beats do not come").isFalse();
        said.put("b", new HintNumber(7, 4));
        assertThat(of("b").fresh()).isFalse();
        assertThat(asked).as("not twice within two seconds").hasSize(1);
        nowMs.addAndGet(2_000);
        assertThat(of("b").fresh()).isFalse();
        assertThat(asked).hasSize(2);
        said.put("b", new HintNumber(8, 3));
        assertThat(of("b").fresh()).as("of another run").isFalse();
    }

    @Test
    void takesNothingThatIsNotOfThatHost() {
        said.put("b", new HintNumber(7, 3));
        answers.put("http://b", new NumberedHint(3, new Hint("c", 7, true, FILTER)).encode());
        assertThat(of("b").fresh()).isFalse();
        assertThat(of("b").fresh()).isFalse();
        answers.put("http://b", new byte[] {1, 2, 3});
        nowMs.addAndGet(2_000);
        assertThat(of("b").fresh()).isFalse();
        assertThat(of("b").fresh()).isFalse();
    }
}
