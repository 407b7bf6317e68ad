package dev.muster.query.expected;

import dev.muster.federation.member.Names;
import java.util.Comparator;

/// A host, or a service of a host.
///
/// @param host name of the host
/// @param job of the service; empty for the host itself
/// @param instance of the service; empty for the host itself
public record ExpectedKey(String host, String job, String instance)
        implements Comparable<ExpectedKey> {
    private static final Comparator<ExpectedKey> ORDER =
            Comparator.comparing(ExpectedKey::host)
                    .thenComparing(ExpectedKey::job)
                    .thenComparing(ExpectedKey::instance);

    public ExpectedKey {
        Names.refuseBadHost(host);
        if (job.isEmpty() != instance.isEmpty()) {
            throw new IllegalArgumentException(
                    "a service must have a job and an instance: host="
                            + host
                            + ", job="
                            + job
                            + ", instance="
                            + instance);
        }
    }

    /// The host itself.
    public static ExpectedKey ofHost(String host) {
        return new ExpectedKey(host, "", "");
    }

    /// Whether it is a host rather than a service.
    public boolean isHost() {
        return job.isEmpty();
    }

    @Override
    public int compareTo(ExpectedKey other) {
        return ORDER.compare(this, other);
    }
}
