package dev.muster.query.alertmanager.peers;

import dev.muster.query.cluster.ClusterSeal;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Carries news to other nodes over HTTP, sealed with the cluster's secret.
///
/// @param http asks them
/// @param seal proves that this node is one of them
public record HttpCourier(HttpClient http, ClusterSeal seal) implements Peers.Courier {
    /// What the seal is for.
    public static final String DOMAIN = "muster-alerts-v1";

    /// Where a node takes news.
    public static final String PATH = "/internal/v1/alerts";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    public void carry(PeerView.Peer peer, byte[] news) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(peer.url().resolve(PATH))
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/octet-stream")
                        .header(ClusterSeal.HEADER, seal.seal(news))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(news))
                        .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(
                    "node="
                            + peer.name()
                            + ": news must be taken: status="
                            + response.statusCode());
        }
    }
}
