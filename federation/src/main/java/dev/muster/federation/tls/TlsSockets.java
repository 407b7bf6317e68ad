package dev.muster.federation.tls;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Sockets to servers whose URL says whether they speak TLS.
public final class TlsSockets {
    private TlsSockets() {}

    /// The socket itself, or TLS over it where the URL begins with `https`; the handshake comes
    /// with the first byte. Certificates are those of the process ([Tls#makeDefault]).
    ///
    /// @param connected to the host and port of the URL
    /// @throws IOException if there is no TLS
    public static Socket over(Socket connected, URI url) throws IOException {
        if (!"https".equals(url.getScheme())) {
            return connected;
        }
        try {
            SSLSocket socket =
                    (SSLSocket)
                            SSLContext.getDefault()
                                    .getSocketFactory()
                                    .createSocket(
                                            connected, url.getHost(), connected.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            return socket;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("the JDK must have TLS", e);
        }
    }
}
