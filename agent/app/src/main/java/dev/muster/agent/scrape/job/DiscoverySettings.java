package dev.muster.agent.scrape.job;

/// How targets are found: one entry of `static_configs`, `file_sd_configs` and so on. Two that are
/// equal find the same, so that a reload leaves a discovery alone whose settings are equal; where
/// they stand in the file is not part of them.
public interface DiscoverySettings {
    /// Name of the kind as the file's keys begin: `static`, `file`, `http`, …
    String kind();

    /// Starts to look. Does not fail and does not wait: what goes wrong is in the state. Kinds that
    /// know their targets without asking anyone have them in their first state.
    Discovery open(DiscoveryContext context);
}
