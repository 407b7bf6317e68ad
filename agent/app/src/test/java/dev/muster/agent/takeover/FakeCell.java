package dev.muster.agent.takeover;

import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A cell in one place: manifests, what was told of lost peers, and who is up. Thread-safe.
final class FakeCell {
    /// What a peer told last of a lost one.
    record Told(String by, List<ServiceState> services, ProbeResult probe) {
        ServiceState service(String instance) {
            return services.stream()
                    .filter(state -> state.instance().equals(instance))
                    .findFirst()
                    .orElseThrow(
                            () -> new AssertionError("not told: " + instance + " of " + services));
        }
    }

    final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    final Map<String, Told> told = new ConcurrentHashMap<>();
    final Map<String, Upness> upness = new ConcurrentHashMap<>();

    /// What an agent tells of its services, by host.
    final Map<String, List<ServiceState>> reports = new ConcurrentHashMap<>();

    /// What `by` told of `host` last.
    Optional<Told> told(String by, String host) {
        return Optional.ofNullable(told.get(by + " " + host));
    }

    CellLink link(String self) {
        return new CellLink() {
            @Override
            public Optional<byte[]> manifest(String host) {
                return Optional.ofNullable(manifests.get(host));
            }

            @Override
            public int manifestHash(String host) {
                return Arrays.hashCode(manifests.get(host));
            }

            @Override
            public void publish(byte[] manifest) {
                manifests.put(self, manifest);
            }

            @Override
            public void taken(
                    String host,
                    long incarnation,
                    List<ServiceState> services,
                    ProbeResult hostProbe) {
                told.put(self + " " + host, new Told(self, services, hostProbe));
            }

            @Override
            public CellView view() {
                List<Member> members =
                        upness.entrySet().stream()
                                .map(entry ->
                                        new Member(
                                                entry.getKey(),
                                                "http://127.0.0.1:1",
                                                1,
                                                entry.getValue(),
                                                reports.getOrDefault(entry.getKey(), List.of()),
                                                0,
                                                0,
                                                reports.containsKey(entry.getKey()) ? 1 : 0))
                                .sorted(Comparator.comparing(Member::host))
                                .toList();
                return new CellView("c1", self, 1, members, false, 1, true, 0);
            }
        };
    }
}
