package dev.muster.agent;

import dev.muster.federation.tls.CallerRule;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// Asks for certificates before any route.
final class CallerGate {
    private static final int FORBIDDEN = 403;

    private CallerGate() {}

    static void before(Router router, CallerRule rule) {
        router.route().order(Integer.MIN_VALUE).handler(context -> admit(context, rule));
    }

    private static void admit(RoutingContext context, CallerRule rule) {
        if (rule.admits(context.request().sslSession(), context.request().path())) {
            context.next();
        } else {
            context.response()
                    .setStatusCode(FORBIDDEN)
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end(CallerRule.REFUSAL + "\n");
        }
    }
}
