package dev.muster.agent.services.listener;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import java.nio.file.Path;
import java.time.Duration;

/// Processes of this host that listen on a port: an entry of `muster_listener_sd_configs`.
///
/// @param policy which of them may be asked
/// @param refreshInterval how often new ones are looked for, 1 s to 1 h; one that ends is noticed
///   within a second
/// @param path path and query at which they are asked
/// @param tls asks over TLS
/// @param procfs where the host's procfs is mounted
/// @param allNetworks looks into the network namespaces of containers, too
public record ListenerSettings(
        ListenerPolicy policy,
        Duration refreshInterval,
        String path,
        boolean tls,
        Path procfs,
        boolean allNetworks)
        implements DiscoverySettings {
    public static final Duration REFRESH = Duration.ofSeconds(5);

    public ListenerSettings {
        if (refreshInterval.toMillis() < 1_000 || refreshInterval.toMillis() > 3_600_000) {
            throw new IllegalArgumentException(
                    "refresh_interval must be 1s to 1h: found="
                            + refreshInterval.toMillis()
                            + "ms");
        }
        if (!path.startsWith("/") || path.length() > 512 || !path.matches("[!-~]+")) {
            throw new IllegalArgumentException(
                    "path must start with / and have at most 512 signs, none of them blank: found="
                            + path);
        }
    }

    @Override
    public String kind() {
        return "listener";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        Procfs files = new Procfs(procfs);
        int own = Procfs.number(files.link("self"));
        ListenerDiscovery discovery =
                new ListenerDiscovery(
                        this,
                        context,
                        new HttpProbe(path, tls, System::nanoTime),
                        pid -> pid == own);
        discovery.start();
        return discovery;
    }
}
