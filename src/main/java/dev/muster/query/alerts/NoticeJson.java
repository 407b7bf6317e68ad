package dev.muster.query.alerts;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Alerts as Alertmanager's API v2 takes them.
///
/// @param external labels that an alert gets that has none of that name
record NoticeJson(SortedMap<String, String> external) {
    NoticeJson {
        external = Collections.unmodifiableSortedMap(new TreeMap<>(external));
    }

    String of(List<Notice> notices) {
        JsonArray all = new JsonArray();
        notices.forEach(notice -> all.add(object(notice)));
        return all.encode();
    }

    private JsonObject object(Notice notice) {
        Map<String, String> labels = new TreeMap<>(external);
        notice.labels().forEach(labels::put);
        return new JsonObject()
                .put("annotations", object(notice.annotations()))
                .put("endsAt", time(notice.endsMs()))
                .put("startsAt", time(notice.startsMs()))
                .put("generatorURL", notice.generatorUrl())
                .put("labels", object(labels));
    }

    private static JsonObject object(Map<String, String> texts) {
        JsonObject object = new JsonObject();
        texts.forEach(object::put);
        return object;
    }

    private static String time(long timeMs) {
        return DateTimeFormatter.ISO_INSTANT.format(Instant.ofEpochMilli(timeMs));
    }
}
