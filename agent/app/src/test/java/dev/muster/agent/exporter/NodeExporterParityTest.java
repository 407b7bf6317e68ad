package dev.muster.agent.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compares what we say of the fixture host with what node_exporter says of it: every series, value
/// and type of our collectors. What differs stands in `node-exporter-differences.txt` beside this
/// class, each line with its reason.
class NodeExporterParityTest {
    /// All but what the exporter says of itself.
    private static final Pattern OURS =
            Pattern.compile("node_(?!scrape_|exporter_).*|testmetric.*");

    /// The flags and bugs that the reference was asked for.
    private static final Set<String> FLAGS =
            Set.of(
                    "aes",
                    "avx",
                    "avx2",
                    "constant_tsc",
                    "cpu_meltdown",
                    "mds",
                    "spectre_v1",
                    "spectre_v2");

    /// These ask the kernel of the machine, not the fixtures.
    private static final Set<String> OF_THE_MACHINE = Set.of("qdisc", "network_route");

    @TempDir Path directory;

    @Test
    void saysWhatNodeExporterSays() throws IOException, InterruptedException {
        Path root = Fixtures.unpack(directory);
        Set<String> allowed = differences();
        byte[] reference = Files.readAllBytes(root.resolve("e2e-output.txt"));
        Scrape theirs = Scrape.of(reference, reference.length);
        Set<String> collectors = new TreeSet<>(CollectorNames.all());
        collectors.removeAll(OF_THE_MACHINE);
        Scrape ours = Scrape.of(Fixtures.config(root).withCollectors(collectors).withDetails(true));

        List<String> found = new ArrayList<>();
        int same = 0;
        Map<Labels, Double> rest = new TreeMap<>(ours.values());
        for (Map.Entry<Labels, Double> entry : theirs.values().entrySet()) {
            Labels labels = entry.getKey();
            if (!OURS.matcher(labels.metric()).matches()) {
                continue;
            }
            Double our = rest.remove(labels);
            if (our == null) {
                found.add("missing " + labels);
            } else if (!our.equals(entry.getValue())) {
                found.add("value " + labels + ": theirs=" + entry.getValue() + ", ours=" + our);
            } else if (ours.types().get(labels.metric()) != theirs.types().get(labels.metric())) {
                found.add("type " + labels);
            } else {
                same++;
            }
        }
        for (Labels labels : rest.keySet()) {
            if (OURS.matcher(labels.metric()).matches()
                    && !labels.metric().startsWith("node_scrape")
                    && !isUnaskedFlag(labels)) {
                found.add("extra " + labels);
            }
        }
        System.out.println(same + " series equal, " + found.size() + " differ");
        Set<String> unexpected = new TreeSet<>(found);
        unexpected.removeIf(line -> allowed.stream().anyMatch(line::startsWith));
        assertThat(unexpected).isEmpty();
        assertThat(same).isGreaterThan(2900);
    }

    private static boolean isUnaskedFlag(Labels labels) {
        String flag = labels.valueOf("flag") + labels.valueOf("bug");
        return !flag.isEmpty() && !FLAGS.contains(flag);
    }

    /// Lines of the file before their reason.
    private static Set<String> differences() throws IOException {
        Set<String> lines = new TreeSet<>();
        try (var in =
                NodeExporterParityTest.class.getResourceAsStream("node-exporter-differences.txt")) {
            if (in == null) {
                throw new IOException("the list of differences must lie beside the class");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.replaceAll(" +--.*", ""))
                    .forEach(lines::add);
        }
        return lines;
    }
}
