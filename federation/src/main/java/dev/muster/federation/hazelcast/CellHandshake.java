package dev.muster.federation.hazelcast;

import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.ProtocolType;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeContext;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.nio.MemberSocketInterceptor;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Lets only those members talk that know the cell's secret.
final class CellHandshake implements MemberSocketInterceptor {
    /*
     * Both sides send 16 random bytes and answer with HMAC-SHA256(secret, role, own nonce, peer's nonce). The roles differ,
     * so an answer cannot be sent back to where it came from. It proves knowledge of the secret once, at connect: it does
     * not encrypt, and whoever sits in the middle of a connection can use it afterwards; that is for the network below.
     *
     * The community edition calls interceptors only of a node extension of one's own; this uses internal API of
     * Hazelcast, to be looked at with every new version of it. CellHandshakeTest says whether it still holds.
     *
     * The accepting side runs on Hazelcast's only acceptor thread: hence the short timeout.
     */
    private static final int NONCE_BYTES = 16;
    private static final int MAC_BYTES = 32;
    private static final byte CONNECTS = 1;
    private static final byte ACCEPTS = 2;
    private static final int ACCEPT_TIMEOUT_MS = 250;
    private static final int CONNECT_TIMEOUT_MS = 3000;

    static final AtomicLong REFUSED = new AtomicLong();

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    CellHandshake(String secret) {
        if (secret.length() < 8) {
            throw new IllegalArgumentException(
                    "cell secret must be at least 8 characters: length=" + secret.length());
        }
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /// A node that uses the handshake of its config, if there is one.
    static NodeContext nodeContext() {
        return new DefaultNodeContext() {
            @Override
            public NodeExtension createNodeExtension(Node node) {
                return new Extension(node);
            }
        };
    }

    private static final class Extension extends DefaultNodeExtension {
        private final @Nullable MemberSocketInterceptor handshake;

        Extension(Node node) {
            super(node);
            var endpoint =
                    node.getConfig()
                            .getAdvancedNetworkConfig()
                            .getEndpointConfigs()
                            .get(EndpointQualifier.MEMBER);
            var config = endpoint == null ? null : endpoint.getSocketInterceptorConfig();
            handshake =
                    config != null && config.getImplementation() instanceof CellHandshake own
                            ? own
                            : null;
        }

        @Override
        public void beforeJoin() {
            super.beforeJoin();
            IdleWork.end(node);
        }

        @Override
        @SuppressWarnings("NullAway") // null means none, as in the class extended
        public MemberSocketInterceptor getSocketInterceptor(EndpointQualifier qualifier) {
            return qualifier.getType() == ProtocolType.MEMBER ? handshake : null;
        }
    }

    @Override
    public void init(Properties properties) {}

    @Override
    public void onConnect(Socket socket) throws IOException {
        prove(socket, CONNECTS, ACCEPTS, CONNECT_TIMEOUT_MS);
    }

    @Override
    public void onAccept(Socket socket) throws IOException {
        prove(socket, ACCEPTS, CONNECTS, ACCEPT_TIMEOUT_MS);
    }

    private void prove(Socket socket, byte own, byte peer, int timeoutMs) throws IOException {
        SocketChannel channel = socket.getChannel();
        boolean blocking = channel.isBlocking();
        channel.configureBlocking(true);
        int before = socket.getSoTimeout();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        try {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            write(channel, nonce);
            byte[] theirs = read(socket, NONCE_BYTES, deadline);
            write(channel, answer(own, nonce, theirs));
            if (!MessageDigest.isEqual(
                    read(socket, MAC_BYTES, deadline), answer(peer, theirs, nonce))) {
                throw new IOException(
                        "peer must know the secret of the cell: peer="
                                + socket.getRemoteSocketAddress());
            }
        } catch (IOException e) {
            REFUSED.incrementAndGet();
            socket.close();
            throw e;
        }
        socket.setSoTimeout(before);
        channel.configureBlocking(blocking);
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /// The deadline is of the whole handshake, so that nobody draws it out byte by byte.
    private static byte[] read(Socket socket, int length, long deadline) throws IOException {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; ) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            int count;
            try {
                if (leftMs < 1) {
                    throw refusal(socket, "silence");
                }
                socket.setSoTimeout((int) leftMs);
                count = socket.getInputStream().read(bytes, at, length - at);
            } catch (SocketTimeoutException e) {
                throw refusal(socket, "silence");
            }
            if (count < 0) {
                throw refusal(socket, "end of stream");
            }
            at += count;
        }
        return bytes;
    }

    private static IOException refusal(Socket socket, String found) {
        return new IOException(
                "peer must take part in the handshake of the cell: peer="
                        + socket.getRemoteSocketAddress()
                        + ", found="
                        + found);
    }

    private byte[] answer(byte role, byte[] own, byte[] theirs) throws IOException {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(role);
            mac.update(own);
            mac.update(theirs);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IOException("HmacSHA256 must be there", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CellHandshake that
                && Arrays.equals(key.getEncoded(), that.key.getEncoded());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key.getEncoded());
    }
}
