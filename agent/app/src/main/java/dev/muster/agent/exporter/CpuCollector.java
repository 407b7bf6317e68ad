package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.util.Arrays;

/// What each CPU spent its time on, from /proc/stat; how often it was throttled and whether it is
/// isolated, from /sys.
final class CpuCollector implements Collector {
    /// Ticks of the kernel's clock as user space sees them, in all architectures.
    private static final double TICKS_PER_SECOND = 100;

    /// Idle time that goes back further than this means that the CPU was taken away and brought
    /// back.
    private static final double JUMP_TICKS = 300;

    private static final String[] MODES = {
        "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"
    };

    private static final int IDLE = 3;
    private static final int GUEST = 8;
    private static final int GUEST_NICE = 9;
    private static final int FIELDS = 10;

    private final HostFile stat;
    private final TextCursor text = new TextCursor();
    private final CpuTopology topology;
    private final CpuInfo info;
    private final boolean details;

    /// CPU numbers in the order of the file, and [#FIELDS] ticks of each.
    private int[] numbers = new int[16];

    private double[] ticks = new double[16 * FIELDS];
    private int count;

    /// The line that is being read.
    private final double[] read = new double[FIELDS];

    CpuCollector(HostExporterConfig config) {
        stat = new HostFile(config.procfs().resolve("stat"));
        topology = new CpuTopology(config.sysfs().resolve("devices/system/cpu"));
        info = new CpuInfo(config.procfs().resolve("cpuinfo"));
        details = config.details();
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        stat.read(text);
        int row = 0;
        while (text.nextLine()) {
            text.nextField();
            if (text.fieldStartsWith("cpu") && text.fieldLength() > 3) {
                cpu(row++);
            }
        }
        count = row;
        seconds(into);
        guestSeconds(into);
        topology.collect(into, count);
        if (details) {
            info.collect(into);
        }
    }

    private void cpu(int row) throws IOException {
        if (row == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * row);
            ticks = Arrays.copyOf(ticks, 2 * row * FIELDS);
        }
        int number = (int) text.numberFrom(3);
        if (row >= count || numbers[row] != number) {
            numbers[row] = number;
            Arrays.fill(ticks, row * FIELDS, (row + 1) * FIELDS, 0);
        }
        ticks(row * FIELDS);
    }

    /// Counters must not go back, but the kernel's do, by a tick or so, for idle and iowait time:
    /// then the greater value stays.
    private void ticks(int first) throws IOException {
        int fields = 0;
        while (fields < FIELDS && text.nextField()) {
            read[fields++] = text.number();
        }
        boolean again = fields > IDLE && read[IDLE] < ticks[first + IDLE] - JUMP_TICKS;
        for (int field = 0; field < fields; field++) {
            double before = again ? 0 : ticks[first + field];
            ticks[first + field] = Math.max(before, read[field]);
        }
    }

    private void seconds(ExpositionWriter into) {
        String name = "node_cpu_seconds_total";
        into.family(name, MetricType.COUNTER, "Time that the CPUs spent in each mode.");
        for (int row = 0; row < count; row++) {
            for (int mode = 0; mode < MODES.length; mode++) {
                sample(into, name, row, MODES[mode], mode);
            }
        }
    }

    private void guestSeconds(ExpositionWriter into) {
        String name = "node_cpu_guest_seconds_total";
        into.family(name, MetricType.COUNTER, "Time that the CPUs ran virtual machines.");
        for (int row = 0; row < count; row++) {
            sample(into, name, row, "user", GUEST);
            sample(into, name, row, "nice", GUEST_NICE);
        }
    }

    private void sample(ExpositionWriter into, String name, int row, String mode, int field) {
        into.begin(name)
                .label("cpu", numbers[row])
                .label("mode", mode)
                .end(ticks[row * FIELDS + field] / TICKS_PER_SECOND);
    }
}
