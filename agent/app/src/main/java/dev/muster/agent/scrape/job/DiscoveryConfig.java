package dev.muster.agent.scrape.job;

/// A way to find targets and where it was configured.
///
/// @param settings what is looked for and how
/// @param place where that stands
public record DiscoveryConfig(DiscoverySettings settings, Place place) {
    public String kind() {
        return settings.kind();
    }
}
