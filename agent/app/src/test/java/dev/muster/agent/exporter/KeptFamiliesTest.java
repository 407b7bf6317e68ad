package dev.muster.agent.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exporter.collect.TableCollector;
import dev.muster.agent.exposition.ExpositionWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Collectors that are not read at each scrape, files of scripts, and control groups.
class KeptFamiliesTest {
    @TempDir Path directory;

    @Test
    void aSlowCollectorIsReadOnceAndToldEachTime() {
        AtomicInteger runs = new AtomicInteger();
        TableCollector slow =
                new TableCollector(
                        "slow",
                        Duration.ofHours(1),
                        table -> table.gauge("runs", "Runs.").add(runs.incrementAndGet()));
        try (HostExporter exporter = new HostExporter(HostExporterConfig.host(), List.of(slow))) {
            assertThat(text(exporter)).contains("runs 1\n");
            assertThat(text(exporter))
                    .contains("runs 1\n")
                    .contains("node_scrape_collector_success{collector=\"slow\"} 1\n");
        }
        assertThat(runs).hasValue(1);
    }

    @Test
    void aFileWithAFaultIsLeftOutAndTheOthersCount() throws IOException {
        Files.writeString(
                directory.resolve("backup.prom"),
                "# HELP backup_size_bytes Size.\n# TYPE backup_size_bytes gauge\n"
                        + "backup_size_bytes{job=\"a\"} 5\n");
        Files.setLastModifiedTime(directory.resolve("backup.prom"), FileTime.fromMillis(1_500));
        Files.writeString(directory.resolve("broken.prom"), "no metric at all {\n");
        Files.writeString(directory.resolve("dated.prom"), "dated 1 1700000000000\n");
        Files.writeString(
                directory.resolve("more.prom"),
                "# TYPE backup_size_bytes gauge\n"
                        + "backup_size_bytes{job=\"b\"} 6\n"
                        + "# TYPE took histogram\n"
                        + "took_bucket{le=\"+Inf\"} 1\n"
                        + "took_sum 2\n"
                        + "took_count 1\n");
        Files.writeString(directory.resolve("notes.txt"), "not read\n");

        try (HostExporter exporter =
                new HostExporter(
                        HostExporterConfig.host()
                                .withCollectors(Set.of("textfile"))
                                .withExtras(Optional.of(directory), List.of()))) {
            assertThat(text(exporter))
                    .contains(
                            "# HELP backup_size_bytes Size.\n# TYPE backup_size_bytes gauge\n"
                                    + "backup_size_bytes{job=\"a\"} 5\n"
                                    + "backup_size_bytes{job=\"b\"} 6\n",
                            "# TYPE took histogram\ntook_bucket{le=\"+Inf\"} 1\n",
                            "node_textfile_mtime_seconds{file=\""
                                    + directory.resolve("backup.prom")
                                    + "\"} 1.5\n",
                            "node_textfile_scrape_error 1\n")
                    .doesNotContain("dated", "broken");
        }
    }

    @Test
    void tellsWhatUnitsPodsAndContainersUse() throws IOException {
        String container = "0123456789abcdef".repeat(4);
        Path groups = Files.createDirectories(directory.resolve("sys/fs/cgroup"));
        Files.writeString(groups.resolve("cgroup.controllers"), "cpu io memory pids\n");
        Path unit = Files.createDirectories(groups.resolve("system.slice/ssh.service"));
        Files.writeString(
                unit.resolve("cpu.stat"),
                "usage_usec 1500000\nuser_usec 1000000\nnr_throttled 3\n");
        Files.writeString(unit.resolve("memory.current"), "4096\n");
        Files.writeString(unit.resolve("memory.max"), "max\n");
        Files.writeString(unit.resolve("memory.events"), "oom_kill 2\n");
        Files.writeString(unit.resolve("io.stat"), "8:0 rbytes=10 wbytes=20 rios=1 wios=2\n");
        Files.writeString(
                unit.resolve("memory.pressure"),
                "some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\n");
        Path scope =
                Files.createDirectories(
                        groups.resolve(
                                "kubepods.slice/kubepods-pod3d2b9a0e_59c4_4d6e_8f0a_0123456789ab.slice/cri-containerd-"
                                        + container
                                        + ".scope"));
        Files.writeString(scope.resolve("memory.current"), "8192\n");

        HostExporterConfig config = HostExporterConfig.host();
        try (HostExporter exporter =
                new HostExporter(
                        config.withRoots(
                                        config.procfs(),
                                        directory.resolve("sys"),
                                        config.rootfs(),
                                        config.udev())
                                .withCollectors(Set.of("cgroup_use")))) {
            String ssh =
                    "{cgroup=\"/system.slice/ssh.service\",container=\"\",pod=\"\",unit=\"ssh.service\"";
            assertThat(text(exporter))
                    .contains(
                            "node_cgroup_cpu_usage_seconds_total" + ssh + "} 1.5\n",
                            "node_cgroup_cpu_throttled_periods_total" + ssh + "} 3\n",
                            "node_cgroup_memory_bytes" + ssh + "} 4096\n",
                            "node_cgroup_memory_events_total" + ssh + ",event=\"oom_kill\"} 2\n",
                            "node_cgroup_io_written_bytes_total" + ssh + ",device=\"8:0\"} 20\n",
                            "node_cgroup_pressure_memory_waiting_seconds_total" + ssh + "} 2.5\n",
                            "container=\""
                                    + container
                                    + "\",pod=\"3d2b9a0e-59c4-4d6e-8f0a-0123456789ab\"",
                            "node_cgroup_left_out 0\n")
                    .doesNotContain("node_cgroup_memory_limit_bytes");
        }
    }

    private static String text(HostExporter exporter) {
        ExpositionWriter into = new ExpositionWriter();
        exporter.collect(into);
        return new String(into.bytes(), 0, into.size(), StandardCharsets.UTF_8);
    }
}
