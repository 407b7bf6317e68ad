package dev.muster.federation.tls;

import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Who is answered by a server, by the certificate that was shown when the connection was made.
/// Thread-safe.
public final class CallerRule {
    /*
     * Certificates are asked for in the handshake, and judged there: who shows one that is not trusted gets no connection.
     * That somebody has none is judged here, for each request, so that whoever looks after the process (a kubelet has no
     * certificate) may still ask whether it lives.
     */
    private static final Set<String> SIGNS_OF_LIFE = Set.of("/-/healthy", "/-/ready");

    /// What is answered to who is not.
    public static final String REFUSAL =
            "a client certificate of the authority in muster.tls.ca-file must be shown: none";

    private final ClientAuth auth;
    private final LongAdder refused = new LongAdder();
    private final LongAdder strangers = new LongAdder();

    public CallerRule(ClientAuth auth) {
        this.auth = auth;
    }

    /// @param session of the connection; absent for one in clear, which only the loopback port
    ///   takes
    /// @param path that is asked for
    public boolean admits(@Nullable SSLSession session, @Nullable String path) {
        if (auth == ClientAuth.NONE
                || session == null
                || hasCertificate(session)
                || (path != null && SIGNS_OF_LIFE.contains(path))) {
            return true;
        }
        if (auth == ClientAuth.REQUEST) {
            strangers.increment();
            return true;
        }
        refused.increment();
        return false;
    }

    private static boolean hasCertificate(SSLSession session) {
        try {
            return session.getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    /// Requests refused, as there was no certificate.
    public long refused() {
        return refused.sum();
    }

    /// Requests answered without a certificate, though one was asked for.
    public long strangers() {
        return strangers.sum();
    }
}
