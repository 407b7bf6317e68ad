package dev.muster.agent.scrape.job;

import java.util.Optional;

/// How much of a Kubernetes cluster an agent sees.
///
/// @param node name of the node that this process runs on, if it is known
/// @param cluster the whole cluster rather than that node
public record KubernetesScope(Optional<String> node, boolean cluster) {}
