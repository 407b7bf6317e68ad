package dev.muster.query.upnessalerts;

import dev.muster.federation.member.Place;
import dev.muster.model.labels.Labels;
import dev.muster.query.alerts.Notice;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What has been told of what is amiss. No clock and no thread of its own: confined to the one that
/// looks.
final class UpnessAlertBook {
    /*
     * What is amiss is told once it has been for `settle`. Hosts of a rack that is down by then are in the rack's alert; those
     * that were told before go on by themselves, and those that are still down when the rack is not are told then.
     *
     * What is told goes on until it is well. What began FLAPS times within `flapWindow` flaps, and goes on until it has been
     * well for `calm`: it is one alert.
     *
     * What goes on is told again each `resend`, what has ended ENDED_TELLINGS times more.
     */
    static final int FLAPS = 2;
    static final int ENTRIES_LIMIT = 100_000;
    private static final int ENDED_TELLINGS = 3;
    private static final int HOLDS_FOR_RESENDS = 4;

    private final UpnessAlertSettings settings;
    private final Map<Labels, Entry> entries = new HashMap<>();
    private long overLimit;
    private long told;

    /// One trouble, and what was told of it.
    private static final class Entry {
        private Trouble trouble;
        private long firstSeenMs;
        private boolean there = true;
        private boolean firing;
        private long startsMs;
        private long wellSinceMs;
        private long endedMs;
        private long lastToldMs;
        private int endedTellings = ENDED_TELLINGS;
        private final Deque<Long> begun = new ArrayDeque<>();

        private Entry(Trouble trouble, long nowMs) {
            this.trouble = trouble;
            firstSeenMs = nowMs;
        }
    }

    UpnessAlertBook(UpnessAlertSettings settings) {
        this.settings = settings;
    }

    /// Looks once.
    ///
    /// @param troubles all that is amiss
    /// @param racks those that are down
    /// @return what is to be told
    List<Notice> look(Collection<Trouble> troubles, Map<Place, Trouble> racks, long nowMs) {
        for (Entry entry : entries.values()) {
            entry.there = false;
        }
        troubles.forEach(trouble -> seen(trouble, nowMs));
        if (settings.kinds().contains(UpnessAlertKind.RACK_DOWN)) {
            racks.values().forEach(trouble -> seen(trouble, nowMs));
        }
        List<Notice> notices = new ArrayList<>();
        Iterator<Entry> all = entries.values().iterator();
        while (all.hasNext()) {
            Entry entry = all.next();
            step(entry, racks, nowMs, notices);
            if (isForgotten(entry, nowMs)) {
                all.remove();
            }
        }
        told += notices.size();
        return notices;
    }

    private void seen(Trouble trouble, long nowMs) {
        if (!settings.kinds().contains(trouble.kind())) {
            return;
        }
        Entry entry = entries.get(trouble.labels());
        if (entry == null) {
            if (entries.size() >= ENTRIES_LIMIT) {
                overLimit++;
                return;
            }
            entry = new Entry(trouble, nowMs);
            entries.put(trouble.labels(), entry);
        }
        if (!entry.firing && entry.wellSinceMs != 0) {
            entry.firstSeenMs = nowMs;
        }
        entry.there = true;
        entry.wellSinceMs = 0;
        entry.trouble = trouble;
    }

    private void step(Entry entry, Map<Place, Trouble> racks, long nowMs, List<Notice> notices) {
        if (!entry.there && entry.wellSinceMs == 0) {
            entry.wellSinceMs = nowMs;
        }
        if (entry.there && !entry.firing) {
            begin(entry, racks, nowMs, notices);
        } else if (entry.firing && !entry.there && isOver(entry, nowMs)) {
            entry.firing = false;
            entry.endedMs = nowMs;
            entry.endedTellings = 0;
            notices.add(notice(entry, nowMs));
        } else if (nowMs - entry.lastToldMs >= settings.resend().toMillis()) {
            if (entry.firing) {
                notices.add(notice(entry, nowMs));
            } else if (entry.endedTellings < ENDED_TELLINGS) {
                entry.endedTellings++;
                notices.add(notice(entry, nowMs));
            }
        }
    }

