package dev.muster.agent.intake.mqtt;

import io.smallrye.reactive.messaging.mqtt.session.ExponentialBackoffDelayOptions;
import io.smallrye.reactive.messaging.mqtt.session.MqttClientSession;
import io.smallrye.reactive.messaging.mqtt.session.MqttClientSessionOptions;
import io.smallrye.reactive.messaging.mqtt.session.RequestedQoS;
import io.smallrye.reactive.messaging.mqtt.session.SessionEvent;
import io.smallrye.reactive.messaging.mqtt.session.SessionState;
import io.smallrye.reactive.messaging.mqtt.session.SubscriptionState;
import io.vertx.core.Vertx;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// A session with a broker, by SmallRye Reactive Messaging's client: connected again whenever the
/// connection is lost, with pauses that grow. Messages come on the event loop. Thread-safe.
final class BrokerSession implements AutoCloseable {
    /*
     * Messages are not acknowledged on arrival. The session stays at the broker while this is away, and
     * with it its subscriptions; they are asked for anew by each process, as the topics may be others.
     */
    private static final Logger LOG = System.getLogger(BrokerSession.class.getName());

    /// Most bytes of a message that comes whole: one beyond ends the connection, and where the
    /// broker keeps it for this session it does so again and again. So this is far beyond what is
    /// read.
    private static final int MESSAGE_LIMIT = 16 << 20;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final MqttPlan plan;
    private final MqttClientSessionOptions options;
    private final MqttClientSession session;
    private final LongAdder connects = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile boolean closed;
    private boolean subscribed;

    BrokerSession(Vertx vertx, MqttPlan plan, Consumer<MqttPublishMessage> receiver) {
        this.vertx = vertx;
        this.plan = plan;
        options = options(plan);
        readPassword();
        session = MqttClientSession.create(vertx, options);
        session.messageHandler(receiver::accept);
        session.sessionStateHandler(this::state);
        vertx.runOnContext(_ -> session.start());
    }

    private static MqttClientSessionOptions options(MqttPlan plan) {
        MqttClientSessionOptions options = new MqttClientSessionOptions();
        options.setHostname(plan.url().getHost());
        options.setPort(plan.port());
        options.setClientId(plan.clientId());
        options.setCleanSession(false);
        options.setMaxMessageSize(MESSAGE_LIMIT);
        options.setAutoAck(false);
        options.setReconnectDelay(
                new ExponentialBackoffDelayOptions()
                        .setMinimum(FIRST_PAUSE)
                        .setIncrement(FIRST_PAUSE)
                        .setMaximum(LONGEST_PAUSE));
        options.setSsl(plan.tls());
        if (plan.tls()) {
            options.setHostnameVerificationAlgorithm("HTTPS");
        }
        if (!plan.user().isEmpty()) {
            options.setUsername(plan.user());
        }
        return options;
    }

    private void readPassword() {
        if (plan.passwordFile().isEmpty()) {
            return;
        }
        try {
            options.setPassword(Files.readString(plan.passwordFile().get()).strip());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "muster.push.mqtt-password-file must be readable", e);
        }
    }

    /// Called on the event loop.
    private void state(SessionEvent event) {
        if (event.getSessionState() == SessionState.CONNECTED) {
            connects.increment();
            if (!subscribed) {
                subscribed = true;
                // when it knows whether the broker still has a session
                vertx.runOnContext(_ -> subscribe());
            }
        } else if (event.getSessionState() == SessionState.DISCONNECTED && !closed) {
            failures.increment();
            LOG.log(
                    Level.WARNING,
                    () -> "mqtt broker lost url=" + plan.url() + ": " + event.getCause());
            readPassword();
        }
    }

    private void subscribe() {
        for (TopicTemplate topic : plan.topics()) {
            session.subscribe(topic.filter(), RequestedQoS.QOS_1)
                    .onFailure(e -> LOG.log(Level.WARNING, "mqtt subscription failed", e));
        }
    }

    /// Is the broker connected, and are all topics subscribed to?
    boolean ready() {
        return session.isConnected()
                && plan.topics().stream()
                        .allMatch(topic ->
                                session.getSubscriptionState(topic.filter())
                                        == SubscriptionState.SUBSCRIBED);
    }

    /// Connections made.
    long connects() {
        return connects.sum();
    }

    /// Connections that failed or ended.
    long failures() {
        return failures.sum();
    }

    @Override
    public void close() {
        closed = true;
        vertx.runOnContext(_ -> session.stop());
    }
}
