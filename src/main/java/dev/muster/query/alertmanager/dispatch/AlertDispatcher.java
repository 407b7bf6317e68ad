package dev.muster.query.alertmanager.dispatch;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.config.Route;
import dev.muster.query.alertmanager.state.Alert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Puts alerts into the groups of their routes, which tell of them. For one configuration.
/// Thread-safe.
public final class AlertDispatcher {
    /// Empty groups end so often.
    private static final Duration SWEEP = Duration.ofSeconds(30);

    private static final Comparator<GroupView> ORDER =
            Comparator.comparing(GroupView::labels)
                    .thenComparing(view -> view.route().options().receiver())
                    .thenComparing(view -> view.route().id());

    private final DispatchParts parts;

    /// By the route's id and the group's labels.
    private final Map<Id, Group> groups = new ConcurrentHashMap<>();

    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean stopped;

    private record Id(String route, Labels labels) {}

    private record Batch(Route route, List<Alert> alerts) {}

    /// A group as the API shows it.
    ///
    /// @param route of the group
    /// @param labels that name it
    /// @param key its key
    /// @param alerts in it, in order
    public record GroupView(Route route, Labels labels, String key, List<Alert> alerts) {}

    public AlertDispatcher(DispatchParts parts) {
        this.parts = parts;
    }

    /// Begins to end groups that are empty.
    public void start() {
        parts.timeline().at(parts.timeline().now().plus(SWEEP), this::sweep);
    }

    /// Takes in alerts that became known together.
    public void insert(Collection<Alert> alerts) {
        Map<Id, Batch> batches = new LinkedHashMap<>();
        for (Alert alert : alerts) {
            for (Route route : parts.config().route().match(alert.labels())) {
                Id id = new Id(route.id(), route.groupLabels(alert.labels()));
                batches.computeIfAbsent(id, key -> new Batch(route, new ArrayList<>()))
                        .alerts()
                        .add(alert);
            }
        }
        batches.forEach(this::insert);
    }

    private void insert(Id id, Batch batch) {
        boolean taken = false;
        while (!taken && !stopped) {
            Group group = groups.get(id);
            if (group == null) {
                if (count.get() >= parts.groupLimit()) {
                    parts.metrics().overLimit();
                    return;
                }
                group = groups.computeIfAbsent(id, key -> created(batch.route(), id.labels()));
            }
            taken = group.insert(batch.alerts());
            if (!taken) {
                remove(id, group);
            }
        }
    }

    private Group created(Route route, Labels labels) {
        count.incrementAndGet();
        return new Group(route, labels, parts);
    }

    private void remove(Id id, Group group) {
        if (groups.remove(id, group)) {
            count.decrementAndGet();
        }
    }

    private void sweep() {
        if (stopped) {
            return;
        }
        groups.forEach((id, group) -> {
            if (group.stopIfEmpty()) {
                remove(id, group);
            }
        });
        start();
    }

    /// All groups with their alerts, in Alertmanager's order.
    public List<GroupView> groups() {
        List<GroupView> views = new ArrayList<>();
        for (Group group : groups.values()) {
            List<Alert> alerts = group.alerts();
            if (!alerts.isEmpty()) {
                views.add(new GroupView(group.route(), group.labels(), group.key(), alerts));
            }
        }
        views.sort(ORDER);
        return views;
    }

    /// How many groups there are.
    public int size() {
        return count.get();
    }

    /// Ends all groups; deliveries under way end with their try.
    public void stop() {
        stopped = true;
        groups.values().forEach(Group::stop);
    }
}
