package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/// Routes to other hosts, of all tables: what each says, and how many each device has.
final class Routes {
    /*
     * struct rtmsg: u8 each family, length of the destination's prefix, of the source's, tos, table,
     * protocol, scope, type; u32 flags. A route with several hops has them as struct rtnexthop in one
     * attribute: u16 length, u8 flags, u8 hops, i32 index of the device, then attributes.
     */
    private static final int GET = 26;
    private static final int BODY_BYTES = 12;
    private static final int UNICAST = 1;
    private static final int DESTINATION = 1;
    private static final int OUT_DEVICE = 4;
    private static final int GATEWAY = 5;
    private static final int PRIORITY = 6;
    private static final int PREFERRED_SOURCE = 7;
    private static final int HOPS = 9;
    private static final int HOP_BYTES = 8;

    private final FamilyTable table;
    private final Map<Integer, String> names;
    private final Map<String, Integer> counts = new TreeMap<>();

    Routes(FamilyTable table, Map<Integer, String> names) {
        this.table = table;
        this.names = names;
    }

    static void fill(FamilyTable table) throws IOException {
        Netlink netlink = new Netlink();
        Routes routes = new Routes(table, LinkNames.read(netlink));
        netlink.dump(GET, BODY_BYTES, routes::take);
        routes.count();
    }

    private void count() {
        counts.forEach((device, count) ->
                table.gauge("node_network_routes", "Routes of the device.")
                        .add(count, "device", device));
    }

    void take(ByteBuffer body) {
        if (body.limit() < BODY_BYTES || body.get(7) != UNICAST) {
            return;
        }
        String source = "";
        String destination = "";
        String gateway = "";
        long priority = 0;
        int device = 0;
        ByteBuffer hops = ByteBuffer.allocate(0);
        NetlinkAttributes attributes = new NetlinkAttributes(body, BODY_BYTES);
        while (attributes.next()) {
            switch (attributes.type()) {
                case DESTINATION -> destination = IpText.of(attributes.value());
                case OUT_DEVICE -> device = (int) attributes.number();
                case GATEWAY -> gateway = IpText.of(attributes.value());
                case PRIORITY -> priority = attributes.number();
                case PREFERRED_SOURCE -> source = IpText.of(attributes.value());
                case HOPS -> hops = attributes.value();
                default -> {}
            }
        }
        int prefix = Byte.toUnsignedInt(body.get(1));
        String[] labels = {
            "dest",
            prefix == 0 ? "default" : destination + "/" + prefix,
            "priority",
            String.valueOf(priority),
            "proto",
            protocol(Byte.toUnsignedInt(body.get(5))),
            "src",
            source
        };
        if (hops.limit() == 0) {
            add(device, gateway, "", labels);
        }
        hops(hops, labels);
    }

    private void hops(ByteBuffer hops, String[] labels) {
        for (int at = 0; hops.limit() - at >= HOP_BYTES; ) {
            int length = Short.toUnsignedInt(hops.getShort(at));
            if (length < HOP_BYTES || length > hops.limit() - at) {
                return;
            }
            String gateway = "";
            NetlinkAttributes attributes =
                    new NetlinkAttributes(hops.slice(at, length).order(hops.order()), HOP_BYTES);
            while (attributes.next()) {
                gateway = attributes.type() == GATEWAY ? IpText.of(attributes.value()) : gateway;
            }
            int weight = Byte.toUnsignedInt(hops.get(at + 3)) + 1;
            add(hops.getInt(at + 4), gateway, String.valueOf(weight), labels);
            at += (length + 3) & ~3;
        }
    }

    private void add(int index, String gateway, String weight, String[] rest) {
        String device = names.getOrDefault(index, "");
        counts.merge(device, 1, Integer::sum);
        String[] labels = new String[rest.length + 6];
        System.arraycopy(rest, 0, labels, 6, rest.length);
        labels[0] = "device";
        labels[1] = device;
        labels[2] = "gw";
        labels[3] = gateway;
        labels[4] = "weight";
        labels[5] = weight;
        table.gauge("node_network_route_info", "A route.").add(1, labels);
    }

    /// Who made a route, by the names of /etc/iproute2/rt_protos.
    private static String protocol(int number) {
        return switch (number) {
            case 0 -> "unspec";
            case 1 -> "redirect";
            case 2 -> "kernel";
            case 3 -> "boot";
            case 4 -> "static";
            case 8 -> "gated";
            case 9 -> "ra";
            case 10 -> "mrt";
            case 11 -> "zebra";
            case 12 -> "bird";
            case 13 -> "dnrouted";
            case 14 -> "xorp";
            case 15 -> "ntk";
            case 16 -> "dhcp";
            case 17 -> "mrouted";
            case 42 -> "babel";
            case 186 -> "bgp";
            case 187 -> "isis";
            case 188 -> "ospf";
            case 189 -> "rip";
            case 192 -> "eigrp";
            default -> "unknown";
        };
    }
}
