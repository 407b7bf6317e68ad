package dev.muster.federation.tls;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// The certificates of a process. Servers and clients ask it at each handshake, so that changed
/// files hold for new connections and old ones go on. Thread-safe.
public final class Tls {
    private static final Logger LOG = System.getLogger(Tls.class.getName());

    private final TlsConfig config;
    private final TlsKeys keys;
    private final TlsTrust trust;
    private final LongAdder reloads = new LongAdder();
    private final LongAdder reloadFailures = new LongAdder();
    private volatile Credentials credentials;
    private String complaint = "";
    private long generation;

    private Tls(TlsConfig config, Credentials first) {
        this.config = config;
        credentials = first;
        keys = new TlsKeys(() -> credentials.identity());
        trust = new TlsTrust(() -> credentials.trust(), config.serverName());
    }

    /// Reads the files.
    ///
    /// @throws TlsException naming the file that is wrong
    public static Tls open(TlsConfig config) throws TlsException {
        if (!config.isSet()) {
            throw new IllegalArgumentException("tls must have a certificate or an authority: none");
        }
        return new Tls(config, Credentials.of(Credentials.files(config), 0));
    }

    /// How it was configured.
    public TlsConfig config() {
        return config;
    }

    /// Shows the own certificate.
    public X509ExtendedKeyManager keys() {
        return keys;
    }

    /// Judges those of others.
    public X509ExtendedTrustManager trust() {
        return trust;
    }

    /// For sockets and clients of the JDK.
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must have TLS", e);
        }
    }

    /// Makes it that of the whole process: what opens connections by the JDK alone, such as
    /// [java.net.URL], takes it. To be called once, before the first of them.
    public void makeDefault() {
        SSLContext context = context();
        SSLContext.setDefault(context);
        HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
    }

    /// Reads files that have changed; to be called every few seconds. Where they do not fit each
    /// other, as in the middle of a renewal, those from before stay in use.
    ///
    /// @return whether others are in use now
    public synchronized boolean reload() {
        try {
            List<PemFile> files = Credentials.files(config);
            if (files.stream().map(PemFile::text).toList().equals(credentials.texts())) {
                complaint = "";
                return false;
            }
            credentials = Credentials.of(files, ++generation);
            reloads.increment();
            complaint = "";
            LOG.log(Level.INFO, () -> "certificates read again" + names());
            return true;
        } catch (TlsException e) {
            reloadFailures.increment();
            String text = String.valueOf(e.getMessage());
            if (!text.equals(complaint)) {
                complaint = text;
                LOG.log(Level.WARNING, () -> "certificates kept as they were: " + text);
            }
            return false;
        }
    }

    private String names() {
        return credentials
                .identity()
                .map(own ->
                        " subject="
                                + own.certificate().getSubjectX500Principal()
                                + " until="
                                + own.certificate().getNotAfter().toInstant())
                .orElse("");
    }

    /// When the own certificate ends, Unix seconds.
    public OptionalLong certificateEnds() {
        Optional<Credentials.Identity> identity = credentials.identity();
        return identity.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(seconds(identity.get().certificate()));
    }

    /// When the first authority that is trusted ends, Unix seconds.
    public OptionalLong authorityEnds() {
        return credentials.ca().stream().mapToLong(Tls::seconds).min();
    }

    private static long seconds(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().getEpochSecond();
    }

    /// Times that changed files were taken.
    public long reloads() {
        return reloads.sum();
    }

    /// Times that they could not be.
    public long reloadFailures() {
        return reloadFailures.sum();
    }

    /// Certificates of servers that were not trusted.
    public long refusedServers() {
        return trust.refusedServers.sum();
    }

    /// Certificates of callers that were not trusted.
    public long refusedClients() {
        return trust.refusedClients.sum();
    }
}
