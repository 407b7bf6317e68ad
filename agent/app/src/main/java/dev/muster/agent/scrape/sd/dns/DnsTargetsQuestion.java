package dev.muster.agent.scrape.sd.dns;

import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.Addresses;
import dev.muster.agent.scrape.sd.Found;
import dev.muster.agent.scrape.sd.RefreshingDiscovery;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Looks all names up once. A name that cannot be looked up keeps what it had. Confined to one
/// thread at a time.
final class DnsTargetsQuestion implements RefreshingDiscovery.Question {
    private final DnsTargets settings;
    private final DnsResolver resolver;
    private final Map<String, TargetGroup> last = new LinkedHashMap<>();

    DnsTargetsQuestion(DnsTargets settings, DnsResolver resolver) {
        this.settings = settings;
        this.resolver = resolver;
    }

    @Override
    public Found ask() throws IOException, InterruptedException {
        List<String> failures = new ArrayList<>();
        for (String name : settings.names()) {
            try {
                last.put(name, group(name, resolver.lookUp(name, settings.type())));
            } catch (IOException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        if (failures.size() == settings.names().size()) {
            throw new IOException(String.join("; ", failures));
        }
        return new Found(List.copyOf(last.values()), String.join("; ", failures));
    }

    private TargetGroup group(String name, List<DnsRecord> records) {
        List<Labels> targets = new ArrayList<>();
        for (DnsRecord record : records) {
            if (record.type() == settings.type()) {
                targets.add(target(record));
            }
        }
        return new TargetGroup(name, targets, Labels.of("__meta_dns_name", name));
    }

    private Labels target(DnsRecord record) {
        int port = record.type() == DnsType.SRV ? record.port() : settings.port();
        String host = withoutDot(record.target());
        Labels.Builder labels = Labels.builder();
        labels.set(TargetGroup.ADDRESS, Addresses.of(host, port));
        switch (record.type()) {
            case A, AAAA -> {}
            case SRV -> {
                labels.set("__meta_dns_srv_record_target", record.target());
                labels.set("__meta_dns_srv_record_port", Integer.toString(record.port()));
            }
            case MX -> labels.set("__meta_dns_mx_record_target", record.target());
            case NS -> labels.set("__meta_dns_ns_record_target", record.target());
        }
        return labels.build();
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
