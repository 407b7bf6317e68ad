package dev.muster.blocks.upness;

import java.util.Comparator;

/// A host, or a service of a host.
///
/// @param cell name of its cell
/// @param host name of the host
/// @param job the service's scrape job; empty for the host itself
/// @param instance the service's address; empty for the host itself
public record UpnessTarget(String cell, String host, String job, String instance)
        implements Comparable<UpnessTarget> {
    private static final Comparator<UpnessTarget> ORDER =
            Comparator.comparing(UpnessTarget::cell)
                    .thenComparing(UpnessTarget::host)
                    .thenComparing(UpnessTarget::job)
                    .thenComparing(UpnessTarget::instance);

    public UpnessTarget {
        if (cell.isEmpty() || host.isEmpty()) {
            throw new IllegalArgumentException(
                    "upness target: cell and host must be given: cell=" + cell + ", host=" + host);
        }
    }

    /// A host.
    public static UpnessTarget ofHost(String cell, String host) {
        return new UpnessTarget(cell, host, "", "");
    }

    /// Whether it is a host, not a service.
    public boolean isHost() {
        return job.isEmpty() && instance.isEmpty();
    }

    @Override
    public int compareTo(UpnessTarget other) {
        return ORDER.compare(this, other);
    }
}
