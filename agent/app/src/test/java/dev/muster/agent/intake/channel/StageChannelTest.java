package dev.muster.agent.intake.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.ChannelState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

class StageChannelTest {
    private static final int LIMIT = 64;

    private final List<Integer> taken = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger acknowledged = new AtomicInteger();

    private Message<Integer> message(int number) {
        return Message.of(
                number,
                () -> {
                    acknowledged.incrementAndGet();
                    return CompletableFuture.completedFuture(null);
                });
    }

    private void take(List<Message<? extends Integer>> some) {
        some.forEach(message -> {
            taken.add(message.getPayload());
            message.ack();
        });
    }

    @Test
    void holdsNoMoreThanItsLimitAndGoesOnAfterwards() {
        CountDownLatch busy = new CountDownLatch(1);
        try (StageChannel<Integer> channel =
                new StageChannel<>(
                        "test",
                        LIMIT,
                        10,
                        some -> {
                            busy.await();
                            take(some);
                        })) {
            List<Integer> sent = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                if (channel.send(message(i))) {
                    sent.add(i);
                }
                assertThat(channel.state().depth()).isLessThanOrEqualTo(LIMIT);
            }
            assertThat(sent).hasSizeBetween(LIMIT / 2, LIMIT + 10);
            assertThat(channel.state().dropped()).isEqualTo(1_000 - sent.size());
            busy.countDown();
            await().untilAsserted(() -> assertThat(taken).isEqualTo(sent));
            assertThat(acknowledged).hasValue(sent.size());
            await().until(() -> channel.state().depth() == 0);
            assertThat(channel.send(message(7))).isTrue();
            await().until(() -> taken.getLast() == 7);
        }
    }

    @Test
    void goesOnWhenItsStageFails() {
        try (StageChannel<Integer> channel =
                new StageChannel<>(
                        "test",
                        LIMIT,
                        1,
                        some -> {
                            if (some.getFirst().getPayload() == 1) {
                                throw new IllegalStateException("as the test wants it");
                            }
                            take(some);
                        })) {
            channel.send(message(1));
            channel.send(message(2));
            await().until(() -> taken.equals(List.of(2)));
            assertThat(channel.state().failures()).isEqualTo(1);
        }
    }

    @Test
    void tellsHowItIs() {
        ExpositionWriter out = new ExpositionWriter();
        ChannelState.write(
                List.of(new ChannelState("mqtt", 10, StageChannel.OVERFLOW, 3, 8, 5, 0)), out);
        assertThat(new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8))
                .contains("muster_channel_depth{channel=\"mqtt\"} 3\n")
                .contains("muster_channel_limit{channel=\"mqtt\"} 10\n")
                .contains(
                        "muster_channel_dropped_total{channel=\"mqtt\",overflow=\"buffer_then_drop_newest\"}"
                            + " 5\n");
    }

    @Test
    void wantsALimit() {
        assertThatThrownBy(() -> new StageChannel<Integer>("test", 1, 1, _ -> {}))
                .hasMessage(
                        "channel must hold at least 2 messages and give 1: channel=test, limit=1,"
                                + " atOnce=1");
    }
}
