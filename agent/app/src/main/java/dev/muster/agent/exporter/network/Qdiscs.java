package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Queueing disciplines of network devices, as tc(8) tells of them.
final class Qdiscs {
    private static final int GET = 38;
    private static final String PREFIX = "node_qdisc_";

    private Qdiscs() {}

    static void fill(FamilyTable table) throws IOException {
        Netlink netlink = new Netlink();
        Map<Integer, String> names = LinkNames.read(netlink);
        List<Qdisc> found = new ArrayList<>();
        netlink.dump(GET, Qdisc.BODY_BYTES, body -> Qdisc.of(body).ifPresent(found::add));
        for (Qdisc one : found) {
            add(one, names.getOrDefault(one.device(), String.valueOf(one.device())), table);
        }
    }

    static void add(Qdisc one, String device, FamilyTable table) {
        String[] labels = {"device", device, "kind", one.kind()};
        counter(table, "bytes_total", "Bytes sent.", one.bytes(), labels);
        counter(table, "packets_total", "Packets sent.", one.packets(), labels);
        counter(table, "drops_total", "Packets dropped.", one.drops(), labels);
        counter(
                table,
                "requeues_total",
                "Packets taken out of the queue, not sent and put back.",
                one.requeues(),
                labels);
        counter(
                table,
                "overlimits_total",
                "Packets beyond a limit of rate.",
                one.overlimits(),
                labels);
        table.gauge(PREFIX + "current_queue_length", "Packets that wait to be sent.")
                .add(one.queued(), labels);
        table.gauge(PREFIX + "backlog", "Bytes that wait to be sent.")
                .add(one.backlogBytes(), labels);
    }

    private static void counter(
            FamilyTable table, String name, String help, long value, String... labels) {
        table.counter(PREFIX + name, help).add(value, labels);
    }
}
