package dev.muster.agent.intake.mqtt;

import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.ChannelState;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.PushBatch;
import dev.muster.agent.intake.PushListener;
import dev.muster.agent.intake.channel.StageChannel;
import dev.muster.model.sample.MetricType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.microprofile.reactive.messaging.Message;

/// Subscribes to topics of a broker and stores the numbers in their messages. Thread-safe.
public final class MqttListener implements PushListener {
    /*
     * Two stages with a channel between them: the session, on the event loop, and what stores. The
     * channel drops the newest message when it is full. Messages of quality 1 are acknowledged when
     * they are stored, and brokers hold more back until then, so only those of quality 0 are lost so.
     */
    private static final Logger LOG = System.getLogger(MqttListener.class.getName());
    private static final int AT_ONCE = 1_000;

    /// Most bytes of a message that is read.
    private static final int MESSAGE_LIMIT = 1 << 20;

    /// Most bytes of messages that wait, beyond one.
    private static final long BUFFER_BYTES = 8 << 20;

    private static final long RETRY_MS = 1_000;

    private final Intake intake;
    private final MessageReader reader;
    private final StageChannel<MqttPublishMessage> channel;
    private final BrokerSession session;
    private final PushBatch batch = PushBatch.byTarget();
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final LongAdder messages = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder oversized = new LongAdder();
    private volatile boolean closed;

    /// Connects, and again whenever the connection is lost.
    public MqttListener(Vertx vertx, MqttPlan plan, Intake intake, InstantSource clock) {
        this.intake = intake;
        reader = new MessageReader(plan.topics(), clock);
        channel = new StageChannel<>("mqtt", plan.bufferLimit(), AT_ONCE, this::store);
        session = new BrokerSession(vertx, plan, this::receive);
    }

    private void receive(MqttPublishMessage message) {
        messages.increment();
        int bytes = message.payload().length();
        if (bytes > MESSAGE_LIMIT) {
            // done with, or the broker would send it again and again
            oversized.increment();
            var _ = acknowledge(message);
            return;
        }
        boolean fits = bufferedBytes.addAndGet(bytes) - bytes <= BUFFER_BYTES;
        if (!fits || !channel.send(Message.of(message, () -> acknowledge(message)))) {
            bufferedBytes.addAndGet(-bytes);
            dropped.increment();
        }
    }

    private static CompletionStage<Void> acknowledge(MqttPublishMessage message) {
        if (message.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            message.ack();
        }
        return CompletableFuture.completedFuture(null);
    }

    private void store(List<Message<? extends MqttPublishMessage>> some)
            throws InterruptedException {
        for (Message<? extends MqttPublishMessage> message : some) {
            bufferedBytes.addAndGet(-message.getPayload().payload().length());
            read(message.getPayload());
        }
        store();
        some.forEach(Message::ack);
    }

    private void store() throws InterruptedException {
        while (!batch.isEmpty()) {
            try {
                intake.accept(batch, new IntakeReceipt());
                batch.clear();
            } catch (PushRefusedException e) {
                if (closed) {
                    throw new InterruptedException("listener is closed");
                }
                Thread.sleep(RETRY_MS);
            }
        }
    }

    private void read(MqttPublishMessage message) {
        try {
            if (reader.read(message.topicName(), message.payload().getBytes(), batch)) {
                return;
            }
        } catch (RuntimeException e) {
            // whatever a device sends: the next message is read
            LOG.log(Level.WARNING, "mqtt message could not be read", e);
        }
        unreadable.increment();
    }

    @Override
    public ChannelState channel() {
        return channel.state();
    }

    @Override
    public void writeMetrics(ExpositionWriter out) {
        counter(
                out,
                "muster_mqtt_messages_total",
                "Messages received from the broker.",
                messages.sum());
        counter(
                out,
                "muster_mqtt_dropped_total",
                "Messages dropped because muster.push.mqtt-buffer-limit of them, or 8 MB, waited.",
                dropped.sum());
        counter(
                out,
                "muster_mqtt_oversized_total",
                "Messages of more than 1 MB, which are not read.",
                oversized.sum());
        counter(
                out,
                "muster_mqtt_unreadable_total",
                "Messages without a number, or of a topic that nobody asked for.",
                unreadable.sum());
        counter(
                out,
                "muster_mqtt_connects_total",
                "Connections to the broker.",
                session.connects());
        counter(
                out,
                "muster_mqtt_connection_failures_total",
                "Connections to the broker that failed or ended.",
                session.failures());
        gauge(
                out,
                "muster_mqtt_connected",
                "Is the broker connected, and are the topics subscribed to?",
                session.ready() ? 1 : 0);
        gauge(
                out,
                "muster_mqtt_buffered_bytes",
                "Bytes of messages that wait to be stored.",
                bufferedBytes.get());
    }

    private static void counter(ExpositionWriter out, String name, String help, long value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }

    private static void gauge(ExpositionWriter out, String name, String help, long value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }

    @Override
    public void close() {
        closed = true;
        session.close();
        channel.close();
    }
}
