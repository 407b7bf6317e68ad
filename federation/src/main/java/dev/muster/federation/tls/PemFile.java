package dev.muster.federation.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a PEM file holds. Never shows any of it.
///
/// @param key that names the file in the configuration
/// @param path of the file
/// @param text what stands in it
record PemFile(String key, Path path, String text) {
    /*
     * Private keys come as PKCS #8 (RFC 5958), which the JDK reads, and in the two older forms that certificate
     * authorities still hand out: PKCS #1 (RFC 8017, A.1.2) and SEC 1 (RFC 5915). These become PKCS #8 by a header that
     * names the algorithm.
     */
    private static final long LIMIT_BYTES = 1 << 20;
    private static final Pattern SECTION =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final byte[] VERSION = Der.value(Der.INTEGER, new byte[1]);
    private static final byte[] RSA =
            Der.value(
                    Der.SEQUENCE,
                    Der.value(Der.OBJECT, HexFormat.of().parseHex("2a864886f70d010101")),
                    Der.value(Der.NULL));
    private static final byte[] EC_KEY =
            Der.value(Der.OBJECT, HexFormat.of().parseHex("2a8648ce3d0201"));

    static PemFile read(String key, Path path) throws TlsException {
        try {
            if (Files.size(path) > LIMIT_BYTES) {
                throw new TlsException(
                        where(key, path) + "must have at most bytes=" + LIMIT_BYTES, null);
            }
            return new PemFile(key, path, Files.readString(path, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            throw new TlsException(where(key, path) + "must be there: no such file", e);
        } catch (IOException e) {
            throw new TlsException(where(key, path) + "must be readable: " + e, e);
        }
    }

    private static String where(String key, Path path) {
        return key + " file=" + path + ": ";
    }

    private TlsException wrong(String message, GeneralSecurityException e) {
        return new TlsException(where(key, path) + message, e);
    }

    /// All certificates, in their order; at least one.
    List<X509Certificate> certificates() throws TlsException {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> certificates = new ArrayList<>();
            for (Matcher section = SECTION.matcher(text); section.find(); ) {
                if (section.group(1).equals("CERTIFICATE")) {
                    byte[] der = Base64.getMimeDecoder().decode(section.group(2));
                    certificates.add(
                            (X509Certificate)
                                    factory.generateCertificate(new ByteArrayInputStream(der)));
                }
            }
            if (certificates.isEmpty()) {
                throw new CertificateException("found=none");
            }
            return certificates;
        } catch (CertificateException | IllegalArgumentException e) {
            throw wrong(
                    "must hold certificates in PEM (-----BEGIN CERTIFICATE-----): "
                            + e.getMessage(),
                    new GeneralSecurityException(e));
        }
    }

    /// The first private key.
    PrivateKey privateKey() throws TlsException {
        try {
            for (Matcher section = SECTION.matcher(text); section.find(); ) {
                byte[] der = Base64.getMimeDecoder().decode(section.group(2));
                switch (section.group(1)) {
                    case "PRIVATE KEY" -> {
                        return pkcs8(der);
                    }
                    case "RSA PRIVATE KEY" -> {
                        return pkcs8(wrapped(RSA, der));
                    }
                    case "EC PRIVATE KEY" -> {
                        return pkcs8(wrapped(Der.value(Der.SEQUENCE, EC_KEY, curve(der)), der));
                    }
                    case "ENCRYPTED PRIVATE KEY" ->
                            throw new InvalidKeySpecException("found=an encrypted one");
                    default -> {}
                }
            }
            throw new InvalidKeySpecException("found=none");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            String found = e instanceof InvalidKeySpecException ? e.getMessage() : "found=no DER";
            throw wrong(
                    "must hold a private key in PEM (-----BEGIN PRIVATE KEY-----): " + found,
                    new GeneralSecurityException(e));
        }
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        for (String algorithm : List.of("EC", "RSA", "EdDSA", "RSASSA-PSS")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                // of another algorithm, or damaged: told when none takes it
            }
        }
        throw new InvalidKeySpecException("found=none of EC, RSA, EdDSA");
    }

    private static byte[] wrapped(byte[] algorithm, byte[] der) {
        return Der.value(Der.SEQUENCE, VERSION, algorithm, Der.value(Der.OCTETS, der));
    }

    private static byte[] curve(byte[] der) throws InvalidKeySpecException {
        for (Der.Value field : Der.values(Der.values(der).getFirst().content())) {
            if (field.tag() == Der.PARAMETERS) {
                return field.content();
            }
        }
        throw new InvalidKeySpecException("found=an EC key without its curve");
    }

    @Override
    public String toString() {
        return where(key, path);
    }
}