    private void begin(Entry entry, Map<Place, Trouble> racks, long nowMs, List<Notice> notices) {
        boolean settled = nowMs - entry.firstSeenMs >= settings.settle().toMillis();
        boolean inRack =
                settings.kinds().contains(UpnessAlertKind.RACK_DOWN)
                        && racks.containsKey(entry.trouble.place());
        if (!settled || inRack) {
            return;
        }
        entry.firing = true;
        entry.startsMs = Math.min(entry.trouble.sinceMs(), nowMs);
        entry.endedTellings = ENDED_TELLINGS;
        entry.begun.addLast(nowMs);
        notices.add(notice(entry, nowMs));
    }

    private boolean isOver(Entry entry, long nowMs) {
        forgetBeginnings(entry, nowMs);
        boolean flaps = entry.trouble.flapping() || entry.begun.size() >= FLAPS;
        return !flaps || nowMs - entry.wellSinceMs >= settings.calm().toMillis();
    }

    private void forgetBeginnings(Entry entry, long nowMs) {
        long fromMs = nowMs - settings.flapWindow().toMillis();
        while (!entry.begun.isEmpty() && entry.begun.getFirst() < fromMs) {
            entry.begun.removeFirst();
        }
    }

    private boolean isForgotten(Entry entry, long nowMs) {
        forgetBeginnings(entry, nowMs);
        return !entry.there
                && !entry.firing
                && entry.endedTellings >= ENDED_TELLINGS
                && entry.begun.isEmpty();
    }

    private Notice notice(Entry entry, long nowMs) {
        entry.lastToldMs = nowMs;
        Trouble trouble = entry.trouble;
        SortedMap<String, String> labels = new TreeMap<>();
        trouble.labels().forEach(labels::put);
        labels.put("severity", settings.severity(trouble.kind(), trouble.labels()));
        SortedMap<String, String> annotations = new TreeMap<>(trouble.annotations());
        if (entry.firing && (trouble.flapping() || entry.begun.size() >= FLAPS)) {
            annotations.put("flapping", "true");
        }
        long holdsMs = nowMs + HOLDS_FOR_RESENDS * settings.resend().toMillis();
        return new Notice(
                Labels.of(labels),
                annotations,
                entry.startsMs,
                entry.firing ? holdsMs : Math.max(entry.endedMs, entry.startsMs),
                !entry.firing,
                link(trouble),
                Double.NaN,
                trouble.completeness());
    }

    private String link(Trouble trouble) {
        String name = trouble.label("job").isEmpty() ? "muster_host_up" : "muster_up";
        StringBuilder selector = new StringBuilder();
        for (String label : new String[] {"cell", "host", "job", "instance"}) {
            String value = trouble.label(label);
            if (!value.isEmpty()) {
                selector.append(selector.isEmpty() ? "" : ",")
                        .append(label)
                        .append("=\"")
                        .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        }
        String base = settings.externalUrl().toString().replaceFirst("/$", "");
        return base
                + "/graph?g0.expr="
                + URLEncoder.encode(name + "{" + selector + "}", StandardCharsets.UTF_8);
    }

    /// How many alerts fire.
    int firing() {
        return (int) entries.values().stream().filter(entry -> entry.firing).count();
    }

    /// When it must be looked at again at the latest because something settles, Unix time;
    /// [Long#MAX_VALUE] if nothing does.
    long nextMs() {
        return entries.values().stream()
                .filter(entry -> entry.there && !entry.firing)
                .mapToLong(entry -> entry.firstSeenMs + settings.settle().toMillis())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /// Troubles that were not told, as there are too many.
    long overLimit() {
        return overLimit;
    }

    /// Notices so far.
    long told() {
        return told;
    }
}
