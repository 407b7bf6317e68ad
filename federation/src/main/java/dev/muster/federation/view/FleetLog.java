package dev.muster.federation.view;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.FleetEvent.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What has changed in the fleet, told as events and kept for a while. What is known when a cell is
/// first heard of is no event. Thread-safe.
public final class FleetLog implements CellListener {
    /*
     * Silence says nothing of a host: while its cell is silent, the log remembers what was known, and goes on from there. A
     * silent cell is one event.
     *
     * Groups: the hosts that changed within WINDOW_MS are counted for their rack, their cell and their zone. More than half
     * of a rack, a tenth of a cell or a hundredth of a zone, and at least three, are a group: one event, in which those
     * before it in the window are taken, and those after it until nothing has changed for WINDOW_MS.
     */
    /// Most events kept; the oldest go first.
    public static final int EVENT_LIMIT = 16_384;

    static final long WINDOW_MS = 5_000;
    private static final int GROUP_MIN = 3;
    private static final int WINDOWS_LIMIT = 16_384;

    private final int limit;
    private final ArrayDeque<FleetEvent> events = new ArrayDeque<>();
    private final Map<String, CellState> cells = new HashMap<>();
    private final Map<String, Map<String, HostState>> lastKnown = new HashMap<>();
    private final Map<String, Window> windows = new HashMap<>();
    private final Map<String, Map<String, Long>> silentCells = new HashMap<>();
    private final Set<String> silentZones = new HashSet<>();
    private final CopyOnWriteArrayList<Consumer<FleetEvent>> listeners =
            new CopyOnWriteArrayList<>();
    private long lastId;
    private long dropped;

    /// Hosts of one rack, cell or zone that changed lately.
    private static final class Window {
        final Map<String, Long> hosts = new HashMap<>();
        final List<Long> ids = new ArrayList<>();
        long group;
        long lastMs;
    }

    /// Keeps as many events as it may.
    public FleetLog() {
        this(EVENT_LIMIT);
    }

    FleetLog(int limit) {
        this.limit = limit;
    }

    @Override
    public synchronized void changed(@Nullable CellState before, CellState after, long atMs) {
        cells.put(after.cell(), after);
        Map<String, HostState> known =
                lastKnown.computeIfAbsent(after.cell(), _ -> new HashMap<>());
        for (HostState host : after.hosts()) {
            if (isSilence(host)) {
                continue;
            }
            HostState old = known.put(host.host(), host);
            if (old != null) {
                compare(old, host, after, atMs);
            } else if (before != null && !before.observers().isEmpty()) {
                host(host, "unknown", after, atMs);
            }
        }
        if (known.size() > after.hosts().size()) {
            known.keySet().removeIf(name -> after.host(name).isEmpty());
        }
        if (before != null && before.stale() != after.stale()) {
            silence(after, atMs);
        }
    }

    private static boolean isSilence(HostState host) {
        return host.upness() instanceof Upness.Unknown(long _, Cause cause)
                && (cause == Cause.NO_OBSERVER || cause == Cause.ZONE_STALE);
    }

    private void compare(HostState old, HostState now, CellState cell, long atMs) {
        if (old.hash() == now.hash()) {
            return;
        }
        if (!old.upness().label().equals(now.upness().label())
                || !old.upness().why().equals(now.upness().why())) {
            host(now, old.upness().label(), cell, atMs);
        }
        if (old.services().equals(now.services())) {
            return;
        }
        Map<ServiceNames.Name, Health> before = new HashMap<>();
        for (ServiceState service : old.services().list()) {
            before.put(new ServiceNames.Name(service.job(), service.instance()), service.health());
        }
        for (ServiceState service : now.services().list()) {
            Health was = before.get(new ServiceNames.Name(service.job(), service.instance()));
            if (was != service.health()) {
                service(service, was == null ? Health.UNKNOWN : was, now, cell, atMs);
            }
        }
    }

