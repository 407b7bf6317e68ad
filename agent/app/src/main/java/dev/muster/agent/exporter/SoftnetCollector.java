package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.util.Arrays;

/// What the CPUs did with packets that came in: /proc/net/softnet_stat.
final class SoftnetCollector implements Collector {
    private static final int COLUMNS = 13;
    private static final int CPU = 12;

    private record Column(int index, String name, MetricType type, String help) {}

    private static final Column[] TABLE = {
        new Column(0, "node_softnet_processed_total", MetricType.COUNTER, "Packets processed."),
        new Column(1, "node_softnet_dropped_total", MetricType.COUNTER, "Packets dropped."),
        new Column(
                2,
                "node_softnet_times_squeezed_total",
                MetricType.COUNTER,
                "Times that processing ran out of its budget."),
        new Column(
                8,
                "node_softnet_cpu_collision_total",
                MetricType.COUNTER,
                "Collisions while a packet was sent."),
        new Column(
                9,
                "node_softnet_received_rps_total",
                MetricType.COUNTER,
                "Times that another CPU asked for work."),
        new Column(
                10,
                "node_softnet_flow_limit_count_total",
                MetricType.COUNTER,
                "Times that the limit of a flow was reached."),
        new Column(11, "node_softnet_backlog_len", MetricType.GAUGE, "Packets that wait.")
    };

    private final HostFile file;
    private final TextCursor text = new TextCursor();
    private double[] values = new double[16 * COLUMNS];

    SoftnetCollector(HostExporterConfig config) {
        file = new HostFile(config.procfs().resolve("net/softnet_stat"));
    }

    @Override
    public String name() {
        return "softnet";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        file.read(text);
        int rows = 0;
        while (text.nextLine()) {
            row(rows++);
        }
        for (Column column : TABLE) {
            into.family(column.name(), column.type(), column.help());
            for (int row = 0; row < rows; row++) {
                into.begin(column.name())
                        .label("cpu", (long) values[row * COLUMNS + CPU])
                        .end(values[row * COLUMNS + column.index()]);
            }
        }
    }

    /// Older kernels have fewer columns, and no CPU number.
    private void row(int row) throws IOException {
        if ((row + 1) * COLUMNS > values.length) {
            values = Arrays.copyOf(values, 2 * values.length);
        }
        Arrays.fill(values, row * COLUMNS, (row + 1) * COLUMNS, 0);
        values[row * COLUMNS + CPU] = row;
        for (int column = 0; column < COLUMNS && text.nextField(); column++) {
            values[row * COLUMNS + column] = text.hexadecimal();
        }
    }
}
