package dev.muster.federation.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Judges certificates by the authorities of the moment, and counts those it refuses. A server's
/// certificate must be for the host of its address, or bear the name that all servers have.
/// Thread-safe.
final class TlsTrust extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;

    private final Supplier<X509ExtendedTrustManager> current;
    private final Optional<String> serverName;
    final LongAdder refusedServers = new LongAdder();
    final LongAdder refusedClients = new LongAdder();

    TlsTrust(Supplier<X509ExtendedTrustManager> current, Optional<String> serverName) {
        this.current = current;
        this.serverName = serverName;
    }

    @FunctionalInterface
    private interface Check {
        void run() throws CertificateException;
    }

    private static void counted(LongAdder refused, Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            refused.increment();
            throw e;
        }
    }

    private void named(X509Certificate[] chain, String authType, String name)
            throws CertificateException {
        current.get().checkServerTrusted(chain, authType);
        Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
        boolean found =
                names != null
                        && names.stream()
                                .filter(entry -> entry.get(0).equals(DNS_NAME))
                                .anyMatch(entry -> name.equalsIgnoreCase((String) entry.get(1)));
        if (!found) {
            throw new CertificateException(
                    "certificate of the server must be for name=" + name + ": found=" + names);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        counted(
                refusedServers,
                () -> {
                    if (serverName.isPresent()) {
                        named(chain, authType, serverName.get());
                    } else {
                        current.get().checkServerTrusted(chain, authType, engine);
                    }
                });
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        counted(
                refusedServers,
                () -> {
                    if (serverName.isPresent()) {
                        named(chain, authType, serverName.get());
                    } else {
                        current.get().checkServerTrusted(chain, authType, socket);
                    }
                });
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        counted(refusedServers, () -> current.get().checkServerTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        counted(refusedClients, () -> current.get().checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        counted(refusedClients, () -> current.get().checkClientTrusted(chain, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        counted(refusedClients, () -> current.get().checkClientTrusted(chain, authType));
    }

    /// None: a server does not tell callers whom it trusts, and they show the only certificate they
    /// have.
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
