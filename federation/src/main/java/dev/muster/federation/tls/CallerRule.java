package dev.muster.federation.tls;

import java.security.cert.Certificate;
import java.util.Optional;
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

    /// What is answered to an agent that asks for more than agents may.
    public static final String ROLE_REFUSAL =
            "a certificate of OU=" + CallerRole.AGENT_UNIT + " must not be used for this";

    private static final String ROLE = "muster.role";

    /// What becomes of a request.
    public enum Verdict {
        /// It is answered.
        ADMITTED,
        /// There is no certificate.
        NO_CERTIFICATE,
        /// The certificate is an agent's, and agents may not ask for this.
        NOT_FOR_AGENTS
    }

    private final ClientAuth auth;
    private final Set<String> forAgents;
    private final LongAdder refusedAgents = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder strangers = new LongAdder();

    /// @param forAgents paths that agents may ask for, beside signs of life
    public CallerRule(ClientAuth auth, Set<String> forAgents) {
        this.auth = auth;
        this.forAgents = Set.copyOf(forAgents);
    }

    /// @param session of the connection; absent for one in clear, which only the loopback port
    ///   takes
    /// @param path that is asked for
    public Verdict judge(@Nullable SSLSession session, @Nullable String path) {
        boolean ofLife = path != null && SIGNS_OF_LIFE.contains(path);
        if (auth == ClientAuth.NONE || session == null || ofLife) {
            return Verdict.ADMITTED;
        }
        Optional<CallerRole> role = role(session);
        if (role.isPresent()) {
            boolean may =
                    role.get() == CallerRole.ANY || (path != null && forAgents.contains(path));
            if (!may) {
                refusedAgents.increment();
            }
            return may ? Verdict.ADMITTED : Verdict.NOT_FOR_AGENTS;
        }
        if (auth == ClientAuth.REQUEST) {
            strangers.increment();
            return Verdict.ADMITTED;
        }
        refused.increment();
        return Verdict.NO_CERTIFICATE;
    }

    /// The role that a session's certificate has, read once; empty without a certificate.
    private static Optional<CallerRole> role(SSLSession session) {
        if (session.getValue(ROLE) instanceof CallerRole known) {
            return Optional.of(known);
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            if (chain.length == 0) {
                return Optional.empty();
            }
            CallerRole role = CallerRole.of(chain[0]);
            session.putValue(ROLE, role);
            return Optional.of(role);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    /// Requests of agents refused, as only others may ask that.
    public long refusedAgents() {
        return refusedAgents.sum();
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
