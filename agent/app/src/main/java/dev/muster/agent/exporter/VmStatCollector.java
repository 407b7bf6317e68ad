package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;

/// Paging, swapping, page faults and kills for want of memory: some fields of /proc/vmstat.
final class VmStatCollector implements Collector {
    private final HostFile file;
    private final TextCursor text = new TextCursor();
    private final FieldFamilies families =
            new FieldFamilies(field ->
                    new FieldFamilies.Family(
                            "node_vmstat_" + field, "Field " + field + " of /proc/vmstat."));

    VmStatCollector(HostExporterConfig config) {
        file = new HostFile(config.procfs().resolve("vmstat"));
    }

    @Override
    public String name() {
        return "vmstat";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        file.read(text);
        int line = 0;
        while (text.nextLine()) {
            text.nextField();
            if (isWanted()) {
                FieldFamilies.Family family = families.at(line++, text);
                into.family(family.name(), MetricType.UNKNOWN, family.help())
                        .sample(family.name(), text.nextNumber());
            }
        }
    }

    /// The fields that node_exporter takes: `^(oom_kill|pgpg|pswp|pg.*fault).*`
    private boolean isWanted() {
        return text.fieldStartsWith("oom_kill")
                || text.fieldStartsWith("pgpg")
                || text.fieldStartsWith("pswp")
                || (text.fieldStartsWith("pg") && text.fieldContains("fault"));
    }
}
