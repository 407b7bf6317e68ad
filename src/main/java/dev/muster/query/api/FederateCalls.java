package dev.muster.query.api;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import dev.muster.query.remote.Federation;
import dev.muster.query.remote.FederationFormat;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/// The last samples of series for another server to scrape: `/federate`. Errors are lines of text.
final class FederateCalls {
    private final Federation federation;
    private final Dispatcher dispatcher;
    private final InstantSource clock;

    FederateCalls(Federation federation, Dispatcher dispatcher, InstantSource clock) {
        this.federation = federation;
        this.dispatcher = dispatcher;
        this.clock = clock;
    }

    void handle(RoutingContext context) {
        String accept = Objects.requireNonNullElse(context.request().getHeader("Accept"), "");
        dispatcher.handle(context, "federate", true, call -> federate(accept, call));
    }

    private Answer federate(String accept, Call call) throws IOException {
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        for (String text : call.parameters().texts("match[]")) {
            try {
                selectors.add(PromQl.parseSelector(text));
            } catch (QueryException e) {
                return Answer.text(400, e.getMessage());
            }
        }
        FederationFormat format = FederationFormat.of(accept);
        Collection<Federation.Last> all = federation.last(selectors, clock.millis(), call.budget());
        return Answer.plain(
                format.contentType(), out -> format.write(all, GoNumbers::general, out));
    }
}
