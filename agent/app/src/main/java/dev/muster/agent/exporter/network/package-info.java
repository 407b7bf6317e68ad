/// Collectors of network devices, protocols and fabrics.
@NullMarked
package dev.muster.agent.exporter.network;

import org.jspecify.annotations.NullMarked;
