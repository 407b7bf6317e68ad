/// Collectors of what the machine is made of: sensors, power, memory errors, buses.
@NullMarked
package dev.muster.agent.exporter.hardware;

import org.jspecify.annotations.NullMarked;
