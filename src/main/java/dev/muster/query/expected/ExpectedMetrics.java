package dev.muster.query.expected;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Meters of what is missing: counts by cell, of which there are few, never by host.
public final class ExpectedMetrics {
    /// Most cells with a series of their own; the others are counted together.
    private static final int CELL_LIMIT = 1_000;

    private static final String OTHERS = "__others__";

    private final ExpectedBook book;
    private final MultiGauge missing;

    /// @param keeper of what is expected
    public ExpectedMetrics(MeterRegistry registry, ExpectedKeeper keeper) {
        book = keeper.book();
        missing =
                MultiGauge.builder("muster_missing")
                        .description(
                                "Hosts and services that should be there and are not, but for those"
                                        + " that are acknowledged.")
                        .register(registry);
        Gauge.builder("muster_expected_hosts", book, ExpectedBook::hosts)
                .description("Hosts that should be there.")
                .register(registry);
        Gauge.builder("muster_expected_services", book, ExpectedBook::services)
                .description("Services that should be there.")
                .register(registry);
        FunctionCounter.builder("muster_expected_cells_read", book, ExpectedBook::cellsRead)
                .description(
                        "Cells read member by member, because something had changed or a minute had"
                                + " passed.")
                .register(registry);
        FunctionCounter.builder("muster_expected_over_limit", book, ExpectedBook::overLimit)
                .description("Hosts and services not watched because there were too many.")
                .register(registry);
        FunctionCounter.builder(
                        "muster_expected_list_failures", keeper, ExpectedKeeper::listFailures)
                .description("Lists of what is expected that could not be read.")
                .register(registry);
    }

    /// Counts anew; every few seconds.
    public void refresh() {
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        for (Expected one : book.absences()) {
            if (one.isMissing() && one.acknowledged().isEmpty()) {
                boolean room = counts.size() < CELL_LIMIT || counts.containsKey(one.cell());
                counts.computeIfAbsent(room ? one.cell() : OTHERS, _ -> new TreeMap<>())
                        .merge(one.key().isHost() ? "host" : "service", 1L, Long::sum);
            }
        }
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        counts.forEach((cell, kinds) ->
                kinds.forEach((kind, count) ->
                        rows.add(MultiGauge.Row.of(Tags.of("cell", cell, "kind", kind), count))));
        missing.register(rows, true);
    }
}