    private void host(HostState host, String from, CellState cell, long atMs) {
        Cause cause = host.upness().why().orElse(Cause.NONE);
        add(
                new FleetEvent(
                        ++lastId,
                        Kind.HOST,
                        atMs,
                        host.upness().sinceMs(),
                        host.place().zone(),
                        cell.cell(),
                        host.host(),
                        "",
                        "",
                        from,
                        host.upness().label(),
                        cause,
                        cause.text(),
                        Provenance.NONE,
                        witnesses(host, cell),
                        0,
                        1),
                host.place());
    }

    private void service(
            ServiceState service, Health from, HostState host, CellState cell, long atMs) {
        Cause cause =
                switch (service.health()) {
                    case UP -> Cause.NONE;
                    case MAINT -> Cause.MAINT;
                    case DOWN, UNKNOWN -> host.upness().why().orElse(Cause.SERVICE_DOWN);
                };
        add(
                new FleetEvent(
                        ++lastId,
                        Kind.SERVICE,
                        atMs,
                        service.sinceMs(),
                        host.place().zone(),
                        cell.cell(),
                        host.host(),
                        service.job(),
                        service.instance(),
                        from.label(),
                        service.health().label(),
                        cause,
                        service.reason(),
                        service.provenance(),
                        witnesses(host, cell),
                        0,
                        1),
                host.place());
    }

    private void add(FleetEvent event, Place place) {
        String zone = place.zone();
        String host = event.cell() + '\0' + event.host();
        long group = 0;
        if (!place.rack().isEmpty()) {
            String rack = "rack\0" + zone + '\0' + place.rack();
            group = grouped(rack, host, event, () -> hostsOf(place) / 2);
        }
        CellState cell = cells.get(event.cell());
        int hosts = cell == null ? 0 : cell.counts().hosts();
        long byCell = grouped("cell\0" + event.cell(), host, event, () -> hosts / 10);
        group = byCell != 0 ? byCell : group;
        if (!zone.isEmpty()) {
            long byZone = grouped("zone\0" + zone, host, event, () -> hostsOf(zone) / 100);
            group = byZone != 0 ? byZone : group;
        }
        keep(event.inGroup(group));
        if (windows.size() > WINDOWS_LIMIT) {
            windows.values().removeIf(window -> event.atMs() - window.lastMs > WINDOW_MS);
        }
    }

    private interface Threshold {
        int hosts();
    }

    /// The group that an event belongs to, 0 if none; opens one where so many have changed.
    private long grouped(String key, String host, FleetEvent event, Threshold threshold) {
        Window window = windows.computeIfAbsent(key, _ -> new Window());
        long atMs = event.atMs();
        if (atMs - window.lastMs > WINDOW_MS) {
            window.group = 0;
        }
        if (window.group == 0) {
            window.hosts.values().removeIf(at -> atMs - at > WINDOW_MS);
            if (window.hosts.isEmpty()) {
                window.ids.clear();
            }
        }
        window.lastMs = atMs;
        window.hosts.put(host, atMs);
        if (window.group == 0) {
            window.ids.add(event.id());
            int count = window.hosts.size();
            boolean wide = !key.startsWith("zone") || cellsOf(window) > 1;
            if (count >= GROUP_MIN && count > threshold.hosts() && wide) {
                open(key, window, event);
            }
        }
        return window.group;
    }

    /// What is of one cell is no group of its zone.
    private static long cellsOf(Window window) {
        return window.hosts.keySet().stream()
                .map(host -> host.substring(0, host.indexOf('\0')))
                .distinct()
                .limit(2)
                .count();
    }

    private void open(String key, Window window, FleetEvent event) {
        window.group = ++lastId;
        Set<Long> ids = new HashSet<>(window.ids);
        window.ids.clear();
        List<FleetEvent> marked = new ArrayList<>(events.size());
        events.forEach(old -> marked.add(ids.contains(old.id()) ? old.inGroup(window.group) : old));
        events.clear();
        events.addAll(marked);
        String[] parts = key.split("\0", -1);
        boolean rack = parts[0].equals("rack");
        keep(
                new FleetEvent(
                        window.group,
                        Kind.GROUP,
                        event.atMs(),
                        event.sinceMs(),
                        event.zone(),
                        parts[0].equals("cell") ? event.cell() : "",
                        "",
                        "",
                        "",
                        event.from(),
                        event.to(),
                        rack && event.to().equals("down") ? Cause.RACK_DOWN : event.cause(),
                        parts[0] + " " + parts[parts.length - 1],
                        Provenance.NONE,
                        event.witnesses(),
                        window.group,
                        window.hosts.size()));
    }

