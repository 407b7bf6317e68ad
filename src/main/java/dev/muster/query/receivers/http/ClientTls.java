package dev.muster.query.receivers.http;

import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.Tls;
import dev.muster.federation.tls.TlsConfig;
import dev.muster.federation.tls.TlsException;
import dev.muster.query.receivers.settings.TlsSettings;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// TLS to a receiver. Thread-safe.
public final class ClientTls {
    private final Optional<Tls> files;
    private final X509ExtendedTrustManager trust;

    private ClientTls(Optional<Tls> files, X509ExtendedTrustManager trust) {
        this.files = files;
        this.trust = trust;
    }

    /// Reads the files.
    ///
    /// @throws IOException if one is wrong; the message names it
    public static ClientTls open(TlsSettings settings) throws IOException {
        try {
            TlsConfig config =
                    new TlsConfig(
                            settings.cert(),
                            settings.key(),
                            settings.ca(),
                            ClientAuth.NONE,
                            Optional.empty());
            Optional<Tls> files = config.isSet() ? Optional.of(Tls.open(config)) : Optional.empty();
            X509ExtendedTrustManager usual =
                    settings.ca().isPresent() && files.isPresent()
                            ? files.get().trust()
                            : ofTheJdk();
            boolean named = settings.insecure() || settings.serverName().isPresent();
            Optional<String> name = settings.insecure() ? Optional.empty() : settings.serverName();
            return new ClientTls(files, named ? new NamedTrust(usual, name) : usual);
        } catch (TlsException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    private static X509ExtendedTrustManager ofTheJdk() {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the JDK must trust somebody"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must have TLS", e);
        }
    }

    /// Judges servers.
    public X509ExtendedTrustManager trust() {
        return trust;
    }

    /// Shows the certificate, if there is one.
    public Optional<X509ExtendedKeyManager> keys() {
        return files.map(Tls::keys);
    }

    /// Takes files that have changed.
    void reload() {
        files.ifPresent(Tls::reload);
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys().map(each -> new KeyManager[] {each}).orElse(null),
                    new TrustManager[] {trust},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must have TLS", e);
        }
    }
}
