package dev.muster.federation.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.stream.StreamFrame.Hints;
import dev.muster.federation.stream.StreamFrame.KnownHint;
import dev.muster.federation.stream.StreamFrame.Subscribe;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.HostState;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamHintsTest {
    private static final byte[] ONE = {1, 1};
    private static final byte[] TWO = {2, 2};

    private final StreamCodec codec = new StreamCodec();
    private List<Hint> hints = List.of();

    private StreamSession session(List<KnownHint> known) {
        var publisher =
                new CellPublisher(() -> new CellView("c", "a", 1, List.of(), false, 1, true, 1));
        return new StreamSession(publisher, () -> hints, new Subscribe(List.of(), known, true));
    }

    private List<Hint> sent(StreamSession session, long nowMs) throws FrameException {
        for (byte[] frame : session.step(nowMs)) {
            if (codec.decode(frame) instanceof Hints(List<Hint> some)) {
                return some;
            }
        }
        return List.of();
    }

    private static Hint fresh(String host, byte[] bytes) {
        return new Hint(host, 1, true, bytes);
    }

    private static Hint old(String host) {
        return new Hint(host, 1, false, new byte[0]);
    }

    @Test
    void takesBackAtOnceWhatDoesNotHoldAndSendsBytesOnceInHalfAMinute() throws FrameException {
        StreamSession session = session(List.of());
        hints = List.of(fresh("a", ONE), old("b"));
        assertThat(sent(session, 0)).containsExactly(fresh("a", ONE), old("b"));
        assertThat(sent(session, 250)).isEmpty();
        hints = List.of(old("a"), fresh("b", TWO));
        assertThat(sent(session, 500)).containsExactly(old("a"), fresh("b", TWO));
        hints = List.of(fresh("a", TWO), fresh("b", TWO));
        assertThat(sent(session, 750)).as("a was sent just now").isEmpty();
        assertThat(sent(session, StreamSession.HINTS_MS)).containsExactly(fresh("a", TWO));
    }

    @Test
    void doesNotRepeatWhatTheClientHas() throws FrameException {
        StreamSession session =
                session(
                        List.of(
                                new KnownHint(HostState.keyOf("a"), fresh("a", ONE).hash()),
                                new KnownHint(HostState.keyOf("b"), fresh("b", ONE).hash())));
        hints = List.of(fresh("a", ONE), old("b"));
        assertThat(sent(session, 0)).containsExactly(old("b"));
    }

    @Test
    void sendsManyInSeveralSteps() throws FrameException {
        StreamSession session = session(List.of());
        byte[] large = new byte[StreamSession.HINT_BYTES / 2];
        hints = List.of(fresh("a", large), fresh("b", large), fresh("c", large));
        assertThat(sent(session, 0)).hasSize(2);
        assertThat(sent(session, 250)).containsExactly(fresh("c", large));
    }
}