    private int hostsOf(String zone) {
        int hosts = 0;
        for (CellState cell : cells.values()) {
            hosts += cell.zone().equals(zone) ? cell.counts().hosts() : 0;
        }
        return hosts;
    }

    private int hostsOf(Place place) {
        int hosts = 0;
        for (CellState cell : cells.values()) {
            for (HostState host : cell.hosts()) {
                hosts += host.place().equals(place) ? 1 : 0;
            }
        }
        return hosts;
    }

    private void silence(CellState cell, long atMs) {
        boolean silent = cell.stale();
        keep(cellEvent(Kind.CELL, cell, silent, Cause.NO_OBSERVER, 1, atMs));
        String zone = cell.zone();
        if (zone.isEmpty()) {
            return;
        }
        Map<String, Long> silents = silentCells.computeIfAbsent(zone, _ -> new HashMap<>());
        if (silent) {
            silents.put(cell.cell(), atMs);
        } else {
            silents.remove(cell.cell());
        }
        long lately = silents.values().stream().filter(at -> atMs - at <= WINDOW_MS).count();
        long all = cells.values().stream().filter(c -> c.zone().equals(zone)).count();
        if (lately >= 2 && lately * 5 > all && silentZones.add(zone)) {
            keep(cellEvent(Kind.ZONE, cell, true, Cause.ZONE_STALE, (int) lately, atMs));
        } else if (silents.size() * 5L <= all && silentZones.remove(zone)) {
            keep(cellEvent(Kind.ZONE, cell, false, Cause.ZONE_STALE, silents.size(), atMs));
        }
    }

    /// Who found a host down, as its cell says; else who tells of it: one that is down does not
    /// tell of itself, though its last view may still be fresh.
    private static List<String> witnesses(HostState host, CellState cell) {
        if (!host.onlookers().witnesses().isEmpty()) {
            return host.onlookers().witnesses();
        }
        return host.upness() instanceof Upness.Down
                ? cell.observers().stream().filter(name -> !name.equals(host.host())).toList()
                : cell.observers();
    }

    private FleetEvent cellEvent(
            Kind kind, CellState cell, boolean silent, Cause cause, int count, long atMs) {
        return new FleetEvent(
                ++lastId,
                kind,
                atMs,
                atMs,
                cell.zone(),
                kind == Kind.CELL ? cell.cell() : "",
                "",
                "",
                "",
                silent ? "known" : "unknown",
                silent ? "unknown" : "known",
                silent ? cause : Cause.NONE,
                silent ? cause.text() : "",
                Provenance.NONE,
                cell.observers(),
                0,
                count);
    }

    private void keep(FleetEvent event) {
        if (events.size() >= limit) {
            events.removeFirst();
            dropped++;
        }
        events.addLast(event);
        listeners.forEach(listener -> listener.accept(event));
    }

    /// Events after that one, oldest first.
    ///
    /// @param id 0 for all that are kept
    public synchronized List<FleetEvent> after(long id) {
        return events.stream().filter(event -> event.id() > id).toList();
    }

    /// Events from that time on, oldest first.
    public synchronized List<FleetEvent> since(long atMs) {
        return events.stream().filter(event -> event.atMs() >= atMs).toList();
    }

    /// The last one's number; 0 if there was none.
    public synchronized long lastId() {
        return lastId;
    }

    /// How many were dropped to make room.
    public synchronized long dropped() {
        return dropped;
    }

    /// How many are kept.
    public synchronized int size() {
        return events.size();
    }

    /// Zones of which much fell silent at once and has not come back.
    public synchronized Set<String> silentZones() {
        return Set.copyOf(silentZones);
    }

    /// Calls the listener with each event, under the log's lock: it must not block. Close to end
    /// it.
    public AutoCloseable subscribe(Consumer<FleetEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
