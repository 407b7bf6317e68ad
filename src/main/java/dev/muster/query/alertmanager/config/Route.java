package dev.muster.query.alertmanager.config;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.match.Matcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// A node of the routing tree, with what it has from those above it.
///
/// @param id tells it from all others of its tree
/// @param key names it in the keys of groups: the matchers from the root to it
/// @param matchers what alerts must satisfy to be its
/// @param options what is done with its alerts
/// @param continues whether those after it are looked at, too
/// @param routes below it
public record Route(
        String id,
        String key,
        List<Matcher> matchers,
        Options options,
        boolean continues,
        List<Route> routes) {
    /// What is done with the alerts of a route.
    ///
    /// @param receiver who is told
    /// @param groupBy names of the labels whose values tell groups apart
    /// @param groupByAll whether all labels do
    /// @param groupWait how long a new group waits for more
    /// @param groupInterval how often a group is looked at then
    /// @param repeatInterval after which it is told again what is as before
    /// @param muteTimes names of the times when nobody is told
    /// @param activeTimes names of the only times when somebody is told; none for always
    public record Options(
            String receiver,
            SortedSet<String> groupBy,
            boolean groupByAll,
            Duration groupWait,
            Duration groupInterval,
            Duration repeatInterval,
            List<String> muteTimes,
            List<String> activeTimes) {
        public Options {
            groupBy = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(groupBy));
            muteTimes = List.copyOf(muteTimes);
            activeTimes = List.copyOf(activeTimes);
        }

        /// What holds where nothing is said.
        static Options ofNobody() {
            return new Options(
                    "",
                    new TreeSet<>(),
                    false,
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5),
                    Duration.ofHours(4),
                    List.of(),
                    List.of());
        }
    }

    public Route {
        matchers = List.copyOf(matchers);
        routes = List.copyOf(routes);
    }

    /// A tree of one route for all alerts.
    public static Route single(Options options) {
        return new Route("{}", "{}", List.of(), options, false, List.of());
    }

    /// The routes that an alert goes, in order; the deepest that it satisfies, or itself.
    ///
    /// @return nothing if the alert is not this route's
    public List<Route> match(Labels labels) {
        if (!Matcher.all(matchers, labels)) {
            return List.of();
        }
        List<Route> all = new ArrayList<>();
        for (Route route : routes) {
            List<Route> matched = route.match(labels);
            all.addAll(matched);
            if (!matched.isEmpty() && !route.continues) {
                break;
            }
        }
        return all.isEmpty() ? List.of(this) : all;
    }

    /// The labels that name an alert's group.
    public Labels groupLabels(Labels labels) {
        return options.groupByAll ? labels : labels.only(options.groupBy);
    }

    /// This route and all below it, in the order of the file.
    public List<Route> flat() {
        List<Route> all = new ArrayList<>();
        all.add(this);
        routes.forEach(route -> all.addAll(route.flat()));
        return all;
    }
}
