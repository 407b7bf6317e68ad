package dev.muster.query.alerts;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// Which Alertmanagers are told of alerts.
///
/// @param urls of them, without the path of their API
/// @param queueCapacity most alerts that wait for each
/// @param timeout longest time for an answer
public record AlertmanagersConfig(List<URI> urls, int queueCapacity, Duration timeout) {
    public AlertmanagersConfig {
        urls = List.copyOf(urls);
        if (queueCapacity < 1 || !timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "alertmanagers must have a queue and a timeout: queue-capacity="
                            + queueCapacity
                            + ", timeout="
                            + timeout);
        }
    }
}
