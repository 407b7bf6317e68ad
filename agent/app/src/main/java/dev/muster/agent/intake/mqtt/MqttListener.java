package dev.muster.agent.intake.mqtt;

import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.PushBatch;
import dev.muster.agent.intake.PushListener;
import dev.muster.model.sample.MetricType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Subscribes to topics of a broker and stores the numbers in their messages. Thread-safe.
public final class MqttListener implements PushListener {
    /*
     * Two stages: the event loop that receives, and a thread that stores. Between them is a buffer with
     * a limit, which drops the newest when it is full. Messages of quality 1 are acknowledged when they
     * are stored, and brokers hold more back until then, so only those of quality 0 are lost that way.
     * The session stays at the broker while this is away.
     */
    private static final Logger LOG = System.getLogger(MqttListener.class.getName());
    private static final int MESSAGE_LIMIT = 1 << 20;
    private static final int BATCH = 1_000;

    /// Most bytes of messages that wait, beyond one.
    private static final long BUFFER_BYTES = 8 << 20;

    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 30_000;
    private static final long RETRY_MS = 1_000;

    private final Vertx vertx;
    private final MqttPlan plan;
    private final Intake intake;
    private final MessageReader reader;
    private final ArrayBlockingQueue<MqttPublishMessage> buffer;
    private final Thread storing;
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final LongAdder messages = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder connects = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile @Nullable MqttClient client;
    private volatile boolean connected;
    private volatile boolean closed;
    private long pauseMs = FIRST_PAUSE_MS;

    /// Connects, and again whenever the connection is lost.
    public MqttListener(Vertx vertx, MqttPlan plan, Intake intake, InstantSource clock) {
        this.vertx = vertx;
        this.plan = plan;
        this.intake = intake;
        reader = new MessageReader(plan.topics(), clock);
        buffer = new ArrayBlockingQueue<>(plan.bufferLimit());
        storing = Thread.ofVirtual().name("muster-mqtt").start(this::store);
        vertx.runOnContext(_ -> connect());
    }

    private MqttClientOptions options() throws IOException {
        MqttClientOptions options =
                new MqttClientOptions()
                        .setClientId(plan.clientId())
                        .setCleanSession(false)
                        .setMaxMessageSize(MESSAGE_LIMIT);
        options.setAutoAck(false);
        options.setSsl(plan.tls());
        if (plan.tls()) {
            options.setHostnameVerificationAlgorithm("HTTPS");
        }
        if (!plan.user().isEmpty()) {
            options.setUsername(plan.user());
        }
        if (plan.passwordFile().isPresent()) {
            options.setPassword(Files.readString(plan.passwordFile().get()).strip());
        }
        return options;
    }

    private void connect() {
        if (closed) {
            return;
        }
        try {
            MqttClient made = MqttClient.create(vertx, options());
            client = made;
            made.publishHandler(this::receive);
            made.subscribeCompletionHandler(_ -> connected = true);
            made.closeHandler(_ -> lost("connection closed"));
            made.connect(plan.port(), plan.url().getHost())
                    .onSuccess(_ -> subscribe(made))
                    .onFailure(e -> lost(String.valueOf(e.getMessage())));
        } catch (IOException | RuntimeException e) {
            lost("password must be readable: " + e.getMessage());
        }
    }

    private void subscribe(MqttClient made) {
        connects.increment();
        pauseMs = FIRST_PAUSE_MS;
        Map<String, Integer> topics = new HashMap<>();
        plan.topics().forEach(topic -> topics.put(topic.filter(), MqttQoS.AT_LEAST_ONCE.value()));
        made.subscribe(topics)
                .onFailure(e -> LOG.log(Level.WARNING, "mqtt subscription failed", e));
    }

    /// Called on the event loop, once for a connection or twice.
    private void lost(String why) {
        MqttClient before = client;
        if (closed || before == null) {
            return;
        }
        client = null;
        connected = false;
        failures.increment();
        LOG.log(Level.WARNING, () -> "mqtt broker lost url=" + plan.url() + ": " + why);
        vertx.setTimer(pauseMs, _ -> connect());
        pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
    }

    private void receive(MqttPublishMessage message) {
        messages.increment();
        int bytes = message.payload().length();
        if (bufferedBytes.get() > BUFFER_BYTES || !buffer.offer(message)) {
            dropped.increment();
        } else {
            bufferedBytes.addAndGet(bytes);
        }
    }

    private void store() {
        List<MqttPublishMessage> some = new ArrayList<>();
        PushBatch batch = PushBatch.byTarget();
        try {
            while (!closed) {
                MqttPublishMessage first = buffer.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    some.add(first);
                    buffer.drainTo(some, BATCH);
                    some.forEach(message -> {
                        bufferedBytes.addAndGet(-message.payload().length());
                        read(message, batch);
                    });
                    store(batch);
                    some.forEach(MqttListener::acknowledge);
                    some.clear();
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "mqtt listener ends");
        }
    }

    private void store(PushBatch batch) throws InterruptedException {
        while (!closed && !batch.isEmpty()) {
            try {
                intake.accept(batch, new IntakeReceipt());
                batch.clear();
            } catch (PushRefusedException e) {
                Thread.sleep(RETRY_MS);
            }
        }
    }

    private static void acknowledge(MqttPublishMessage message) {
        if (message.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            message.ack();
        }
    }

    private void read(MqttPublishMessage message, PushBatch batch) {
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
    public void writeMetrics(ExpositionWriter out) {
        counter(out, "muster_mqtt_messages_total", "Messages received from the broker.", messages);
        counter(
                out,
                "muster_mqtt_dropped_total",
                "Messages dropped because muster.push.mqtt-buffer-limit of them, or 8 MB, waited.",
                dropped);
        counter(
                out,
                "muster_mqtt_unreadable_total",
                "Messages without a number, or of a topic that nobody asked for.",
                unreadable);
        counter(out, "muster_mqtt_connects_total", "Connections to the broker.", connects);
        counter(
                out,
                "muster_mqtt_connection_failures_total",
                "Connections to the broker that failed or ended.",
                failures);
        gauge(
                out,
                "muster_mqtt_connected",
                "Is the broker connected, and are the topics subscribed to?",
                connected ? 1 : 0);
        gauge(out, "muster_mqtt_buffered", "Messages that wait to be stored.", buffer.size());
        gauge(
                out,
                "muster_mqtt_buffered_bytes",
                "Bytes of messages that wait to be stored.",
                bufferedBytes.get());
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value.sum());
    }

    private static void gauge(ExpositionWriter out, String name, String help, long value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }

    @Override
    public void close() {
        closed = true;
        storing.interrupt();
        MqttClient open = client;
        client = null;
        if (open != null && open.isConnected()) {
            var _ = open.disconnect();
        }
    }
}
