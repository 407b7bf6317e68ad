package dev.muster.launcher.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Asks the processes how they are. Every question is bounded by a short time, as the asked one may
/// be the one that hangs.
public final class StatusClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int timeoutMs;

    /// @param timeout for connecting and for each read
    public StatusClient(Duration timeout) {
        this.timeoutMs = Math.toIntExact(timeout.toMillis());
    }

    /// Whether an address answers 200.
    public boolean answers(URI address) {
        try {
            return open(address).getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException _) {
            return false;
        }
    }

    /// The JSON an address answers, without the envelope of Prometheus' API; empty when it does not
    /// answer.
    public Optional<JsonNode> json(URI address) {
        try (var body = open(address).getInputStream()) {
            var tree = JSON.readTree(body);
            return Optional.of(tree.has("data") ? tree.get("data") : tree);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private HttpURLConnection open(URI address) throws IOException {
        var connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(timeoutMs);
        connection.setReadTimeout(timeoutMs);
        return connection;
    }
}
