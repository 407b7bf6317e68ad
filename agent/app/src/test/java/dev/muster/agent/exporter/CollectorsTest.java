package dev.muster.agent.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Collectors on hosts made of a few files.
class CollectorsTest {
    @TempDir Path root;
    private HostExporterConfig config = HostExporterConfig.host();

    @BeforeEach
    void useTheDirectory() {
        config = Fixtures.config(root);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static Scrape collect(Collector collector) throws IOException {
        ExpositionWriter writer = new ExpositionWriter();
        collector.collect(writer);
        return Scrape.of(writer.bytes(), writer.size());
    }

    @Test
    void networkReadsEveryColumnAndForgetsDevices() throws IOException {
        String heading = "Inter-| Receive | Transmit\n face |bytes packets\n";
        write(
                "proc/net/dev",
                heading
                        + "    lo:115 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
                        + "veth@1: 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
        write("sys/class/net/lo/statistics/rx_nohandler", "17\n");
        NetworkCollector collector = new NetworkCollector(config);
        Scrape scrape = collect(collector);
        assertThat(scrape.values()).hasSize(33);
        assertThat(value(scrape, "node_network_receive_bytes_total", "lo")).isEqualTo(115);
        assertThat(value(scrape, "node_network_receive_multicast_total", "lo")).isEqualTo(8);
        assertThat(value(scrape, "node_network_transmit_bytes_total", "lo")).isEqualTo(9);
        assertThat(value(scrape, "node_network_transmit_compressed_total", "lo")).isEqualTo(16);
        assertThat(value(scrape, "node_network_receive_nohandler_total", "lo")).isEqualTo(17);
        assertThat(value(scrape, "node_network_receive_bytes_total", "veth@1"))
                .isEqualTo(1.8446744073709552e19);

        write("proc/net/dev", heading + "eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
        Scrape later = collect(collector);
        assertThat(later.values()).hasSize(16);
        assertThat(value(later, "node_network_transmit_carrier_total", "eth0")).isEqualTo(15);
    }

    private static double value(Scrape scrape, String name, String device) {
        return scrape.value("__name__", name, "device", device);
    }

    @Test
    void cpuTimeDoesNotGoBackUnlessTheCpuWasAway() throws IOException {
        CpuCollector collector = new CpuCollector(config);
        write("proc/stat", "cpu  9 9 9 9\ncpu0 100 0 0 5000 30 0 0 0 0 0\ncpu2 1 0 0 7\n");
        assertThat(idle(collect(collector), "0")).isEqualTo(50);
        write("proc/stat", "cpu  9 9 9 9\ncpu0 101 0 0 4999 29 0 0 0 0 0\ncpu2 1 0 0 8\n");
        Scrape scrape = collect(collector);
        assertThat(idle(scrape, "0")).isEqualTo(50);
        assertThat(idle(scrape, "2")).isEqualTo(0.08);
        assertThat(scrape.value("__name__", "node_cpu_seconds_total", "cpu", "0", "mode", "user"))
                .isEqualTo(1.01);
        assertThat(scrape.value("__name__", "node_cpu_seconds_total", "cpu", "0", "mode", "iowait"))
                .isEqualTo(0.3);
        write("proc/stat", "cpu  9 9 9 9\ncpu0 7 0 0 12 1 0 0 0 0 0\n");
        Scrape back = collect(collector);
        assertThat(idle(back, "0")).isEqualTo(0.12);
        assertThat(back.value("__name__", "node_cpu_seconds_total", "cpu", "0", "mode", "user"))
                .isEqualTo(0.07);
        assertThat(idle(back, "2")).isNaN();
    }

    private static double idle(Scrape scrape, String cpu) {
        return scrape.value("__name__", "node_cpu_seconds_total", "cpu", cpu, "mode", "idle");
    }

    @Test
    void unameSaysWhatTheKernelSays() throws IOException {
        write("proc/sys/kernel/domainname", "(none)\n");
        write("proc/sys/kernel/hostname", "web-1\n");
        write("proc/sys/kernel/osrelease", "6.1.0-test\n");
        write("proc/sys/kernel/ostype", "Linux\n");
        write("proc/sys/kernel/version", "#1 SMP Debian 6.1.1 (2026-01-01)\n");
        assertThat(
                        collect(new UnameCollector(config))
                                .value(
                                        "__name__",
                                        "node_uname_info",
                                        "domainname",
                                        "(none)",
                                        "machine",
                                        UnameCollector.machine(System.getProperty("os.arch")),
                                        "nodename",
                                        "web-1",
                                        "release",
                                        "6.1.0-test",
                                        "sysname",
                                        "Linux",
                                        "version",
                                        "#1 SMP Debian 6.1.1 (2026-01-01)"))
                .isOne();
        assertThat(UnameCollector.machine("amd64")).isEqualTo("x86_64");
        assertThat(UnameCollector.machine("aarch64")).isEqualTo("aarch64");
    }

    @Test
    void timeComesFromTheClockGiven() throws IOException {
        Instant now = Instant.ofEpochSecond(1_700_000_000, 250_000_000);
        assertThat(
                        collect(new TimeCollector(config, () -> now))
                                .value("__name__", "node_time_seconds"))
                .isEqualTo(1_700_000_000.25);
    }

    @Test
    void fileSystemsAreAskedThroughTheirRoot() throws IOException {
        Files.createDirectories(root.resolve("data dir"));
        write(
                "proc/1/mountinfo",
                """
                1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
                2 1 8:2 / /data\\040dir ro,relatime - xfs /dev/sda2 rw
                3 1 8:3 / /lost rw - ext4 /dev/sda3 rw,errors=remount-ro
                4 1 0:5 / /proc rw - proc proc rw
                5 1 0:6 / /dev/shm rw - tmpfs tmpfs rw
                6 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
                """);
        Scrape scrape = collect(new FileSystemCollector(config));
        assertThat(fileSystem(scrape, "size_bytes", "/dev/sda1", "ext4", "/"))
                .isEqualTo(Files.getFileStore(root).getTotalSpace());
        assertThat(fileSystem(scrape, "files", "/dev/sda1", "ext4", "/")).isNotNegative();
        assertThat(fileSystem(scrape, "readonly", "/dev/sda1", "ext4", "/")).isZero();
        assertThat(fileSystem(scrape, "readonly", "/dev/sda2", "xfs", "/data dir")).isOne();
        assertThat(fileSystem(scrape, "avail_bytes", "/dev/sda2", "xfs", "/data dir")).isPositive();
        assertThat(fileSystem(scrape, "size_bytes", "/dev/sda3", "ext4", "/lost")).isNaN();
        assertThat(
                        scrape.value(
                                "__name__",
                                "node_filesystem_device_error",
                                "device",
                                "/dev/sda3",
                                "device_error",
                                "no such file or directory",
                                "fstype",
                                "ext4",
                                "mountpoint",
                                "/lost"))
                .isOne();
        assertThat(
                        scrape.value(
                                "__name__",
                                "node_filesystem_mount_info",
                                "device",
                                "/dev/sda2",
                                "major",
                                "8",
                                "minor",
                                "2",
                                "mountpoint",
                                "/data dir"))
                .isOne();
        assertThat(scrape.values().keySet())
                .noneMatch(labels -> labels.valueOf("fstype").matches("proc|tmpfs"));
    }

    private static double fileSystem(
            Scrape scrape, String field, String device, String type, String point) {
        return scrape.value(
                "__name__",
                "node_filesystem_" + field,
                "device",
                device,
                "fstype",
                type,
                "mountpoint",
                point);
    }

    @Test
    void bothWaysToAskAFileSystemAgree() {
        double[] values = new double[2 * FileSystemUsage.FIELDS];
        String path = root.toString();
        assertThat(FileSystemUsage.ofThisPlatform().read(path, values, 0)).isEmpty();
        assertThat(new FileSystemUsage.Portable().read(path, values, FileSystemUsage.FIELDS))
                .isEmpty();
        assertThat(values[FileSystemUsage.FIELDS + FileSystemUsage.SIZE])
                .isEqualTo(values[FileSystemUsage.SIZE]);
        assertThat(values[FileSystemUsage.FIELDS + FileSystemUsage.FILES]).isNaN();
        String absent = root.resolve("absent").toString();
        assertThat(FileSystemUsage.ofThisPlatform().read(absent, values, 0))
                .isEqualTo("no such file or directory");
        assertThat(new FileSystemUsage.Portable().read(absent, values, 0))
                .isEqualTo("no such file or directory");
    }

    @Test
    void aTableThatIsNotOneSaysWhatWasFound() throws IOException {
        write("proc/loadavg", "0.5 x 3\n");
        assertThatThrownBy(() -> collect(new LoadCollector(config)))
                .isInstanceOf(IOException.class)
                .hasMessage("field must be a decimal number: found=x");
        write("proc/vmstat", "pgpgin\n");
        assertThatThrownBy(() -> collect(new VmStatCollector(config)))
                .hasMessage("field must be a whole number: found=");
        write("proc/1/mountinfo", "1 2 3\n");
        assertThatThrownBy(() -> collect(new FileSystemCollector(config)))
                .hasMessage("line of mountinfo must have ten fields: found=1 2 3");
        assertThatThrownBy(() -> collect(new PressureCollector(config)))
                .hasMessage("pressure must be kept by the kernel: found=nothing");
    }

    @Test
    void aFileMayGrowAndShrinkBetweenReads() throws IOException {
        HostFile file = new HostFile(root.resolve("table"), 8);
        TextCursor text = new TextCursor();
        for (String content : new String[] {"short\n", "x".repeat(5000), "", "end"}) {
            write("table", content);
            file.read(text);
            assertThat(new String(text.bytes(), 0, text.size(), StandardCharsets.UTF_8))
                    .isEqualTo(content);
        }
        file.close();
    }

    private Collector named(String name) {
        return HostExporter.all(config).stream()
                .filter(collector -> collector.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void countsTcpSocketsByState() throws IOException {
        String heading =
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n";
        write(
                "proc/net/tcp",
                heading
                        + "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 0\n"
                        + "   1: 0100007F:1F90 0100007F:8000 01 00000010:00000000 00:00000000 0\n");
        write(
                "proc/net/tcp6",
                heading + "   0: 00:1F90 00:0000 01 00000001:00000000 00:00000000 0\n");
        Scrape scrape = collect(named("tcpstat"));
        assertThat(scrape.values()).hasSize(4);
        assertThat(state(scrape, "established")).isEqualTo(2);
        assertThat(state(scrape, "listen")).isEqualTo(1);
        assertThat(state(scrape, "tx_queued_bytes")).isEqualTo(17);
        assertThat(state(scrape, "rx_queued_bytes")).isEqualTo(3);
        write("proc/net/tcp", heading + "   0: nonsense\n");
        assertThatThrownBy(() -> collect(named("tcpstat")))
                .hasMessageContaining("must have a state and queues");
    }

    private static double state(Scrape scrape, String state) {
        return scrape.value("__name__", "node_tcp_connection_states", "state", state);
    }

    @Test
    void tellsWhereMemoryIsSwappedTo() throws IOException {
        write(
                "proc/swaps",
                "Filename Type Size Used Priority\n/dev/zram0 partition 8388604 76 100\n");
        Scrape scrape = collect(named("swap"));
        assertThat(swap(scrape, "size_bytes")).isEqualTo(8388604.0 * 1024);
        assertThat(swap(scrape, "used_bytes")).isEqualTo(76 * 1024);
        assertThat(swap(scrape, "priority")).isEqualTo(100);
    }

    private static double swap(Scrape scrape, String name) {
        return scrape.value(
                "__name__", "node_swap_" + name, "device", "/dev/zram0", "type", "partition");
    }

    @Test
    void tellsOfGraphicsCardsWhoseDriverDoes() throws IOException {
        write("sys/class/drm/card0/device/uevent", "DRIVER=amdgpu\nPCI_CLASS=38000\n");
        write("sys/class/drm/card0/device/gpu_busy_percent", "4\n");
        write("sys/class/drm/card0/device/mem_info_vram_used", "1490378752\n");
        write("sys/class/drm/card0/device/mem_info_vram_vendor", "samsung\n");
        write("sys/class/drm/card1/device/uevent", "DRIVER=i915\n");
        Scrape scrape = collect(named("drm"));
        assertThat(scrape.values()).hasSize(3);
        assertThat(scrape.value("__name__", "node_drm_gpu_busy_percent", "card", "card0"))
                .isEqualTo(4);
        assertThat(scrape.value("__name__", "node_drm_memory_vram_used_bytes", "card", "card0"))
                .isEqualTo(1490378752);
    }
}
