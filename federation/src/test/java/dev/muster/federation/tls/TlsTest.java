package dev.muster.federation.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Handshakes between two engines of the JDK, without a socket.
class TlsTest {
    @TempDir private Path directory;
    private final TestCertificates authority = new TestCertificates("authority");
    private final TestCertificates stranger = new TestCertificates("stranger");

    @BeforeEach
    void writeFiles() throws IOException {
        authority.write(directory.resolve("ca.crt"));
        stranger.write(directory.resolve("other-ca.crt"));
        issue(authority.issue("one", "muster-agent"), "one");
        issue(authority.issue("two"), "two");
        issue(stranger.issue("foreign", "muster-agent"), "foreign");
    }

    private void issue(TestCertificates.Issued issued, String name) throws IOException {
        issued.write(directory.resolve(name + ".crt"), directory.resolve(name + ".key"));
    }

    private TlsConfig config(String name, String ca, ClientAuth auth) {
        return new TlsConfig(
                name.isEmpty() ? Optional.empty() : Optional.of(directory.resolve(name + ".crt")),
                name.isEmpty() ? Optional.empty() : Optional.of(directory.resolve(name + ".key")),
                Optional.of(directory.resolve(ca)),
                auth,
                Optional.empty());
    }

    private Tls tls(String name, String ca) throws TlsException {
        return Tls.open(config(name, ca, ClientAuth.NONE));
    }

    /// Names that each side saw of the other.
    private static String shake(Tls server, Tls client) throws SSLException {
        return shake(server, client, "127.0.0.1");
    }

    private static String shake(Tls server, Tls client, String host) throws SSLException {
        SSLEngine right = server.context().createSSLEngine();
        right.setUseClientMode(false);
        right.setWantClientAuth(true);
        SSLEngine left = client.context().createSSLEngine(host, 9640);
        left.setUseClientMode(true);
        SSLParameters parameters = left.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        left.setSSLParameters(parameters);
        ByteBuffer toRight = ByteBuffer.allocate(64 << 10);
        ByteBuffer toLeft = ByteBuffer.allocate(64 << 10);
        left.beginHandshake();
        right.beginHandshake();
        for (int i = 0; i < 20; i++) {
            step(left, toLeft, toRight);
            step(right, toRight, toLeft);
        }
        return name(left) + " " + name(right);
    }

