package dev.muster.query.api;

import dev.muster.query.load.ActiveQuery;
import dev.muster.query.load.Priority;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Says of a request who asks, and how urgent that is.
final class Origins {
    /// A client may say its class itself: `rules`, `dashboard` or `ad-hoc`.
    private static final String PRIORITY = "X-Muster-Priority";

    /// What Grafana sends when it evaluates its own alert rules.
    private static final String FROM_ALERT = "FromAlert";

    /// What Grafana sends for the panels of a dashboard.
    private static final List<String> OF_DASHBOARDS = List.of("X-Dashboard-Uid", "X-Panel-Id");

    /// How Grafana names itself for all else, such as the variables of a dashboard.
    private static final String GRAFANA = "Grafana/";

    private Origins() {}

    static Priority priority(HttpServerRequest request) {
        MultiMap headers = request.headers();
        Optional<Priority> said =
                Optional.ofNullable(headers.get(PRIORITY))
                        .map(text -> text.strip().toLowerCase(Locale.ROOT))
                        .flatMap(Priority::of);
        if (said.isPresent()) {
            return said.get();
        }
        if ("true".equalsIgnoreCase(headers.get(FROM_ALERT))) {
            return Priority.RULES;
        }
        boolean dashboard =
                OF_DASHBOARDS.stream().anyMatch(headers::contains)
                        || userAgent(request).startsWith(GRAFANA);
        return dashboard ? Priority.DASHBOARD : Priority.AD_HOC;
    }

    static ActiveQuery.Origin origin(HttpServerRequest request, Call call, String name) {
        SocketAddress client = request.remoteAddress();
        return new ActiveQuery.Origin(
                name,
                text(call),
                rangeMs(call.parameters()),
                client == null ? "" : client.hostAddress() + ":" + client.port(),
                userAgent(request));
    }

    private static String userAgent(HttpServerRequest request) {
        String agent = request.getHeader("User-Agent");
        return agent == null ? "" : agent;
    }

    private static String text(Call call) {
        String query = call.parameters().text("query");
        if (!query.isEmpty()) {
            return query;
        }
        String selectors = String.join(", ", call.parameters().texts("match[]"));
        return call.path().isEmpty() ? selectors : call.path() + ": " + selectors;
    }

    private static long rangeMs(Parameters parameters) {
        if (!parameters.has("start") || !parameters.has("end")) {
            return 0;
        }
        try {
            return Math.max(0, parameters.timeMs("end") - parameters.timeMs("start"));
        } catch (ApiException e) {
            return 0; // The call itself says what is wrong with it.
        }
    }
}
