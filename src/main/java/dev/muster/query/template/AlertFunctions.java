package dev.muster.query.template;

import dev.muster.query.template.TemplateFunction.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that Alertmanager gives to the templates of notifications.
public final class AlertFunctions {
    private AlertFunctions() {}

    /// @param clock tells how long something is ago
    public static Map<String, TemplateFunction> of(InstantSource clock) {
        Map<String, TemplateFunction> all = new HashMap<>();
        addTexts(all);
        addLists(all);
        addTimes(all, clock);
        return all;
    }

    private static void addTexts(Map<String, TemplateFunction> all) {
        TextCalls.addTo(all);
        all.put("trimSpace", text(String::strip));
        all.put("safeHtml", text(SafeText::new));
        all.put("safeUrl", text(SafeText::new));
        all.put("urlUnescape", text(AlertFunctions::unescaped));
        all.put(
                "toJson",
                TemplateFunction.of(List.of(Kind.ANY), values -> JsonText.of(values.getFirst())));
    }

    private static String unescaped(String text) throws TemplateException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new TemplateException("invalid URL escape: " + e.getMessage());
        }
    }

    private static void addLists(Map<String, TemplateFunction> all) {
        all.put(
                "join",
                TemplateFunction.of(
                        List.of(Kind.TEXT, Kind.LIST),
                        values ->
                                String.join(
                                        word(values, 0),
                                        list(values.get(1)).stream().map(GoText::of).toList())));
        all.put("stringSlice", new TemplateFunction(List.of(), Kind.TEXT, ArrayList::new));
        all.put("list", new TemplateFunction(List.of(), Kind.ANY, ArrayList::new));
        all.put(
                "append",
                new TemplateFunction(
                        List.of(Kind.LIST),
                        Kind.ANY,
                        values -> {
                            List<@Nullable Object> longer =
                                    new ArrayList<>(list(values.getFirst()));
                            longer.addAll(values.subList(1, values.size()));
                            return longer;
                        }));
        all.put("dict", new TemplateFunction(List.of(), Kind.ANY, AlertFunctions::dictionary));
    }

    private static Object dictionary(List<@Nullable Object> values) throws TemplateException {
        if (values.size() % 2 != 0) {
            throw new TemplateException(
                    "expected even number of arguments but got " + values.size());
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i += 2) {
            if (!(values.get(i) instanceof String key)) {
                throw new TemplateException("keys must be strings");
            }
            map.put(key, values.get(i + 1));
        }
        return map;
    }

    private static void addTimes(Map<String, TemplateFunction> all, InstantSource clock) {
        all.put(
                "date",
                TemplateFunction.of(
                        List.of(Kind.TEXT, Kind.TIME),
                        values -> GoLayout.format(word(values, 0), time(values.get(1)).time())));
        all.put(
                "tz",
                TemplateFunction.of(
                        List.of(Kind.TEXT, Kind.TIME),
                        values -> time(values.get(1)).in(zone(word(values, 0)))));
        all.put(
                "since",
                TemplateFunction.of(
                        List.of(Kind.TIME),
                        values ->
                                new GoDuration(
                                        Duration.between(
                                                time(values.getFirst()).time().toInstant(),
                                                clock.instant()))));
        all.put(
                "now",
                TemplateFunction.of(
                        List.of(), _ -> GoTime.ofMillis(clock.instant().toEpochMilli())));
        all.put(
                "humanizeDuration",
                TemplateFunction.of(
                        List.of(Kind.ANY),
                        values ->
                                Humanize.duration(
                                        values.getFirst() instanceof GoDuration span
                                                ? span.seconds()
                                                : Humanize.toNumber(values.getFirst()))));
    }

    private static ZoneId zone(String name) throws TemplateException {
        try {
            return name.isEmpty() ? ZoneId.of("UTC") : ZoneId.of(name);
        } catch (DateTimeException _) {
            throw new TemplateException("unknown time zone " + name);
        }
    }

    private static GoTime time(@Nullable Object value) {
        return value instanceof GoTime time
                ? time
                : new GoTime(Instant.EPOCH.atZone(ZoneId.of("UTC")));
    }

    private static List<?> list(@Nullable Object value) {
        return Methods.plain(value) instanceof List<?> list ? list : List.of();
    }

    @FunctionalInterface
    private interface OfText {
        Object apply(String text) throws TemplateException;
    }

    private static TemplateFunction text(OfText body) {
        return TemplateFunction.of(List.of(Kind.TEXT), words -> body.apply(word(words, 0)));
    }

    private static String word(List<@Nullable Object> values, int index) {
        return String.valueOf(values.get(index));
    }
}
