package dev.muster.agent.scrape.sd.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A DNS server on loopback, over UDP and TCP at the same port. Answers with the records put into
/// it; the names of questions are pointed to, as real servers do.
final class FakeDnsServer implements AutoCloseable {
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final DatagramSocket udp;
    private final ServerSocket tcp;

    /// Response code of every answer.
    volatile int code;

    /// Over UDP only the head is sent.
    volatile boolean truncates;

    /// Sends what is no answer.
    volatile byte[] garbage = new byte[0];

    FakeDnsServer() throws IOException {
        tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        udp = new DatagramSocket(new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort()));
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    int port() {
        return tcp.getLocalPort();
    }

    /// Names asked for, with `tcp` before those over TCP.
    List<String> asked() {
        return asked;
    }

    void clear() {
        records.clear();
    }

    void srv(String name, String target, int port) {
        record(
                name,
                33,
                out -> {
                    out.writeShort(0);
                    out.writeShort(0);
                    out.writeShort(port);
                    name(out, target);
                });
    }

    void mx(String name, String target) {
        record(
                name,
                15,
                out -> {
                    out.writeShort(10);
                    name(out, target);
                });
    }

    void ns(String name, String target) {
        record(name, 2, out -> name(out, target));
    }

    void address(String name, String address) {
        record(
                name,
                address.contains(":") ? 28 : 1,
                out -> out.write(InetAddress.getByName(address).getAddress()));
    }

    void alias(String name, String target) {
        record(name, 5, out -> name(out, target));
    }

    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private void record(String name, int type, Body body) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeShort(0xc00c);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(30);
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            body.write(new DataOutputStream(data));
            out.writeShort(data.size());
            data.writeTo(out);
            records.computeIfAbsent(name, _ -> new CopyOnWriteArrayList<>())
                    .add(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void name(DataOutputStream out, String name) throws IOException {
        for (String label : name.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            out.write(bytes.length);
            out.write(bytes);
        }
        out.write(0);
    }

    private void serveUdp() {
        byte[] buffer = new byte[4_096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] answer = answer(buffer, "", truncates);
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket socket = tcp.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    byte[] question = new byte[in.readUnsignedShort()];
                    in.readFully(question);
                    byte[] answer = answer(question, "tcp ", false);
                    OutputStream out = socket.getOutputStream();
                    out.write(new byte[] {(byte) (answer.length >> 8), (byte) answer.length});
                    out.write(answer);
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private byte[] answer(byte[] question, String how, boolean truncated) throws IOException {
        if (garbage.length > 0) {
            byte[] wrong = garbage.clone();
            wrong[0] = question[0];
            wrong[1] = question[1];
            return wrong;
        }
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (question[at] != 0) {
            name.append(new String(question, at + 1, question[at], StandardCharsets.UTF_8));
            name.append('.');
            at += question[at] + 1;
        }
        asked.add(how + name);
        List<byte[]> known = new ArrayList<>(records.getOrDefault(name.toString(), List.of()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        int answerCode = code != 0 ? code : known.isEmpty() ? 3 : 0;
        out.writeShort(0x8180 | (truncated ? 0x0200 : 0) | answerCode);
        out.writeShort(1);
        out.writeShort(truncated ? 0 : known.size());
        out.writeInt(0);
        out.write(question, 12, at + 5 - 12);
        if (!truncated) {
            for (byte[] record : known) {
                out.write(record);
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
