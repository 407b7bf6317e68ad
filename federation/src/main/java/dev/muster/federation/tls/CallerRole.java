package dev.muster.federation.tls;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// What a caller is by the organizational unit of its certificate, which its authority has signed.
enum CallerRole {
    /// `OU=muster-agent`: an agent, which may ask what agents ask each other.
    AGENT,
    /// Anybody else who holds a certificate.
    ANY;

    /// The unit of an agent's certificate.
    static final String AGENT_UNIT = "muster-agent";

    /// @param certificate of the caller
    static CallerRole of(Certificate certificate) {
        if (!(certificate instanceof X509Certificate own)) {
            return ANY;
        }
        try {
            for (Rdn part : new LdapName(own.getSubjectX500Principal().getName()).getRdns()) {
                Attribute unit = part.toAttributes().get("OU");
                if (unit != null && AGENT_UNIT.equals(unit.get())) {
                    return AGENT;
                }
            }
        } catch (NamingException e) {
            // a name that cannot be read does not widen what may be done
            return AGENT;
        }
        return ANY;
    }
}
