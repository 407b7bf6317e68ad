package dev.muster.federation.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// All files as they were read at one time, checked against each other. Immutable.
///
/// @param identity own certificate and key; absent if there is none
/// @param trust judges certificates of others
/// @param ca certificates trusted; empty for those of the JDK
/// @param texts of the files, to find out whether they have changed
record Credentials(
        Optional<Identity> identity,
        X509ExtendedTrustManager trust,
        List<X509Certificate> ca,
        List<String> texts) {
    /// @param alias a name that no other has had
    /// @param chain own certificate first
    /// @param key of the first
    record Identity(String alias, List<X509Certificate> chain, PrivateKey key) {
        X509Certificate certificate() {
            return chain.getFirst();
        }
    }

    static List<PemFile> files(TlsConfig config) throws TlsException {
        List<PemFile> files = new ArrayList<>();
        if (config.certFile().isPresent()) {
            files.add(PemFile.read("muster.tls.cert-file", config.certFile().get()));
            files.add(PemFile.read("muster.tls.key-file", config.keyFile().orElseThrow()));
        }
        if (config.caFile().isPresent()) {
            files.add(PemFile.read("muster.tls.ca-file", config.caFile().get()));
        }
        return files;
    }

    /// @param files as [#files] reads them
    /// @param generation counts how often files were read
    static Credentials of(List<PemFile> files, long generation) throws TlsException {
        @Nullable Identity identity = null;
        if (files.size() > 1) {
            PemFile cert = files.get(0);
            PemFile key = files.get(1);
            identity = new Identity("muster-" + generation, cert.certificates(), key.privateKey());
            refuseForeignKey(identity, cert, key);
        }
        List<X509Certificate> ca = files.size() == 2 ? List.of() : files.getLast().certificates();
        return new Credentials(
                Optional.ofNullable(identity),
                trust(ca),
                ca,
                files.stream().map(PemFile::text).toList());
    }

    private static void refuseForeignKey(Identity identity, PemFile cert, PemFile key)
            throws TlsException {
        PublicKey known = identity.certificate().getPublicKey();
        byte[] message = new byte[32];
        new SecureRandom().nextBytes(message);
        boolean fits;
        try {
            Signature signature = Signature.getInstance(algorithm(identity.key()));
            signature.initSign(identity.key());
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(known);
            signature.update(message);
            fits = signature.verify(signed);
        } catch (GeneralSecurityException e) {
            fits = false;
        }
        if (!fits) {
            throw new TlsException(
                    "muster.tls.key-file file="
                            + key.path()
                            + ": must be the key of the first certificate of file="
                            + cert.path(),
                    null);
        }
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA", "RSASSA-PSS" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }

    private static X509ExtendedTrustManager trust(List<X509Certificate> ca) throws TlsException {
        try {
            @Nullable KeyStore store = null;
            if (!ca.isEmpty()) {
                store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                for (int i = 0; i < ca.size(); i++) {
                    store.setCertificateEntry("ca-" + i, ca.get(i));
                }
            }
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new GeneralSecurityException("no trust manager for X.509");
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new TlsException("muster.tls.ca-file: must be usable: " + e.getMessage(), e);
        }
    }
}
