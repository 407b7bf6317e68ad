package dev.muster.agent.exporter.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exposition.ExpositionWriter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
    private static String text(FamilyTable table) {
        ExpositionWriter out = new ExpositionWriter();
        table.writeTo(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    private static void ip(String version, Map<String, Integer> counts) throws Exception {
        Process process =
                new ProcessBuilder("ip", version, "-j", "route", "show", "table", "all").start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(process.waitFor() == 0, "ip must work on this machine");
        new JsonArray(text.isBlank() ? "[]" : text)
                .forEach(each -> {
                    JsonObject one = (JsonObject) each;
                    if (one.getString("type", "unicast").equals("unicast")
                            && one.containsKey("dev")) {
                        counts.merge(one.getString("dev"), 1, Integer::sum);
                    }
                });
    }

    @Test
    void tellsWhatIpTells() throws Exception {
        assumeTrue(Netlink.isKnown(), "netlink is asked on 64-bit Linux only");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ip")), "ip must be installed: iproute2");
        Map<String, Integer> counts = new TreeMap<>();
        ip("-4", counts);
        ip("-6", counts);
        FamilyTable table = new FamilyTable();
        Routes.fill(table);
        TreeSet<String> lines = new TreeSet<>(text(table).lines().toList());
        counts.forEach((device, count) ->
                assertThat(lines)
                        .contains("node_network_routes{device=\"" + device + "\"} " + count));
    }

    private static ByteBuffer route(int... bytes) {
        ByteBuffer body = ByteBuffer.allocate(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int each : bytes) {
            body.put((byte) each);
        }
        return body.flip();
    }

    @Test
    void readsRoutesWithSeveralHops() {
        FamilyTable table = new FamilyTable();
        Routes routes = new Routes(table, Map.of(2, "eth0", 3, "eth1"));
        int[] head = {2, 24, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0};
        int[] destination = {8, 0, 1, 0, 10, 1, 2, 0};
        int[] hops = {
            36, 0, 9, 0, 16, 0, 0, 0, 2, 0, 0, 0, 8, 0, 5, 0, 10, 0, 0, 1, 16, 0, 0, 4, 3, 0, 0, 0,
            8, 0, 5, 0, 10, 0, 0, 2
        };
        int[] whole = new int[head.length + destination.length + hops.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(destination, 0, whole, head.length, destination.length);
        System.arraycopy(hops, 0, whole, head.length + destination.length, hops.length);
        routes.take(route(whole));
        assertThat(text(table))
                .contains(
                        "node_network_route_info{device=\"eth0\",gw=\"10.0.0.1\",weight=\"1\",dest=\"10.1.2.0/24\",priority=\"0\",proto=\"boot\",src=\"\"}"
                            + " 1\n")
                .contains("device=\"eth1\",gw=\"10.0.0.2\",weight=\"5\"");
        for (int length = 0; length < whole.length; length++) {
            routes.take(route(java.util.Arrays.copyOf(whole, length)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "10.0.0.255, 10.0.0.255"
    })
    void writesAddresses(String address, String text) throws Exception {
        assertThat(IpText.of(ByteBuffer.wrap(InetAddress.getByName(address).getAddress())))
                .isEqualTo(text);
    }
}
