package dev.muster.query.api;

import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lets pages of other origins call the API, with Prometheus' headers.
final class Cors {
    private static final String ALL = ".*";

    private final boolean all;
    private final Pattern origins;

    /// @param origins pattern on the whole origin; `.*` for all
    Cors(String origins) {
        this.all = origins.equals(ALL);
        this.origins = Pattern.compile(origins);
    }

    void allow(RoutingContext context) {
        @Nullable String origin = context.request().getHeader("Origin");
        if (origin != null && !origin.isEmpty()) {
            var headers = context.response().headers();
            headers.set(
                    "Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin");
            headers.set("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
            headers.set("Access-Control-Expose-Headers", "Date, X-Muster-Completeness");
            headers.add("Vary", "Origin");
            if (all) {
                headers.set("Access-Control-Allow-Origin", "*");
            } else if (origins.matcher(origin).matches()) {
                headers.set("Access-Control-Allow-Origin", origin);
            }
        }
    }
}
