package dev.muster.agent.exporter.network;

import java.nio.ByteBuffer;
import java.util.Optional;

/// What the queueing discipline at the root of a device has sent.
///
/// @param device index of the device
/// @param kind such as `fq_codel`
/// @param bytes sent
/// @param packets sent
/// @param drops packets dropped
/// @param requeues packets taken out, not sent and put back
/// @param overlimits packets beyond a limit of rate
/// @param queued packets that wait
/// @param backlogBytes bytes that wait
record Qdisc(
        int device,
        String kind,
        long bytes,
        long packets,
        long drops,
        long requeues,
        long overlimits,
        long queued,
        long backlogBytes) {
    /*
     * struct tcmsg: u8 family, three bytes of nothing, i32 index of the device, u32 handle, u32
     * parent, u32 info. TCA_STATS2 holds attributes: basic (u64 bytes, u32 packets), queue (u32
     * each: queued, backlog, drops, requeues, overlimits), packets with 64 bits.
     */
    static final int BODY_BYTES = 20;
    private static final int PARENT_ROOT = -1;
    private static final int KIND = 1;
    private static final int STATISTICS = 7;
    private static final int BASIC = 1;
    private static final int QUEUE = 3;
    private static final int PACKETS_64 = 8;

    /// Reads one of netlink's answers.
    ///
    /// @return empty if it is not at the root of its device
    static Optional<Qdisc> of(ByteBuffer body) {
        if (body.limit() < BODY_BYTES || body.getInt(12) != PARENT_ROOT) {
            return Optional.empty();
        }
        String kind = "";
        long[] sent = new long[2];
        long[] queue = new long[5];
        NetlinkAttributes attributes = new NetlinkAttributes(body, BODY_BYTES);
        while (attributes.next()) {
            if (attributes.type() == KIND) {
                kind = attributes.text();
            } else if (attributes.type() == STATISTICS) {
                statistics(new NetlinkAttributes(attributes.value(), 0), sent, queue);
            }
        }
        return Optional.of(
                new Qdisc(
                        body.getInt(4),
                        kind,
                        sent[0],
                        sent[1],
                        queue[2],
                        queue[3],
                        queue[4],
                        queue[0],
                        queue[1]));
    }

    private static void statistics(NetlinkAttributes attributes, long[] sent, long[] queue) {
        while (attributes.next()) {
            ByteBuffer value = attributes.value();
            if (attributes.type() == BASIC && value.limit() >= 12) {
                sent[0] = value.getLong(0);
                sent[1] = Math.max(sent[1], Integer.toUnsignedLong(value.getInt(8)));
            } else if (attributes.type() == PACKETS_64 && value.limit() >= 8) {
                sent[1] = value.getLong(0);
            } else if (attributes.type() == QUEUE && value.limit() >= 4 * queue.length) {
                for (int i = 0; i < queue.length; i++) {
                    queue[i] = Integer.toUnsignedLong(value.getInt(4 * i));
                }
            }
        }
    }
}
