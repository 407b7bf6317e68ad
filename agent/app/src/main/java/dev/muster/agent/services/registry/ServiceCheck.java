package dev.muster.agent.services.registry;

import java.time.Duration;

/// How the agent looks whether a service is well.
public sealed interface ServiceCheck {
    /// Between two looks, 1 s to 1 d.
    Duration interval();

    /// For one look, 100 ms to 1 min.
    Duration timeout();

    /// `http` or `tcp`.
    String kind();

    /// Address or name that is asked.
    String host();

    int port();

    /// A GET that has to be answered with a status of 200 to 299; 429 is a warning.
    ///
    /// @param path path and query
    record Http(
            boolean tls, String host, int port, String path, Duration interval, Duration timeout)
            implements ServiceCheck {
        @Override
        public String kind() {
            return "http";
        }
    }

    /// A connection that has to be taken.
    record Tcp(String host, int port, Duration interval, Duration timeout) implements ServiceCheck {
        @Override
        public String kind() {
            return "tcp";
        }
    }
}
