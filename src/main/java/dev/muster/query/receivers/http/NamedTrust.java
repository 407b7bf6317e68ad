package dev.muster.query.receivers.http;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Judges servers whatever host they were called by: by another name, or not at all.
final class NamedTrust extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;

    private final X509ExtendedTrustManager authorities;
    private final Optional<String> name;

    /// @param name that the server must have; empty if any server will do
    NamedTrust(X509ExtendedTrustManager authorities, Optional<String> name) {
        this.authorities = authorities;
        this.name = name;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        if (name.isEmpty()) {
            return;
        }
        authorities.checkServerTrusted(chain, authType);
        Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
        boolean found =
                names != null
                        && names.stream()
                                .filter(entry -> entry.get(0).equals(DNS_NAME))
                                .anyMatch(entry -> fits((String) entry.get(1), name.get()));
        if (!found) {
            throw new CertificateException(
                    "certificate of the server must be for name="
                            + name.get()
                            + ": found="
                            + names);
        }
    }

    private static boolean fits(String pattern, String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        String has = pattern.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return has.equals(wanted)
                || (has.startsWith("*.")
                        && dot > 0
                        && has.substring(1).equals(wanted.substring(dot)));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("clients are not judged here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
