package dev.muster.agent.exporter.network;

import java.nio.ByteBuffer;

/// Addresses as text, those of IPv6 as RFC 5952 wants them: the longest row of zeros left out.
final class IpText {
    private static final int FOUR = 4;
    private static final int SIX = 16;

    private IpText() {}

    /// @return empty if it is no address
    static String of(ByteBuffer address) {
        if (address.limit() == FOUR) {
            return (address.get(0) & 0xff)
                    + "."
                    + (address.get(1) & 0xff)
                    + "."
                    + (address.get(2) & 0xff)
                    + "."
                    + (address.get(3) & 0xff);
        }
        return address.limit() == SIX ? six(address) : "";
    }

    private static String six(ByteBuffer address) {
        int[] groups = new int[SIX / 2];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (address.get(2 * i) & 0xff) << 8 | (address.get(2 * i + 1) & 0xff);
        }
        int from = 0;
        int length = 1;
        for (int start = 0; start < groups.length; start++) {
            int end = start;
            while (end < groups.length && groups[end] == 0) {
                end++;
            }
            if (end - start > length) {
                from = start;
                length = end - start;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (length > 1 && i == from) {
                text.append("::");
                i += length - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
