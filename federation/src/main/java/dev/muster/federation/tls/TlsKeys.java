package dev.muster.federation.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows the certificate of the moment at each handshake. Thread-safe.
final class TlsKeys extends X509ExtendedKeyManager {
    private final Supplier<Optional<Credentials.Identity>> current;

    /// The one before is still known by its alias: a handshake may have begun with it.
    private volatile Credentials.@Nullable Identity latest;

    private volatile Credentials.@Nullable Identity before;

    TlsKeys(Supplier<Optional<Credentials.Identity>> current) {
        this.current = current;
    }

    private @Nullable String alias(String... keyTypes) {
        Optional<Credentials.Identity> identity = current.get();
        if (identity.isEmpty()) {
            return null;
        }
        remember(identity.get());
        for (String type : keyTypes) {
            if (type.equals(identity.get().key().getAlgorithm())) {
                return identity.get().alias();
            }
        }
        return null;
    }

    private synchronized void remember(Credentials.Identity identity) {
        Credentials.Identity now = latest;
        if (now == null || !now.alias().equals(identity.alias())) {
            before = now;
            latest = identity;
        }
    }

    private Credentials.@Nullable Identity named(String alias) {
        Credentials.Identity now = latest;
        if (now != null && now.alias().equals(alias)) {
            return now;
        }
        Credentials.Identity old = before;
        return old != null && old.alias().equals(alias) ? old : null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, Socket socket) {
        return alias(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Credentials.Identity identity = named(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Credentials.Identity identity = named(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return getClientAliases(keyType, issuers);
    }
}
