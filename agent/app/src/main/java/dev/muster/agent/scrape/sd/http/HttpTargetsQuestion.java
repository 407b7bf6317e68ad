package dev.muster.agent.scrape.sd.http;

import dev.muster.agent.scrape.job.HttpAnswer;
import dev.muster.agent.scrape.job.HttpQuestion;
import dev.muster.agent.scrape.job.HttpRequests;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.Found;
import dev.muster.agent.scrape.sd.JsonView;
import dev.muster.agent.scrape.sd.RefreshingDiscovery;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gets the list of groups once.
final class HttpTargetsQuestion implements RefreshingDiscovery.Question {
    private static final Duration TIMEOUT_LIMIT = Duration.ofSeconds(60);
    private static final long BODY_BYTES_LIMIT = 16 << 20;

    private final HttpQuestion question;
    private final HttpRequests http;

    HttpTargetsQuestion(HttpTargets settings, HttpRequests http) {
        this.http = http;
        Duration interval = settings.refreshInterval();
        // the server may plan by how often it is asked
        String seconds = Double.toString(interval.toMillis() / 1e3).replaceFirst("\\.0$", "");
        question =
                new HttpQuestion(
                        settings.url(),
                        Optional.empty(),
                        settings.access(),
                        Map.of(
                                "Accept",
                                "application/json",
                                "X-Prometheus-Refresh-Interval-Seconds",
                                seconds),
                        interval.compareTo(TIMEOUT_LIMIT) < 0 ? interval : TIMEOUT_LIMIT,
                        BODY_BYTES_LIMIT);
    }

    @Override
    public Found ask() throws IOException, InterruptedException {
        HttpAnswer answer = http.get(question);
        if (answer.status() != 200) {
            throw new IOException(
                    "url=" + question.uri() + ": status must be 200: found=" + answer.status());
        }
        if (!answer.mediaType().equals("application/json")) {
            throw new IOException(
                    "url="
                            + question.uri()
                            + ": content type must be application/json: found="
                            + answer.header("Content-Type"));
        }
        return Found.whole(groups(answer.body()));
    }

    private List<TargetGroup> groups(byte[] body) throws IOException {
        List<TargetGroup> groups = new ArrayList<>();
        for (JsonView group : JsonView.objects(body, "answer of " + question.uri())) {
            List<Labels> targets = new ArrayList<>();
            for (String target : group.texts("targets")) {
                targets.add(Labels.of(TargetGroup.ADDRESS, target));
            }
            Labels.Builder labels = Labels.builder();
            group.words("labels")
                    .forEach((name, value) -> {
                        if (!name.isEmpty()) {
                            labels.set(name, value);
                        }
                    });
            labels.set("__meta_url", question.uri().toString());
            String source = question.uri() + ":" + groups.size();
            groups.add(new TargetGroup(source, targets, labels.build()));
        }
        return groups;
    }
}
