package dev.muster.query.alertmanager.config;

import dev.muster.query.receivers.Receiver;
import dev.muster.query.receivers.ReceiverBook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a configuration file says.
///
/// @param resolveTimeout after which an alert has ended of which nobody says when
/// @param route the root of the tree
/// @param inhibitRules in the order of the file
/// @param times by name
/// @param receivers who may be told
/// @param templates patterns of files
/// @param shown the file as the API shows it, without secrets
public record AlertmanagerConfig(
        Duration resolveTimeout,
        Route route,
        List<InhibitRule> inhibitRules,
        Map<String, List<TimeInterval>> times,
        ReceiverBook receivers,
        List<String> templates,
        String shown) {
    /// Until when an alert holds of which nobody says when it ends, by default.
    public static final Duration RESOLVE_TIMEOUT = Duration.ofMinutes(5);

    /// The receiver of a node without a configuration file.
    public static final String NOBODY = "nobody";

    public AlertmanagerConfig {
        inhibitRules = List.copyOf(inhibitRules);
        times = Map.copyOf(times);
        templates = List.copyOf(templates);
    }

    /// What holds without a file: alerts are grouped by name and shown, and nobody is told.
    public static AlertmanagerConfig ofNobody() {
        Route.Options none = Route.Options.ofNobody();
        Route.Options options =
                new Route.Options(
                        NOBODY,
                        new java.util.TreeSet<>(List.of("alertname")),
                        false,
                        Duration.ofSeconds(1),
                        none.groupInterval(),
                        none.repeatInterval(),
                        List.of(),
                        List.of());
        return new AlertmanagerConfig(
                RESOLVE_TIMEOUT,
                Route.single(options),
                List.of(),
                new TreeMap<>(),
                new Nobody(),
                List.of(),
                "route:\n  receiver: nobody\n  group_by: [alertname]\n  group_wait: 1s\n"
                        + "receivers:\n- name: nobody\n");
    }

    /// Does any of the named times hold?
    public boolean holds(List<String> names, Instant time) {
        return names.stream()
                .flatMap(name -> times.getOrDefault(name, List.of()).stream())
                .anyMatch(interval -> interval.contains(time));
    }

    private record Nobody() implements ReceiverBook {
        @Override
        public List<String> names() {
            return List.of(NOBODY);
        }

        @Override
        public List<Receiver> receivers(String name) {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