    private static String name(SSLEngine engine) {
        try {
            X509Certificate peer = (X509Certificate) engine.getSession().getPeerCertificates()[0];
            return peer.getSubjectX500Principal().getName();
        } catch (SSLException e) {
            return "nobody";
        }
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer text = ByteBuffer.allocate(64 << 10);
        in.flip();
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
                    task.run();
                }
            } else if (status == HandshakeStatus.NEED_WRAP) {
                engine.wrap(ByteBuffer.allocate(0), out);
            } else if (in.hasRemaining()) {
                int before = in.remaining();
                engine.unwrap(in, text);
                if (in.remaining() == before
                        && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                    break;
                }
            } else {
                break;
            }
        }
        in.compact();
    }

    @Test
    void bothSidesSeeEachOther() throws IOException {
        assertThat(shake(tls("one", "ca.crt"), tls("two", "ca.crt"))).isEqualTo("CN=one CN=two");
        assertThat(shake(tls("one", "ca.crt"), tls("", "ca.crt"))).isEqualTo("CN=one nobody");
    }

    @Test
    void refusesAndCountsThoseOfAnotherAuthority() throws IOException {
        Tls server = tls("one", "ca.crt");
        Tls client = tls("two", "ca.crt");
        assertThatThrownBy(() -> shake(server, tls("foreign", "ca.crt")))
                .isInstanceOf(SSLException.class);
        assertThat(server.refusedClients()).isEqualTo(1);
        assertThatThrownBy(() -> shake(tls("foreign", "ca.crt"), client))
                .isInstanceOf(SSLException.class);
        assertThat(client.refusedServers()).isEqualTo(1);
    }

    @Test
    void refusesAnExpiredOne() throws IOException {
        Instant now = Instant.now();
        issue(
                authority.issue(
                        "old",
                        TestCertificates.keyPair("EC"),
                        now.minus(Duration.ofHours(2)),
                        now.minus(Duration.ofHours(1))),
                "old");
        Tls old = tls("old", "ca.crt");
        assertThat(old.certificateEnds().orElseThrow())
                .isEqualTo(now.minus(Duration.ofHours(1)).getEpochSecond());
        assertThatThrownBy(() -> shake(tls("one", "ca.crt"), old)).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> shake(old, tls("one", "ca.crt"))).isInstanceOf(SSLException.class);
    }

    @Test
    void holdsServersToTheirAddressOrToTheNameThatAllHave() throws IOException {
        Tls server = tls("one", "ca.crt");
        assertThatThrownBy(() -> shake(server, tls("two", "ca.crt"), "10.0.0.7"))
                .hasStackTraceContaining("10.0.0.7");
        TlsConfig byName =
                new TlsConfig(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(directory.resolve("ca.crt")),
                        ClientAuth.NONE,
                        Optional.of("muster-agent"));
        assertThat(shake(server, Tls.open(byName), "10.0.0.7")).startsWith("CN=one");
        assertThatThrownBy(() -> shake(tls("two", "ca.crt"), Tls.open(byName)))
                .hasStackTraceContaining("certificate of the server must be for name=muster-agent");
        assertThatThrownBy(() -> shake(tls("foreign", "ca.crt"), Tls.open(byName)))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void takesFilesThatHaveChanged() throws IOException {
        Tls server = tls("one", "ca.crt");
        Tls client = tls("two", "ca.crt");
        assertThat(server.reload()).isFalse();
        issue(authority.issue("renewed"), "one");
        assertThat(server.reload()).isTrue();
        assertThat(shake(server, client)).isEqualTo("CN=renewed CN=two");
        stranger.write(directory.resolve("ca.crt"));
        assertThat(server.reload()).isTrue();
        assertThatThrownBy(() -> shake(server, client)).isInstanceOf(SSLException.class);
        assertThat(server.reloads()).isEqualTo(2);
    }

    @Test
    void keepsWhatItHasWhileFilesDoNotFit() throws IOException {
        Tls server = tls("one", "ca.crt");
        Files.copy(
                directory.resolve("two.crt"),
                directory.resolve("one.crt"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(server.reload()).isFalse();
        Files.delete(directory.resolve("ca.crt"));
        assertThat(server.reload()).isFalse();
        assertThat(server.reloadFailures()).isEqualTo(2);
        authority.write(directory.resolve("ca.crt"));
        assertThat(shake(server, tls("two", "ca.crt"))).isEqualTo("CN=one CN=two");
    }

    @Test
    void saysWhichFileIsWrong() throws IOException {
        Path ca = directory.resolve("ca.crt");
        Path key = directory.resolve("one.key");
        Files.copy(
                directory.resolve("two.key"),
                key,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> tls("one", "ca.crt"))
                .hasMessage(
                        "muster.tls.key-file file=%s: must be the key of the first certificate of"
                                + " file=%s",
                        key, directory.resolve("one.crt"));
        Files.writeString(key, "topsecret");
        assertThatThrownBy(() -> tls("one", "ca.crt"))
                .hasMessage(
                        "muster.tls.key-file file=%s: must hold a private key in PEM (-----BEGIN"
                                + " PRIVATE KEY-----): found=none",
                        key);
        Files.writeString(ca, "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> tls("two", "ca.crt"))
                .hasMessageStartingWith(
                        "muster.tls.ca-file file=%s: must hold certificates in PEM", ca);
        assertThatThrownBy(() -> tls("two", "absent.crt"))
                .hasMessage(
                        "muster.tls.ca-file file=%s: must be there: no such file",
                        directory.resolve("absent.crt"));
    }

    @Test
    void settingsMustFitEachOther() {
        assertThatThrownBy(() -> config("", "ca.crt", ClientAuth.REQUIRED))
                .hasMessageStartingWith("muster.tls.client-auth must be none without");
        assertThatThrownBy(() -> ClientAuth.of("yes"))
                .hasMessage("muster.tls.client-auth must be none, request or required: found=yes");
        assertThatThrownBy(() ->
                        new TlsConfig(
                                Optional.of(directory),
                                Optional.empty(),
                                Optional.empty(),
                                ClientAuth.NONE,
                                Optional.empty()))
                .hasMessage("muster.tls.key-file must be given with muster.tls.cert-file: none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void takesKeysOfEachKind(String algorithm) throws IOException {
        Instant now = Instant.now();
        issue(
                authority.issue(
                        "kind",
                        TestCertificates.keyPair(algorithm),
                        now.minus(Duration.ofHours(1)),
                        now.plus(Duration.ofHours(1))),
                "kind");
        assertThat(shake(tls("kind", "ca.crt"), tls("two", "ca.crt"))).startsWith("CN=kind");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void takesKeysInTheirOlderForms(String algorithm) throws Exception {
        Instant now = Instant.now();
        KeyPair pair = TestCertificates.keyPair(algorithm);
        issue(
                authority.issue(
                        "older", pair, now.minus(Duration.ofHours(1)), now.plusSeconds(3600)),
                "older");
        Files.writeString(
                directory.resolve("older.key"),
                TestCertificates.pem(algorithm + " PRIVATE KEY", older(pair)));
        assertThat(shake(tls("older", "ca.crt"), tls("two", "ca.crt"))).startsWith("CN=older");
    }

    /// What PKCS #8 wraps; for EC with the curve, as OpenSSL writes it.
    private static byte[] older(KeyPair pair) throws InvalidKeySpecException {
        List<Der.Value> fields =
                Der.values(Der.values(pair.getPrivate().getEncoded()).getFirst().content());
        byte[] inner = fields.get(2).content();
        if (pair.getPrivate().getAlgorithm().equals("RSA")) {
            return inner;
        }
        byte[] curve = Der.values(fields.get(1).content()).get(1).whole();
        List<Der.Value> parts = Der.values(Der.values(inner).getFirst().content());
        return Der.value(
                Der.SEQUENCE,
                Der.value(Der.INTEGER, BigInteger.ONE.toByteArray()),
                parts.get(1).whole(),
                Der.value(Der.PARAMETERS, curve));
    }
}
