package dev.muster.agent.exporter.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// Names of network devices by their index, as netlink's other answers have the index only.
final class LinkNames {
    private static final int GET_LINK = 18;
    private static final int BODY_BYTES = 16;
    private static final int NAME = 3;

    private LinkNames() {}

    static Map<Integer, String> read(Netlink netlink) throws IOException {
        Map<Integer, String> names = new HashMap<>();
        netlink.dump(GET_LINK, BODY_BYTES, body -> take(body, names));
        return names;
    }

    private static void take(ByteBuffer body, Map<Integer, String> names) {
        if (body.limit() < BODY_BYTES) {
            return;
        }
        NetlinkAttributes attributes = new NetlinkAttributes(body, BODY_BYTES);
        while (attributes.next()) {
            if (attributes.type() == NAME) {
                names.put(body.getInt(4), attributes.text());
            }
        }
    }
}
