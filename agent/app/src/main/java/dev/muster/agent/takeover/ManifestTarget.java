package dev.muster.agent.takeover;

import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.model.labels.Labels;
import java.util.Optional;

/// One target of an agent, as its peers need it.
///
/// @param profile how it is scraped
/// @param labels of all its series: `job`, `instance` and those of its group
/// @param info what is known of its service: labels of its `target_info`
/// @param endpoint where other hosts find it; empty where they cannot
/// @param spread what its ticks are spread by: the same at its agent and at the peers, so that
///   samples of both have the same times
/// @param unprobeable why other hosts cannot find it; empty where they can
record ManifestTarget(
        ScrapeProfile profile,
        Labels labels,
        Labels info,
        Optional<Endpoint.Http> endpoint,
        int spread,
        String unprobeable) {
    ManifestTarget {
        if (endpoint.isPresent() != unprobeable.isEmpty()) {
            throw new IllegalArgumentException(
                    "manifest target must have an endpoint or a reason why not: labels="
                            + labels
                            + ", unprobeable="
                            + unprobeable);
        }
    }

    String job() {
        return labels.valueOf("job");
    }

    String instance() {
        return labels.valueOf("instance");
    }
}
