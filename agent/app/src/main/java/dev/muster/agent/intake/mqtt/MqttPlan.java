package dev.muster.agent.intake.mqtt;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Which messages are taken from which broker.
///
/// @param url `tcp://host:port` or `ssl://host:port`
/// @param topics what is subscribed to, with names for its levels; at least one
/// @param clientId name of this client, which the broker keeps messages for
/// @param user name of the user; empty for none
/// @param passwordFile holds the password
/// @param bufferLimit most messages that wait to be stored, 2 to 1000000; beyond, the newest are
///   dropped
public record MqttPlan(
        URI url,
        List<TopicTemplate> topics,
        String clientId,
        String user,
        Optional<Path> passwordFile,
        int bufferLimit) {
    private static final int MOST_BUFFERED = 1_000_000;

    public MqttPlan {
        topics = List.copyOf(topics);
        boolean known = "tcp".equals(url.getScheme()) || "ssl".equals(url.getScheme());
        if (!known || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "mqtt-url must be tcp://host:port or ssl://host:port: found=" + url);
        }
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("mqtt-topics must name a topic");
        }
        if (bufferLimit < 2 || bufferLimit > MOST_BUFFERED) {
            throw new IllegalArgumentException(
                    "mqtt-buffer-limit must be 2 to " + MOST_BUFFERED + ": found=" + bufferLimit);
        }
    }

    boolean tls() {
        return "ssl".equals(url.getScheme());
    }

    int port() {
        int standard = tls() ? 8883 : 1883;
        return url.getPort() < 0 ? standard : url.getPort();
    }
}
