package dev.muster.federation.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;

/// An authority and the certificates it signs, made on the spot (RFC 5280).
final class TestCertificates {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_SHA256 = Der.value(Der.SEQUENCE, object("2a8648ce3d040302"));

    private final String name;
    private final KeyPair keys;
    private final X509Certificate certificate;
    private long serial = 1;

    /// A certificate and its key.
    record Issued(X509Certificate certificate, KeyPair keys) {
        void write(Path cert, Path key) throws IOException {
            Files.writeString(cert, pem("CERTIFICATE", encoded(certificate)));
            Files.writeString(key, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        }
    }

    TestCertificates(String name) {
        this.name = name;
        keys = keyPair("EC");
        Instant now = Instant.now();
        certificate =
                certificate(
                        name,
                        keys,
                        extension("551d13", Der.value(Der.SEQUENCE, Der.value(1, bytes(0xff)))),
                        now.minus(Duration.ofDays(1)),
                        now.plus(Duration.ofDays(10)));
    }

    Issued issue(String subject, String... dnsNames) {
        Instant now = Instant.now();
        return issue(
                subject,
                keyPair("EC"),
                now.minus(Duration.ofHours(1)),
                now.plus(Duration.ofDays(1)),
                dnsNames);
    }

    Issued issue(String subject, KeyPair pair, Instant from, Instant until, String... dnsNames) {
        byte[] names = Der.value(0x87, bytes(127, 0, 0, 1));
        for (String dns : dnsNames) {
            names = join(names, Der.value(0x82, dns.getBytes(StandardCharsets.US_ASCII)));
        }
        byte[] alternative = extension("551d11", Der.value(Der.SEQUENCE, names));
        return new Issued(certificate(subject, pair, alternative, from, until), pair);
    }

    void write(Path file) throws IOException {
        Files.writeString(file, pem("CERTIFICATE", encoded(certificate)));
    }

    static KeyPair keyPair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("RSA")) {
                generator.initialize(2048); // the default of 3072 takes seconds to find
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String pem(String what, byte[] der) {
        return "-----BEGIN "
                + what
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + what
                + "-----\n";
    }

    private X509Certificate certificate(
            String subject, KeyPair pair, byte[] extension, Instant from, Instant until) {
        byte[] body =
                Der.value(
                        Der.SEQUENCE,
                        Der.value(Der.PARAMETERS, Der.value(Der.INTEGER, bytes(2))),
                        Der.value(Der.INTEGER, BigInteger.valueOf(serial++).toByteArray()),
                        ECDSA_SHA256,
                        called(name),
                        Der.value(Der.SEQUENCE, time(from), time(until)),
                        called(subject),
                        pair.getPublic().getEncoded(),
                        Der.value(0xa3, Der.value(Der.SEQUENCE, extension)));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] whole =
                    Der.value(
                            Der.SEQUENCE,
                            body,
                            ECDSA_SHA256,
                            Der.value(0x03, bytes(0), signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] called(String name) {
        byte[] text = Der.value(0x0c, name.getBytes(StandardCharsets.UTF_8));
        byte[] common = Der.value(Der.SEQUENCE, object("550403"), text);
        return Der.value(Der.SEQUENCE, Der.value(0x31, common));
    }

    private static byte[] time(Instant time) {
        return Der.value(0x18, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] extension(String object, byte[] value) {
        return Der.value(Der.SEQUENCE, object(object), Der.value(Der.OCTETS, value));
    }

    private static byte[] object(String hex) {
        return Der.value(Der.OBJECT, HexFormat.of().parseHex(hex));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] join(byte[] left, byte[] right) {
        byte[] both = java.util.Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
