package dev.muster.agent.scrape.sd.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Asks the servers of this host, over UDP and, where an answer does not fit, over TCP. Blocks, so
/// it is for virtual threads. Thread-safe if its random numbers are.
final class DnsResolver {
    private final Path resolvConf;
    private final int serverPort;
    private final RandomGenerator random;

    /// @param resolvConf read before each question, because hosts move
    /// @param random makes answers hard to forge
    DnsResolver(Path resolvConf, int serverPort, RandomGenerator random) {
        this.resolvConf = resolvConf;
        this.serverPort = serverPort;
        this.random = random;
    }

    /// The records of `name`; none if there is no such name.
    ///
    /// @throws IOException if no server answers
    List<DnsRecord> lookUp(String name, DnsType type) throws IOException {
        ResolvConf conf = ResolvConf.read(resolvConf);
        @Nullable IOException failure = null;
        for (String candidate : conf.candidates(name)) {
            try {
                DnsAnswer answer = askAny(conf, candidate, type);
                if (answer.code() == DnsAnswer.NO_ERROR) {
                    return answer.records();
                }
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return List.of();
    }

    /// The first answer that says yes or no.
    private DnsAnswer askAny(ResolvConf conf, String name, DnsType type) throws IOException {
        String reason = "no server";
        for (int attempt = 0; attempt < conf.attempts(); attempt++) {
            for (String server : conf.servers()) {
                try {
                    DnsAnswer answer = ask(server, conf.timeoutSeconds(), name, type);
                    if (answer.code() == DnsAnswer.NO_ERROR
                            || answer.code() == DnsAnswer.NO_SUCH_NAME) {
                        return answer;
                    }
                    reason = "code=" + answer.code();
                } catch (SocketTimeoutException e) {
                    reason = "no answer in " + conf.timeoutSeconds() + "s";
                } catch (IOException e) {
                    reason = String.valueOf(e.getMessage());
                }
            }
        }
        throw new IOException(
                "dns name="
                        + name
                        + " type="
                        + type
                        + ": a server must answer: servers="
                        + conf.servers()
                        + ", "
                        + reason);
    }

    private DnsAnswer ask(String server, int timeoutSeconds, String name, DnsType type)
            throws IOException {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getByName(server), serverPort);
        int id = random.nextInt(1 << 16);
        byte[] question = DnsMessage.question(id, name, type);
        byte[] answer = overUdp(address, timeoutSeconds, question, id);
        DnsAnswer parsed = DnsMessage.answer(answer, answer.length, name, type);
        if (!parsed.truncated()) {
            return parsed;
        }
        byte[] whole = overTcp(address, timeoutSeconds, question, id);
        return DnsMessage.answer(whole, whole.length, name, type);
    }

    private static byte[] overUdp(
            InetSocketAddress server, int timeoutSeconds, byte[] question, int id)
            throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket packet =
                    new DatagramPacket(
                            new byte[DnsMessage.PACKET_BYTES_LIMIT], DnsMessage.PACKET_BYTES_LIMIT);
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
            while (true) {
                long leftMs = (endNanos - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    throw new SocketTimeoutException();
                }
                socket.setSoTimeout((int) leftMs);
                packet.setLength(DnsMessage.PACKET_BYTES_LIMIT);
                socket.receive(packet);
                if (DnsMessage.answers(packet.getData(), packet.getLength(), id)) {
                    return Arrays.copyOf(packet.getData(), packet.getLength());
                }
            }
        }
    }

    private static byte[] overTcp(
            InetSocketAddress server, int timeoutSeconds, byte[] question, int id)
            throws IOException {
        int timeoutMs = (int) TimeUnit.SECONDS.toMillis(timeoutSeconds);
        try (Socket socket = new Socket()) {
            socket.connect(server, timeoutMs);
            socket.setSoTimeout(timeoutMs);
            byte[] framed = new byte[question.length + 2];
            framed[0] = (byte) (question.length >> 8);
            framed[1] = (byte) question.length;
            System.arraycopy(question, 0, framed, 2, question.length);
            OutputStream out = socket.getOutputStream();
            out.write(framed);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            if (!DnsMessage.answers(answer, answer.length, id)) {
                throw new IOException("dns answer over tcp must be to the question");
            }
            return answer;
        }
    }
}
