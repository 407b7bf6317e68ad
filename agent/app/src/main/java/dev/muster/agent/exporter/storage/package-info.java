/// Collectors of file systems, volumes and disks beyond /proc/diskstats.
@NullMarked
package dev.muster.agent.exporter.storage;

import org.jspecify.annotations.NullMarked;
