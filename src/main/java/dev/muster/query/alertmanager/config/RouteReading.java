package dev.muster.query.alertmanager.config;

import dev.muster.promql.DurationText;
import dev.muster.query.alertmanager.match.Matcher;
import dev.muster.query.alertmanager.match.MatcherException;
import dev.muster.query.alertmanager.match.MatcherText;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Reads the routing tree.
///
/// @param receivers names that there are
/// @param times names that there are
record RouteReading(Set<String> receivers, Set<String> times) {
    private static final String ALL = "...";

    Route root(YamlMap map) throws YamlException {
        for (String key :
                List.of(
                        "match",
                        "match_re",
                        "matchers",
                        "mute_time_intervals",
                        "active_time_intervals")) {
            if (map.size(key) > 0) {
                throw map.error(
                        key, "root route must not have any " + what(key) + ": found=" + key);
            }
        }
        if (map.text("receiver", "").isEmpty()) {
            throw map.error("receiver", "root route must specify a default receiver");
        }
        if (map.flag("continue", false)) {
            throw map.error("continue", "cannot have continue in root route");
        }
        return route(map, Route.Options.ofNobody(), "", "");
    }

    private static String what(String key) {
        return key.startsWith("match") ? "matchers" : key.replace('_', ' ');
    }

    private Route route(YamlMap map, Route.Options above, String aboveKey, String aboveId)
            throws YamlException {
        Route.Options options = options(map, above);
        List<Matcher> matchers = matchers(map, "");
        boolean continues = map.flag("continue", false);
        List<YamlMap> maps = map.maps("routes");
        map.refuseOthers();
        String key = (aboveKey.isEmpty() ? "" : aboveKey + "/") + Matcher.text(matchers);
        String id = aboveKey.isEmpty() ? key : aboveId + "/" + Matcher.text(matchers);
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < maps.size(); i++) {
            routes.add(route(maps.get(i), options, key, id + "#" + i));
        }
        return new Route(id, key, matchers, options, continues, routes);
    }

    private Route.Options options(YamlMap map, Route.Options above) throws YamlException {
        String receiver = map.text("receiver", "");
        if (!receiver.isEmpty() && !receivers.contains(receiver)) {
            throw map.error("receiver", "undefined receiver \"" + receiver + "\" used in route");
        }
        List<String> groups = map.texts("group_by");
        SortedSet<String> groupBy = groupBy(map, groups);
        return new Route.Options(
                receiver.isEmpty() ? above.receiver() : receiver,
                groups.isEmpty() ? above.groupBy() : groupBy,
                groups.isEmpty() ? above.groupByAll() : groups.contains(ALL),
                map.duration("group_wait", RouteReading::time).orElse(above.groupWait()),
                positive(map, "group_interval").orElse(above.groupInterval()),
                positive(map, "repeat_interval").orElse(above.repeatInterval()),
                names(map, "mute_time_intervals"),
                names(map, "active_time_intervals"));
    }

    private static SortedSet<String> groupBy(YamlMap map, List<String> names) throws YamlException {
        SortedSet<String> labels = new TreeSet<>();
        for (String name : names) {
            if (name.isEmpty()) {
                throw map.error("group_by", "invalid label name \"\" in group_by list");
            }
            if (!name.equals(ALL) && !labels.add(name)) {
                throw map.error("group_by", "duplicated label \"" + name + "\" in group_by");
            }
        }
        if (!labels.isEmpty() && names.contains(ALL)) {
            throw map.error(
                    "group_by",
                    "cannot have wildcard group_by (`...`) and other labels at the same time");
        }
        return labels;
    }

    private static Optional<Duration> positive(YamlMap map, String key) throws YamlException {
        Optional<Duration> duration = map.duration(key, RouteReading::time);
        if (duration.isPresent() && duration.get().isZero()) {
            throw map.error(key, key + " cannot be zero");
        }
        return duration;
    }

    private List<String> names(YamlMap map, String key) throws YamlException {
        List<String> names = map.texts(key);
        for (String name : names) {
            if (!times.contains(name)) {
                throw map.error(key, "undefined time interval \"" + name + "\" used in route");
            }
        }
        return names;
    }

    /// The matchers in the three ways of writing, sorted.
    ///
    /// @param prefix of the keys
    static List<Matcher> matchers(YamlMap map, String prefix) throws YamlException {
        List<Matcher> all = new ArrayList<>();
        add(map, prefix + "match", Matcher.Op.EQUAL, all);
        add(map, prefix + "match_re", Matcher.Op.REGEX, all);
        String key = prefix + "matchers";
        for (String text : map.texts(key)) {
            try {
                all.addAll(MatcherText.parse(text));
            } catch (MatcherException e) {
                throw map.error(key, String.valueOf(e.getMessage()));
            }
        }
        all.sort(Matcher.ORDER);
        return all;
    }

    private static void add(YamlMap map, String key, Matcher.Op op, List<Matcher> all)
            throws YamlException {
        Set<String> seen = new HashSet<>();
        for (Map.Entry<String, String> entry : map.words(key).entrySet()) {
            if (!entry.getKey().matches("[a-zA-Z_][a-zA-Z0-9_]*") || !seen.add(entry.getKey())) {
                throw map.error(key, "invalid label name \"" + entry.getKey() + "\"");
            }
            try {
                String value = entry.getValue();
                // As Alertmanager has it, which shows in the keys of groups.
                String whole = op == Matcher.Op.REGEX ? "^(?:" + value + ")$" : value;
                all.add(Matcher.of(entry.getKey(), op, whole));
            } catch (MatcherException e) {
                throw map.error(key, String.valueOf(e.getMessage()));
            }
        }
    }

    static Optional<Duration> time(String text) {
        try {
            return Optional.of(Duration.ofMillis(DurationText.parseMs(text)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
