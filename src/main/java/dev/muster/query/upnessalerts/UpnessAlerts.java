package dev.muster.query.upnessalerts;

import dev.muster.federation.member.Place;
import dev.muster.federation.view.CellState;
import dev.muster.federation.view.FleetView;
import dev.muster.model.labels.Labels;
import dev.muster.query.alerts.Notice;
import dev.muster.query.alerts.NoticeSink;
import dev.muster.query.expected.Expected;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Watches the fleet and tells of what is amiss. Each query node does, from its own view: the
/// alerts of two nodes that see the same are the same. One thread of its own; looks at once when a
/// cell has changed.
public final class UpnessAlerts implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(UpnessAlerts.class.getName());
    private static final long TICK_MS = 1_000;

    /// Looks follow each other no faster, however much changes: each goes over all that is amiss.
    private static final long PAUSE_MS = 100;

    private final FleetView fleet;
    private final Supplier<List<Expected>> absences;
    private final NoticeSink sink;
    private final InstantSource clock;
    private final UpnessAlertBook book;
    private final Map<String, CellTroubles> cells = new HashMap<>();

    /// Cells that have changed since they were looked at, as they are: at most all that the view
    /// follows.
    private final Map<String, CellState> changed = new ConcurrentHashMap<>();

    private final Semaphore changes = new Semaphore(0);
    private final Thread thread;
    private volatile int firing;
    private volatile long told;
    private volatile long overLimit;

    /// @param absences what should be there and is not
    /// @param sink who is told
    public UpnessAlerts(
            UpnessAlertSettings settings,
            FleetView fleet,
            Supplier<List<Expected>> absences,
            NoticeSink sink,
            InstantSource clock) {
        this.fleet = fleet;
        this.absences = absences;
        this.sink = sink;
        this.clock = clock;
        book = new UpnessAlertBook(settings);
        thread = Thread.ofPlatform().daemon().name("upness-alerts").unstarted(this::run);
    }

    /// Shows what it does.
    public void register(MeterRegistry registry) {
        Gauge.builder("muster_upness_alerts_firing", this, alerts -> alerts.firing)
                .description("Alerts of the fleet itself that fire.")
                .register(registry);
        FunctionCounter.builder("muster_upness_alerts_told", this, alerts -> alerts.told)
                .description("Times that an alert of the fleet itself was told.")
                .register(registry);
        FunctionCounter.builder("muster_upness_alerts_over_limit", this, alerts -> alerts.overLimit)
                .description("Troubles of the fleet that were not told, as there are too many.")
                .register(registry);
    }

    /// Begins; returns at once.
    public void start() {
        follow();
        thread.start();
    }

    /// Takes in what is known, and from now on each change.
    void follow() {
        var _ = fleet.subscribe((_, cell, _) -> changed(cell));
        takeAll();
    }

    /// A cell has changed; returns at once.
    void changed(CellState cell) {
        changed.put(cell.cell(), cell);
        changes.release();
    }

    /// What has come by a change is newer.
    private void takeAll() {
        fleet.state().cells().forEach(cell -> changed.putIfAbsent(cell.cell(), cell));
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(PAUSE_MS);
                long waitMs = Math.clamp(book.nextMs() - clock.millis(), 1, TICK_MS);
                if (changes.tryAcquire(waitMs, TimeUnit.MILLISECONDS)) {
                    changes.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            long nowMs = clock.millis();
            List<Notice> notices = look(absences.get(), nowMs);
            if (!notices.isEmpty()) {
                sink.tell(notices);
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "look at the fleet failed", e);
            takeAll();
        }
    }

    /// How many alerts fired at the last look.
    int firing() {
        return firing;
    }

    /// Looks once at the cells that have changed. One that changes meanwhile is looked at the next
    /// time.
    List<Notice> look(List<Expected> absent, long nowMs) {
        for (String name : changed.keySet()) {
            CellState cell = changed.remove(name);
            if (cell != null) {
                look(cell, nowMs);
            }
        }
        Collection<CellTroubles> all = cells.values();
        Map<Place, Trouble> racks = Racks.down(all);
        List<Trouble> troubles = new ArrayList<>();
        all.forEach(cell -> troubles.addAll(cell.troubles()));
        absent.forEach(each -> addMissing(each, troubles));
        List<Notice> notices = book.look(troubles, racks, nowMs);
        firing = book.firing();
        told = book.told();
        overLimit = book.overLimit();
        return notices;
    }

    private void look(CellState cell, long nowMs) {
        CellTroubles before = cells.get(cell.cell());
        if (before == null && cell.stale()) {
            return; // nobody was ever heard of it: nothing is known that could be amiss
        }
        CellTroubles known = before == null ? CellTroubles.NONE : before;
        cells.put(cell.cell(), CellTroubles.of(cell, known, nowMs));
    }

    /// What is known to be down is told of as that; what somebody knows of alarms nobody.
    private static void addMissing(Expected absent, List<Trouble> troubles) {
        boolean gone =
                absent.presence() == Expected.Presence.GONE
                        || absent.presence() == Expected.Presence.NEVER;
        if (!gone || absent.acknowledged().isPresent()) {
            return;
        }
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("alertname", UpnessAlertKind.MISSING.alertName());
        labels.put("host", absent.key().host());
        if (!absent.cell().isEmpty()) {
            labels.put("cell", absent.cell());
        }
        if (!absent.key().isHost()) {
            labels.put("job", absent.key().job());
            labels.put("instance", absent.key().instance());
        }
        String what =
                absent.key().isHost()
                        ? "host " + absent.key().host()
                        : "service "
                                + absent.key().job()
                                + " at "
                                + absent.key().instance()
                                + " of "
                                + absent.key().host();
        SortedMap<String, String> annotations = new TreeMap<>();
        annotations.put("summary", what + " is missing");
        annotations.put("cause", absent.cause().isEmpty() ? "missing" : absent.cause());
        troubles.add(
                new Trouble(
                        UpnessAlertKind.MISSING,
                        Labels.of(labels),
                        annotations,
                        absent.sinceMs(),
                        Place.NONE,
                        false,
                        1));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
