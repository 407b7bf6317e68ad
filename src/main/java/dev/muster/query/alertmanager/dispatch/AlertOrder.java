package dev.muster.query.alertmanager.dispatch;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.state.Alert;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The order of alerts in a notification: by job, by instance, then those with fewer labels first.
final class AlertOrder implements Comparator<Alert> {
    static final AlertOrder INSTANCE = new AlertOrder();

    private static final List<String> FIRST = List.of("job", "instance");

    private AlertOrder() {}

    @Override
    public int compare(Alert one, Alert other) {
        Labels left = one.labels();
        Labels right = other.labels();
        for (String name : FIRST) {
            int order = compare(left.get(name), right.get(name));
            if (order != 0) {
                return order;
            }
        }
        int order = Integer.compare(left.size(), right.size());
        return order == 0 ? left.compareTo(right) : order;
    }

    private static int compare(@Nullable String left, @Nullable String right) {
        if (left == null || right == null) {
            return Boolean.compare(left == null, right == null);
        }
        return left.compareTo(right);
    }
}
