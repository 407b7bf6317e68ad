package dev.muster.agent.exporter.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exposition.ExpositionWriter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QdiscsTest {
    @TempDir Path directory;

    private static String text(FamilyTable table) {
        ExpositionWriter out = new ExpositionWriter();
        table.writeTo(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(process.waitFor() == 0, () -> command[0] + " must work on this machine");
        return text;
    }

    private static Map<String, JsonObject> tc() throws IOException, InterruptedException {
        Map<String, JsonObject> roots = new HashMap<>();
        new JsonArray(output("tc", "-s", "-j", "qdisc"))
                .forEach(each -> {
                    JsonObject one = (JsonObject) each;
                    if (one.getBoolean("root", false)) {
                        roots.put(one.getString("dev") + " " + one.getString("kind"), one);
                    }
                });
        return roots;
    }

    private static Map<String, Map<String, Long>> ours() throws IOException {
        FamilyTable table = new FamilyTable();
        Qdiscs.fill(table);
        Map<String, Map<String, Long>> found = new HashMap<>();
        text(table)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> {
                    String[] parts = line.split("[{\"}]", -1);
                    found.computeIfAbsent(parts[2] + " " + parts[4], _ -> new HashMap<>())
                            .put(parts[0], (long) Double.parseDouble(parts[6].strip()));
                });
        return found;
    }

    @Test
    void tellsWhatTcTells() throws Exception {
        assumeTrue(Netlink.isKnown(), "netlink is asked on 64-bit Linux only");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/tc")), "tc must be installed: iproute2");
        Map<String, JsonObject> before = tc();
        Map<String, Map<String, Long>> ours = ours();
        Map<String, JsonObject> after = tc();
        assertThat(before).isNotEmpty();
        assertThat(ours.keySet()).isEqualTo(before.keySet());
        before.forEach((device, first) -> {
            Map<String, Long> values = ours.getOrDefault(device, Map.of());
            JsonObject last = after.getOrDefault(device, first);
            for (String name : List.of("bytes", "packets", "drops", "overlimits", "requeues")) {
                assertThat(values.get("node_qdisc_" + name + "_total"))
                        .as(device + " " + name)
                        .isBetween(first.getLong(name), last.getLong(name));
            }
            assertThat(values)
                    .containsKeys("node_qdisc_backlog", "node_qdisc_current_queue_length");
        });
    }

    /// The reference output was made of what its own reader told of two devices.
    @Test
    void saysWhatNodeExporterSaysOfTheFixture() throws Exception {
        Path archive =
                Path.of(System.getProperty("muster.shared", "../shared"))
                        .resolve("conformance/node-exporter.tar.gz");
        assumeTrue(
                Files.exists(archive), () -> "nothing to compare: file=" + archive + " is absent");
        output("tar", "xzf", archive.toString(), "-C", directory.toString());
        Path root = directory.resolve("node-exporter");
        FamilyTable table = new FamilyTable();
        new JsonArray(Files.readString(root.resolve("qdisc/results.json")))
                .forEach(each -> {
                    JsonObject one = (JsonObject) each;
                    Qdiscs.add(qdisc(one), one.getString("IfaceName"), table);
                });
        List<String> theirs =
                Files.readAllLines(root.resolve("e2e-output.txt")).stream()
                        .filter(line -> line.matches("(# TYPE )?node_qdisc_.*"))
                        .toList();
        assertThat(theirs).hasSize(21);
        assertThat(text(table).lines().filter(line -> !line.startsWith("# HELP")))
                .containsExactlyInAnyOrderElementsOf(theirs);
    }

    private static Qdisc qdisc(JsonObject one) {
        return new Qdisc(
                1,
                one.getString("Kind"),
                one.getLong("Bytes", 0L),
                one.getLong("Packets", 0L),
                one.getLong("Drops", 0L),
                one.getLong("Requeues", 0L),
                one.getLong("Overlimits", 0L),
                one.getLong("Qlen", 0L),
                one.getLong("Backlog", 0L));
    }

    @Test
    void refusesMessagesThatDoNotFit() throws Exception {
        ByteBuffer message = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        message.putInt(0, 65).putShort(4, (short) 16);
        assertThatThrownBy(() -> Netlink.read(message, _ -> {}))
                .hasMessage("netlink message must fit: offsetBytes=0, length=65");
        message.putInt(0, 20).putShort(4, (short) 2).putInt(16, -1);
        assertThatThrownBy(() -> Netlink.read(message, _ -> {}))
                .hasMessage("kernel must answer by netlink: errno=1");
        message.putInt(0, 16).putShort(4, (short) 3);
        assertThat(Netlink.read(message, _ -> {})).isTrue();
        byte[] torn = new byte[30];
        torn[12] = torn[13] = torn[14] = torn[15] = -1;
        torn[20] = 11;
        torn[22] = 1;
        assertThat(Qdisc.of(ByteBuffer.wrap(torn).order(ByteOrder.LITTLE_ENDIAN)))
                .as("an attribute that does not fit is passed over")
                .hasValueSatisfying(one -> assertThat(one.kind()).isEmpty());
    }
}
