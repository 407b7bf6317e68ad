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
        switch (rule.judge(context.request().sslSession(), context.request().path())) {
            case ADMITTED -> context.next();
            case NO_CERTIFICATE -> refuse(context, CallerRule.REFUSAL);
            case NOT_FOR_AGENTS -> refuse(context, CallerRule.ROLE_REFUSAL);
        }
    }

    private static void refuse(RoutingContext context, String why) {
        context.response()
                .setStatusCode(FORBIDDEN)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(why + "\n");
    }
}
