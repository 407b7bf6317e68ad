package dev.muster.agent.scrape.job;

import java.util.List;

/// Targets that stand in the configuration itself: an entry of `static_configs`.
///
/// @param group the targets
public record StaticTargets(TargetGroup group) implements DiscoverySettings {
    @Override
    public String kind() {
        return "static";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        DiscoveryState state =
                new DiscoveryState(List.of(group), Math.max(0, context.clock().millis()), "");
        return new Known(state);
    }

    private record Known(DiscoveryState state) implements Discovery {
        @Override
        public String kind() {
            return "static";
        }

        @Override
        public void close() {}
    }
}
