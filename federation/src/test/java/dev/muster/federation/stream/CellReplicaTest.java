package dev.muster.federation.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.Seeds;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.stream.StreamFrame.Delta;
import dev.muster.federation.stream.StreamFrame.KeepAlive;
import dev.muster.federation.stream.StreamFrame.Subscribe;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.ObserverView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CellReplicaTest {
    private final StreamCodec codec = new StreamCodec();
    private final CellPool pool = new CellPool();

    static LongStream seeds() {
        return Seeds.few();
    }

    /// An agent of a cell that changes at random.
    private static final class Agent {
        final RandomCells cell;
        final AtomicReference<CellView> view = new AtomicReference<>();
        final CellPublisher publisher = new CellPublisher(view::get);

        Agent(String observer, Random random) {
            cell = new RandomCells("c1", observer, random);
            view.set(cell.view());
        }

        void step() {
            cell.step();
            view.set(cell.view());
        }

        StreamSession session(CellReplica of) {
            return new StreamSession(
                    publisher, HintSource.NONE, new Subscribe(of.vector(), List.of(), false));
        }
    }

    @Test
    void theFirstFrameIsASnapshotAndTheNextOnlyWhatChanged() throws FrameException {
        var agent = new Agent("h0", new Random(1));
        var replica = new CellReplica(pool, Optional.empty());
        StreamSession session = agent.session(replica);
        List<byte[]> first = session.step(0);
        assertThat(first).hasSize(1);
        apply(first, replica);
        assertThat(replica.matches()).isTrue();
        assertThat(session.step(250)).isEmpty();
        assertThat(session.step(750)).isEmpty();
        List<byte[]> alive = session.step(1_000);
        assertThat(alive).hasSize(1);
        assertThat(codec.decode(alive.getFirst())).isInstanceOf(KeepAlive.class);
        assertThat(alive.getFirst().length).isLessThan(100);
        // another stream from what is known is told nothing anew
        byte[] known = agent.session(replica).step(0).getFirst();
        assertThat(known.length).isLessThan(80).isLessThan(first.getFirst().length / 5);
        assertSame(agent, replica);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void followsEveryChange(long seed) throws FrameException {
        var random = new Random(seed);
        for (int run = 0; run < 20; run++) {
            var agent = new Agent("h0", random);
            var replica = new CellReplica(new CellPool(), Optional.empty());
            StreamSession session = agent.session(replica);
            for (int i = 0; i < 60; i++) {
                apply(session.step(i * 250L), replica);
                assertThat(replica.matches()).isTrue();
                assertSame(agent, replica);
                agent.step();
            }
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void comesToTheSameWhateverIsLostDoubledOrLate(long seed) throws FrameException {
        var random = new Random(seed);
        int differed = 0;
        for (int run = 0; run < 60; run++) {
            var agent = new Agent("h0", random);
            var replica = new CellReplica(new CellPool(), Optional.empty());
            StreamSession session = agent.session(replica);
            List<byte[]> frames = new ArrayList<>(session.step(0));
            apply(frames, replica);
            for (int i = 1; i < 30; i++) {
                agent.step();
                frames.addAll(session.step(i * 250L));
            }
            for (int i = 0; i < 2 * frames.size(); i++) {
                // names that a lost frame brought are missing: the stream would be opened anew
                applyIfKnown(frames.get(random.nextInt(frames.size())), replica);
            }
            // the keep-alive that comes at last tells the difference
            applyIfKnown(session.step(1_000_000).getLast(), replica);
            if (!replica.matches()) {
                differed++;
                // asked once for what differs
                apply(agent.session(replica).step(0), replica);
            }
            assertThat(replica.matches()).isTrue();
            assertSame(agent, replica);
        }
        assertThat(differed).isPositive();
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void goesOnWithAnyOtherAgentFromWhatIsKnown(long seed) throws FrameException {
        var random = new Random(seed);
        for (int run = 0; run < 60; run++) {
            var shared = new CellPool();
            var first = new Agent("h0", random);
            var second = new Agent("h1", random);
            var replica = new CellReplica(shared, Optional.empty());
            apply(first.session(replica).step(0), replica);
            var other = new CellReplica(shared, replica.view());
            assertThat(other.view()).isEmpty();
            StreamSession session = second.session(other);
            apply(session.step(0), other);
            assertThat(other.matches()).isTrue();
            assertSame(second, other);
            for (int i = 1; i < 10; i++) {
                second.step();
                apply(session.step(i * 250L), other);
                assertSame(second, other);
            }
        }
    }

    @Test
    void aFrameOfAnEarlierRunIsNotTaken() throws FrameException {
        var agent = new Agent("h0", new Random(7));
        var replica = new CellReplica(pool, Optional.empty());
        List<byte[]> old = agent.session(replica).step(0);
        apply(old, replica);
        ObserverView before = replica.view().orElseThrow();
        CellView view = agent.view.get();
        agent.view.set(
                new CellView(
                        view.cell(),
                        view.observer(),
                        0,
                        view.members().subList(0, 1),
                        false,
                        view.observerIncarnation() + 1,
                        true,
                        view.atMs()));
        apply(agent.session(replica).step(0), replica);
        assertThat(replica.view().orElseThrow().size()).isEqualTo(1);
        apply(old, replica);
        assertThat(replica.view().orElseThrow().size()).isEqualTo(1).isNotEqualTo(before.size());
    }

    @Test
    void beatNumbersGoOnByTheirLowByte() {
        Seqs seqs = Seqs.of(0x1_02, 0x2_05, 0x3_00);
        assertThat(seqs.after(0, 0x1_00)).isEqualTo(0x1_02);
        assertThat(seqs.after(1, 0x2_06)).isEqualTo(0x2_06);
        assertThat(seqs.after(2, 0x2_FF)).isEqualTo(0x3_00);
    }

    private void applyIfKnown(byte[] frame, CellReplica replica) {
        try {
            apply(List.of(frame), replica);
        } catch (FrameException e) {
            assertThat(e).hasMessageContaining("must be known");
        }
    }

    private void apply(List<byte[]> frames, CellReplica replica) throws FrameException {
        for (byte[] bytes : frames) {
            switch (codec.decode(bytes, replica::names)) {
                case Delta delta -> replica.apply(delta);
                case KeepAlive alive -> replica.apply(alive);
                case StreamFrame other -> throw new AssertionError(other.toString());
            }
        }
    }

    private static void assertSame(Agent agent, CellReplica replica) {
        ObserverView is = replica.view().orElseThrow();
        ObserverView should = ObserverView.of(agent.view.get());
        assertThat(is.hash()).isEqualTo(should.hash());
        assertThat(is.size()).isEqualTo(should.size());
        for (int i = 0; i < is.size(); i++) {
            assertThat(is.host(i)).isEqualTo(should.host(i));
        }
    }
}
