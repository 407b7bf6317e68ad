package dev.muster.agent;

import dev.muster.agent.door.Door;
import dev.muster.agent.door.PushHandler;
import dev.muster.agent.door.PushRoute;
import io.vertx.ext.web.Router;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which paths take pushes, and what takes them.
final class PushRoutes {
    private final Door door;
    private final Supplier<Optional<Agent>> agent;

    /// @param agent empty until it has started
    PushRoutes(Door door, Supplier<Optional<Agent>> agent) {
        this.door = door;
        this.agent = agent;
    }

    void register(Router router) {}

    /// @param handler of a running agent
    void route(Router router, PushRoute route, Function<Agent, PushHandler> handler) {
        door.route(router, route, () -> agent.get().map(handler));
    }
}
