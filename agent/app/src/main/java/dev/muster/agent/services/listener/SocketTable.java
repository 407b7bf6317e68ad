package dev.muster.agent.services.listener;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.function.Consumer;

/// Reads the sockets that listen out of `/proc/net/tcp` or `tcp6`. Confined to one thread.
final class SocketTable {
    /*
     * One line a socket: number, local address, remote address, state, queues, timers, retransmits,
     * user, timeout, inode. An address is words of 32 bits in the host's byte order, hexadecimal.
     *
     * The kernel lists sockets that listen before all others (tcp_seq_start in net/ipv4/tcp_ipv4.c),
     * and a busy host has a hundred thousand others, so reading ends when a long stretch had none
     * that listens. The stretch is long enough for any kernel that mixes them on a quiet host.
     */
    private static final int STRETCH_BYTES = 64 << 10;
    private static final int LISTEN = 0x0A;
    private static final int LINE_FIELDS = 10;

    private final byte[] buffer = new byte[16 << 10];
    private final int[] starts = new int[LINE_FIELDS];
    private final int[] ends = new int[LINE_FIELDS];
    private long malformed;

    /// Lines that were no sockets, since the start.
    long malformed() {
        return malformed;
    }

    void read(InputStream in, Consumer<ListeningSocket> into) throws IOException {
        int filled = 0;
        int sinceListening = 0;
        boolean header = true;
        while (sinceListening < STRETCH_BYTES) {
            int count = in.read(buffer, filled, buffer.length - filled);
            if (count < 0) {
                break;
            }
            filled += count;
            int start = 0;
            for (int i = filled - count; i < filled; i++) {
                if (buffer[i] == '\n') {
                    boolean listens = !header && line(start, i, into);
                    header = false;
                    sinceListening = listens ? 0 : sinceListening + i + 1 - start;
                    start = i + 1;
                }
            }
            if (start == 0 && filled == buffer.length) {
                malformed++;
                return;
            }
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
        }
    }

    private boolean line(int from, int to, Consumer<ListeningSocket> into) {
        if (!split(from, to)) {
            malformed++;
            return false;
        }
        if (number(starts[3], ends[3], 16) != LISTEN) {
            return false;
        }
        int colon = ends[1] - 5;
        long port = number(colon + 1, ends[1], 16);
        long inode = number(starts[9], ends[9], 10);
        int digits = colon - starts[1];
        if (port < 1 || inode < 0 || (digits != 8 && digits != 32) || buffer[colon] != ':') {
            malformed++;
            return false;
        }
        String address = address(starts[1], digits);
        if (address.isEmpty()) {
            malformed++;
            return false;
        }
        if (inode > 0) {
            into.accept(new ListeningSocket(address, (int) port, inode));
        }
        return true;
    }

    private boolean split(int from, int to) {
        int at = from;
        for (int field = 0; field < LINE_FIELDS; field++) {
            while (at < to && buffer[at] == ' ') {
                at++;
            }
            starts[field] = at;
            while (at < to && buffer[at] != ' ') {
                at++;
            }
            ends[field] = at;
            if (starts[field] == at) {
                return false;
            }
        }
        return true;
    }

    /// The number in these digits; -1 if they are none, or too many.
    private long number(int from, int to, int radix) {
        if (to <= from || to - from > 15) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(buffer[i], radix);
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return number;
    }

    private String address(int from, int digits) {
        byte[] bytes = new byte[digits / 2];
        for (int word = 0; word < bytes.length; word += 4) {
            long value = number(from + 2 * word, from + 2 * word + 8, 16);
            if (value < 0) {
                return "";
            }
            for (int i = 0; i < 4; i++) {
                bytes[word + i] = (byte) (value >> (8 * i));
            }
        }
        return text(bytes);
    }

    private static String text(byte[] bytes) {
        boolean zero = true;
        for (int i = 0; i < bytes.length - 1; i++) {
            zero &= bytes[i] == 0;
        }
        if (bytes.length == 16 && zero && (bytes[15] == 0 || bytes[15] == 1)) {
            return bytes[15] == 0 ? "::" : "::1";
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (IOException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes must be one", e);
        }
    }
}
