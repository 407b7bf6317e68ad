package dev.muster.agent.scrape.sd.dns;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.sd.RefreshingDiscovery;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/// An entry of `dns_sd_configs`.
///
/// @param names looked up; relative ones in the search domains of this host, too
/// @param type of records
/// @param port of the targets; SRV records bring their own
/// @param refreshInterval from an answer to the next question
public record DnsTargets(List<String> names, DnsType type, int port, Duration refreshInterval)
        implements DiscoverySettings {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    public DnsTargets {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("names must hold at least one name");
        }
        if (type != DnsType.SRV && (port < 1 || port > 65_535)) {
            throw new IllegalArgumentException(
                    "port must be 1 to 65535 for records other than SRV: type="
                            + type
                            + ", port="
                            + port);
        }
        for (String name : names) {
            DnsMessage.checkName(name);
        }
    }

    @Override
    public String kind() {
        return "dns";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        return open(context, RESOLV_CONF, 53);
    }

    /// @param resolvConf names the servers
    /// @param serverPort port of all of them
    Discovery open(DiscoveryContext context, Path resolvConf, int serverPort) {
        DnsResolver resolver = new DnsResolver(resolvConf, serverPort, new SecureRandom());
        return RefreshingDiscovery.start(
                kind(),
                String.join(",", names),
                refreshInterval,
                new DnsTargetsQuestion(this, resolver),
                context);
    }
}
