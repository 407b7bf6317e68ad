package dev.muster.agent.scrape.job;

/// How a job's targets are reached over HTTP.
///
/// @param credentials sent with every request, but not to another host after a redirect
/// @param tls for `https`
/// @param followRedirects false makes a redirect a failed scrape
/// @param compression asks for gzip
public record HttpAccess(
        Credentials credentials, TlsFiles tls, boolean followRedirects, boolean compression) {
    public static final HttpAccess DEFAULT =
            new HttpAccess(new Credentials.None(), TlsFiles.DEFAULT, true, true);
}
