package dev.muster.query.upnessalerts;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.HostState;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What is amiss in one cell. What was known of a host stands while nobody can tell how it is.
///
/// @param troubles of hosts, services and the cell itself
/// @param racks how many hosts stand at each place
record CellTroubles(List<Trouble> troubles, Map<Place, Integer> racks) {
    static final CellTroubles NONE = new CellTroubles(List.of(), Map.of());

    private static final int SHOWN = 20;

    CellTroubles {
        troubles = List.copyOf(troubles);
        racks = Map.copyOf(racks);
    }

    /// @param before what was amiss in it the last time
    /// @param nowMs when something is seen of which nobody says since when it is so
    static CellTroubles of(CellState cell, CellTroubles before, long nowMs) {
        Reading reading = new Reading(cell, before, nowMs);
        if (cell.stale()) {
            reading.all.addAll(before.ofHosts());
        } else {
            cell.hosts().forEach(reading::host);
            reading.partition();
        }
        reading.cell();
        return new CellTroubles(reading.all, cell.stale() ? before.racks : reading.racks);
    }

    private List<Trouble> ofHosts() {
        return troubles.stream()
                .filter(trouble -> trouble.kind() != UpnessAlertKind.CELL_DEGRADED)
                .toList();
    }

    /// Some names of many.
    static String names(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() <= SHOWN ? shown : shown + " and " + (names.size() - SHOWN) + " more";
    }

    /// One look at a cell.
    private static final class Reading {
        private final CellState cell;
        private final CellTroubles before;
        private final long nowMs;
        private final List<Trouble> all = new ArrayList<>();
        private final Map<Place, Integer> racks = new HashMap<>();
        private final List<String> cutOff = new ArrayList<>();

        private Reading(CellState cell, CellTroubles before, long nowMs) {
            this.cell = cell;
            this.before = before;
            this.nowMs = nowMs;
        }

        private void host(HostState host) {
            if (!host.place().rack().isEmpty()) {
                racks.merge(host.place(), 1, Integer::sum);
            }
            if (isCutOff(host)) {
                cutOff.add(host.host());
            }
            switch (host.upness()) {
                case Upness.Down(long sinceMs, Cause cause) -> down(host, sinceMs, cause);
                case Upness.Left _ -> {}
                case Upness.Unknown _ ->
                        before.troubles.stream()
                                .filter(trouble -> trouble.host().equals(host.host()))
                                .forEach(all::add);
                case Upness.Up _, Upness.Suspect _ -> services(host, _ -> true);
            }
        }

        private static boolean isCutOff(HostState host) {
            Cause why = host.upness().why().orElse(host.note());
            return why == Cause.PARTIAL || why == Cause.ONE_WAY || why == Cause.PARTITION;
        }

        /// Announced, it alarms nobody.
        private static boolean isAnnounced(HostState host) {
            return host.intent().isPresent();
        }

        private void down(HostState host, long sinceMs, Cause cause) {
            if (isAnnounced(host)) {
                return;
            }
            boolean agent = cause == Cause.AGENT_DOWN || cause == Cause.AGENT_STALLED;
            UpnessAlertKind kind = agent ? UpnessAlertKind.AGENT_DOWN : UpnessAlertKind.HOST_DOWN;
            String what = agent ? "agent of " + host.host() : "host " + host.host();
            all.add(
                    trouble(
                            kind,
                            host,
                            "",
                            "",
                            what + " is down: " + why(cause),
                            cause.name(),
                            sinceMs));
            if (agent) {
                services(host, service -> !isAgentItself(host, service));
            }
        }

        /// The agent's own endpoint is no service that failed apart from it.
        private static boolean isAgentItself(HostState host, ServiceState service) {
            String address = host.httpUrl().replaceFirst("^[a-z]+://", "").replaceFirst("/.*", "");
            String instance = service.instance();
            int colon = instance.lastIndexOf(':');
            if (colon < 0 || !address.endsWith(instance.substring(colon))) {
                return false;
            }
            String name = instance.substring(0, colon);
            return instance.equals(address)
                    || name.equals(host.host())
                    || name.equals("localhost")
                    || name.equals("[::1]")
                    || name.startsWith("127.");
        }

