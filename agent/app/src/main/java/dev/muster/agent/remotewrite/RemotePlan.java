package dev.muster.agent.remotewrite;

import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.relabel.RelabelRule;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A store that samples are sent to: one entry of `remote_write`.
///
/// @param name unique among the entries; names its place in the log, so that it is kept over
///   restarts
/// @param url requests go there
/// @param version of the protocol
/// @param timeout of one request
/// @param headers sent beside those of the protocol
/// @param access credentials, TLS, proxies
/// @param rules applied to each series
/// @param exemplars are they sent?
/// @param histograms are native histograms sent?
/// @param metadataInterval how often metadata are sent by version 1; zero for never
/// @param queue how requests are made
public record RemotePlan(
        String name,
        URI url,
        Version version,
        Duration timeout,
        Map<String, String> headers,
        HttpAccess access,
        List<RelabelRule> rules,
        boolean exemplars,
        boolean histograms,
        Duration metadataInterval,
        Queue queue) {
    /// Version of the protocol.
    public enum Version {
        /// `prometheus.WriteRequest`
        FIRST,
        /// `io.prometheus.write.v2.Request`
        SECOND
    }

    public RemotePlan {
        headers = Map.copyOf(headers);
        rules = List.copyOf(rules);
        if (name.isEmpty() || url.getHost() == null || !timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "remote_write must have a name, a url with a host and a timeout: name="
                            + name
                            + ", url="
                            + url
                            + ", timeout="
                            + timeout);
        }
    }

    /// How requests are made.
    ///
    /// @param shards most requests at one time; series are divided among them
    /// @param samplesPerSend most samples of a request
    /// @param deadline a request waits so long for more samples
    /// @param minBackoff from a failure to the next try, doubled with each further one
    /// @param maxBackoff at most
    /// @param retryOn429 false drops what a store refuses as too much
    /// @param ageLimit older samples are not sent; zero for no limit
    public record Queue(
            int shards,
            int samplesPerSend,
            Duration deadline,
            Duration minBackoff,
            Duration maxBackoff,
            boolean retryOn429,
            Duration ageLimit) {
        public static final Queue DEFAULT =
                new Queue(
                        4,
                        2_000,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(30),
                        Duration.ofSeconds(5),
                        true,
                        Duration.ZERO);

        public Queue {
            if (shards < 1
                    || shards > 64
                    || samplesPerSend < 1
                    || samplesPerSend > 100_000
                    || !minBackoff.isPositive()
                    || minBackoff.compareTo(maxBackoff) > 0
                    || !deadline.isPositive()
                    || ageLimit.isNegative()) {
                throw new IllegalArgumentException(
                        "queue_config must have max_shards from 1 to 64, max_samples_per_send from"
                                + " 1 to 100000, and times above 0, min_backoff at most"
                                + " max_backoff: max_shards="
                                + shards
                                + ", max_samples_per_send="
                                + samplesPerSend
                                + ", min_backoff="
                                + minBackoff
                                + ", max_backoff="
                                + maxBackoff);
            }
        }
    }
}
