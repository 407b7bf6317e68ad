package dev.muster.query.alerts;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.SortedMap;

/// The Alertmanagers of the configuration: each is told of every alert, as they are one another's
/// spare. Thread-safe.
public final class Alertmanagers implements NoticeSink, AutoCloseable {
    private final List<Lane> lanes;

    /// @param external labels that an alert gets that has none of that name
    public Alertmanagers(
            AlertmanagersConfig config,
            SortedMap<String, String> external,
            HttpClient http,
            AlertmanagerMetrics metrics) {
        NoticeJson json = new NoticeJson(external);
        lanes =
                config.urls().stream()
                        .map(url -> new Lane(url, config, json, http, metrics))
                        .toList();
        lanes.forEach(metrics::register);
    }

    /// Begins to send.
    public void start() {
        lanes.forEach(Lane::start);
    }

    @Override
    public void tell(List<Notice> notices) {
        lanes.forEach(lane -> lane.add(notices));
    }

    /// Where alerts are sent.
    public List<URI> urls() {
        return lanes.stream().map(Lane::url).toList();
    }

    @Override
    public void close() {
        lanes.forEach(Lane::stop);
    }
}
