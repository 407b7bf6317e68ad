package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.job.TlsAccess;
import java.io.IOException;
import java.util.Optional;

/// Certificates and key of a TLS connection as they stand in their files now. A key is secret.
///
/// @param ca certificates trusted; empty for those of the JDK
/// @param cert own certificate; empty for none
/// @param key its private key; empty for none
record PemTexts(String ca, String cert, String key) {
    static final PemTexts NONE = new PemTexts("", "", "");

    /// @throws FetchException if one cannot be read, or is no PEM
    static PemTexts read(TlsAccess tls) throws FetchException {
        return new PemTexts(
                text("ca", tls.ca()), text("certificate", tls.cert()), text("key", tls.key()));
    }

    private static String text(String what, Optional<Secret> from) throws FetchException {
        if (from.isEmpty()) {
            return "";
        }
        String text;
        try {
            text = from.get().reveal();
        } catch (IOException e) {
            throw new FetchException(
                    FetchFault.CREDENTIALS,
                    "tls_config: " + what + " must be readable: " + plain(e),
                    e);
        }
        if (!text.contains("-----BEGIN ")) {
            throw new FetchException(
                    FetchFault.CREDENTIALS,
                    "tls_config: " + what + " must be PEM: " + place(from.get()));
        }
        return text;
    }

    private static String place(Secret secret) {
        return switch (secret) {
            case Secret.Text _ -> "found=text in the configuration";
            case Secret.InFile(var file) -> "file=" + file;
        };
    }

    /// What went wrong with a file: its class says it, its message is only the path.
    static String plain(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }

    @Override
    public String toString() {
        return "PemTexts[]";
    }
}
