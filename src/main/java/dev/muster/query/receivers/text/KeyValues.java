package dev.muster.query.receivers.text;

import dev.muster.query.template.Fields;
import dev.muster.query.template.Methods;
import dev.muster.query.template.TemplateFunction;
import dev.muster.query.template.TemplateFunction.Kind;
import dev.muster.query.template.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Labels or annotations in a template: a map with methods.
///
/// @param words the map
record KeyValues(Words words) implements Methods {
    private static final String FIRST = "alertname";

    static KeyValues of(SortedMap<String, String> map) {
        return new KeyValues(new Words(map));
    }

    @Override
    public @Nullable Object value() {
        return words;
    }

    @Override
    public String type() {
        return "template.KV";
    }

    @Override
    public Optional<TemplateFunction> method(String name) {
        return switch (name) {
            case "SortedPairs" -> Optional.of(plain(pairs()));
            case "Names" -> Optional.of(plain(pairs().names()));
            case "Values" -> Optional.of(plain(pairs().values()));
            case "Remove" ->
                    Optional.of(
                            TemplateFunction.of(
                                    List.of(Kind.LIST), names -> without(names.getFirst())));
            default -> Optional.empty();
        };
    }

    private static TemplateFunction plain(Object value) {
        return TemplateFunction.of(List.of(), _ -> value);
    }

    private KeyValues without(@Nullable Object names) {
        SortedMap<String, String> rest = new TreeMap<>(words.entries());
        if (names instanceof List<?> list) {
            rest.keySet().removeAll(list);
        }
        return of(rest);
    }

    /// By name, that of the alert first.
    private Pairs pairs() {
        List<Map.Entry<String, String>> sorted = new ArrayList<>(words.entries().entrySet());
        sorted.sort((a, b) ->
                a.getKey().equals(FIRST) == b.getKey().equals(FIRST)
                        ? a.getKey().compareTo(b.getKey())
                        : a.getKey().equals(FIRST) ? -1 : 1);
        return new Pairs(sorted);
    }

    /// Names with their values, in order.
    private record Pairs(List<Map.Entry<String, String>> entries) implements Methods {
        @Override
        public Object value() {
            return entries.stream()
                    .map(entry ->
                            new Fields(
                                    "template.Pair",
                                    ordered("Name", entry.getKey(), "Value", entry.getValue())))
                    .toList();
        }

        private static Map<String, @Nullable Object> ordered(
                String key, String value, String otherKey, String otherValue) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put(key, value);
            map.put(otherKey, otherValue);
            return map;
        }

        private List<String> names() {
            return entries.stream().map(Map.Entry::getKey).toList();
        }

        private List<String> values() {
            return entries.stream().map(Map.Entry::getValue).toList();
        }

        @Override
        public String type() {
            return "template.Pairs";
        }

        @Override
        public Optional<TemplateFunction> method(String name) {
            return switch (name) {
                case "Names" -> Optional.of(plain(names()));
                case "Values" -> Optional.of(plain(values()));
                default -> Optional.empty();
            };
        }
    }
}
