package dev.muster.agent.services.registry;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a service says of itself. Made by [RegistrationReader], which refuses what does not hold.
///
/// @param id unique at the agent
/// @param name name of the service, which becomes its job
/// @param address address or name of this host at which it is reached
/// @param port 1 to 65535
/// @param metricsPath where its metrics are; empty if it has none to scrape
/// @param scheme `http` or `https`
/// @param interval between two scrapes; the agent's own where absent
/// @param tags words of its own
/// @param meta owner, team, runbook and whatever else is said of it
/// @param check how the agent looks whether it is well
/// @param ttl how long a heartbeat holds; absent if it sends none
/// @param deregisterAfter it is forgotten when it was critical for so long; never where absent
public record Registration(
        String id,
        String name,
        String address,
        int port,
        String metricsPath,
        String scheme,
        Optional<Duration> interval,
        List<String> tags,
        Map<String, String> meta,
        Optional<ServiceCheck> check,
        Optional<Duration> ttl,
        Optional<Duration> deregisterAfter) {
    public Registration {
        tags = List.copyOf(tags);
        meta = Collections.unmodifiableMap(new LinkedHashMap<>(meta));
    }

    /// The address as targets are named.
    public String instance() {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }

    /// Is it scraped?
    public boolean isScraped() {
        return !metricsPath.isEmpty();
    }

    /// Does anything tell how it is, beside its scrapes?
    public boolean isChecked() {
        return check.isPresent() || ttl.isPresent();
    }

    /// What tells how it is: `http`, `tcp`, `ttl`; empty for nothing.
    public String checkKind() {
        return check.map(ServiceCheck::kind).orElse(ttl.isPresent() ? "ttl" : "");
    }
}
