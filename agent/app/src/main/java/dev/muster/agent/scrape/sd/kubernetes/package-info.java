/// Pods, endpoints, services and nodes of a Kubernetes cluster, those of this node only unless told
/// otherwise.
@NullMarked
package dev.muster.agent.scrape.sd.kubernetes;

import org.jspecify.annotations.NullMarked;