        /// The cause as a sentence goes on with it.
        private static String why(Cause cause) {
            return switch (cause) {
                case AGENT_DOWN -> "its process is gone";
                case AGENT_STALLED -> "its process is silent, though its port takes connections";
                case HOST_DOWN -> "a quorum does not hear it, and nothing on it answers";
                case UNREACHABLE -> "neither the agent nor its host can be reached";
                default -> cause.text();
            };
        }

        private void services(HostState host, Predicate<ServiceState> wanted) {
            if (isAnnounced(host) || host.services().count(Health.DOWN) == 0) {
                return;
            }
            for (ServiceState service : host.services().list()) {
                if (service.health() == Health.DOWN && wanted.test(service)) {
                    String reason =
                            service.reason().isEmpty()
                                    ? Cause.SERVICE_DOWN.text()
                                    : service.reason();
                    all.add(
                            trouble(
                                    UpnessAlertKind.SERVICE_DOWN,
                                    host,
                                    service.job(),
                                    service.instance(),
                                    "service "
                                            + service.job()
                                            + " at "
                                            + service.instance()
                                            + " is down: "
                                            + reason,
                                    reason,
                                    service.sinceMs()));
                }
            }
        }

        private Trouble trouble(
                UpnessAlertKind kind,
                HostState host,
                String job,
                String instance,
                String summary,
                String cause,
                long sinceMs) {
            SortedMap<String, String> labels = labels(kind, cell, host.place());
            labels.put("host", host.host());
            if (!job.isEmpty()) {
                labels.put("job", job);
                labels.put("instance", instance);
            }
            SortedMap<String, String> annotations = annotations(summary, cause);
            List<String> witnesses =
                    host.onlookers().witnesses().isEmpty()
                            ? cell.observers().stream()
                                    .filter(name -> !name.equals(host.host()))
                                    .toList()
                            : host.onlookers().witnesses();
            annotations.put("witnesses", names(witnesses));
            return new Trouble(
                    kind,
                    Labels.of(labels),
                    annotations,
                    sinceMs,
                    kind == UpnessAlertKind.HOST_DOWN ? host.place() : Place.NONE,
                    host.flapping(),
                    cell.coverage());
        }

        private void partition() {
            if (cutOff.isEmpty()) {
                return;
            }
            SortedMap<String, String> annotations =
                    annotations(
                            "agents of cell " + cell.cell() + " do not all hear each other",
                            "partly reachable");
            annotations.put("hosts", names(cutOff));
            all.add(ofCell(UpnessAlertKind.PARTITION, annotations));
        }

        private void cell() {
            if (cell.stale()) {
                all.add(
                        ofCell(
                                UpnessAlertKind.CELL_DEGRADED,
                                annotations(
                                        "nobody of cell " + cell.cell() + " is heard",
                                        Cause.NO_OBSERVER.text())));
            } else if (cell.degraded()) {
                SortedMap<String, String> annotations =
                        annotations(
                                "cell " + cell.cell() + " knows of its hosts by probes only",
                                "degraded");
                annotations.put("witnesses", names(cell.observers()));
                all.add(ofCell(UpnessAlertKind.CELL_DEGRADED, annotations));
            }
        }

        private Trouble ofCell(UpnessAlertKind kind, SortedMap<String, String> annotations) {
            Labels labels = Labels.of(labels(kind, cell, new Place(cell.zone(), "")));
            long sinceMs =
                    before.troubles.stream()
                            .filter(trouble -> trouble.labels().equals(labels))
                            .mapToLong(Trouble::sinceMs)
                            .findFirst()
                            .orElse(nowMs);
            return new Trouble(
                    kind, labels, annotations, sinceMs, Place.NONE, false, cell.coverage());
        }

        private static SortedMap<String, String> labels(
                UpnessAlertKind kind, CellState cell, Place place) {
            SortedMap<String, String> labels = new TreeMap<>();
            labels.put("alertname", kind.alertName());
            labels.put("cell", cell.cell());
            if (!place.zone().isEmpty()) {
                labels.put("zone", place.zone());
            }
            if (!place.rack().isEmpty()) {
                labels.put("rack", place.rack());
            }
            return labels;
        }

        private static SortedMap<String, String> annotations(String summary, String cause) {
            SortedMap<String, String> annotations = new TreeMap<>();
            annotations.put("summary", summary);
            annotations.put("cause", cause);
            return annotations;
        }
    }
}
