package dev.muster.agent.services.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SocketTableTest {
    private static List<String> read(String text) throws IOException {
        return read(new SocketTable(), text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    }

    private static List<String> read(SocketTable table, byte[] bytes, int piece)
            throws IOException {
        List<String> found = new ArrayList<>();
        InputStream in =
                new ByteArrayInputStream(bytes) {
                    @Override
                    public synchronized int read(byte[] into, int offset, int length) {
                        return super.read(into, offset, Math.min(length, piece));
                    }
                };
        table.read(
                in,
                socket -> found.add(socket.address() + " " + socket.port() + " " + socket.inode()));
        return found;
    }

    @Test
    void findsSocketsThatListen() throws IOException {
        assertThat(
                        read(
                                ProcTree.HEADER
                                        + ProcTree.socket("127.0.0.1", 8080, "0A", 11)
                                        + ProcTree.socket("10.1.2.3", 443, "01", 12)
                                        + ProcTree.socket("0.0.0.0", 65535, "0A", 13)
                                        + ProcTree.socket("0.0.0.0", 1, "0A", 0)))
                .containsExactly("127.0.0.1 8080 11", "0.0.0.0 65535 13");
    }

    @Test
    void readsAddressesOfVersion6() throws IOException {
        String mapped = "0000000000000000FFFF00000100007F";
        assertThat(
                        read(
                                ProcTree.HEADER
                                        + ProcTree.socket6("0".repeat(32), 80, "0A", 1)
                                        + ProcTree.socket6("0".repeat(24) + "01000000", 81, "0A", 2)
                                        + ProcTree.socket6(mapped, 82, "0A", 3)
                                        + ProcTree.socket6(
                                                "B80D0120000000000000000001000000", 83, "0A", 4)))
                .containsExactly(
                        ":: 80 1", "::1 81 2", "127.0.0.1 82 3", "2001:db8:0:0:0:0:0:1 83 4");
    }

    @Test
    void endsAfterALongStretchWithoutListeners() throws IOException {
        StringBuilder text = new StringBuilder(ProcTree.HEADER);
        text.append(ProcTree.socket("127.0.0.1", 8080, "0A", 11));
        for (int i = 0; i < 10_000; i++) {
            text.append(ProcTree.socket("127.0.0.1", 9000, "01", 100 + i));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        new SocketTable().read(in, _ -> {});
        assertThat(bytes.length - in.available()).isLessThan(128 << 10);
    }

    @Test
    void survivesWhatIsNoTable() throws IOException {
        SplittableRandom random = new SplittableRandom(Long.getLong("seed", 7));
        byte[] right =
                (ProcTree.HEADER
                                + ProcTree.socket("127.0.0.1", 8080, "0A", 11)
                                + ProcTree.socket6("0".repeat(32), 80, "0A", 1))
                        .getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = right.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            for (String found : read(new SocketTable(), bytes, 1 + random.nextInt(200))) {
                assertThat(found).matches("[0-9a-f.:]+ [0-9]+ [0-9]+");
            }
        }
        SocketTable table = new SocketTable();
        assertThat(read(table, new byte[1 << 20], 1 << 20)).isEmpty();
        assertThat(table.malformed()).isPositive();
    }
}
