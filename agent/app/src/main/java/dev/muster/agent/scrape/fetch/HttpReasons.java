package dev.muster.agent.scrape.fetch;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Says in words why an exchange failed.
final class HttpReasons {
    private static final int SHOWN_CHARS = 200;

    private HttpReasons() {}

    static FetchException of(Throwable cause) {
        return switch (cause) {
            case FetchException e -> e;
            case ProxyConnectException e -> failed(FetchFault.PROXY, "proxy failed: ", e);
            case NoRouteToHostException _ -> fault(FetchFault.CONNECT, "no route to host");
            case ConnectException e when says(e, "refused") ->
                    fault(FetchFault.REFUSED, "connection refused");
            case UnknownHostException e ->
                    fault(FetchFault.HOST_NOT_FOUND, "host not found: " + shown(e.getMessage()));
            case HttpClosedException _ ->
                    fault(FetchFault.CLOSED, "connection closed before a response");
            case SSLException e -> failed(FetchFault.TLS, "tls failed: ", deepest(e));
            case TooLongFrameException _ ->
                    fault(
                            FetchFault.PROTOCOL,
                            "head of the response must have at most headBytes="
                                    + HttpClients.HEADER_BYTES_LIMIT);
            case DecoderException e when e.getCause() instanceof SSLException tls -> of(tls);
            case DecoderException e -> failed(FetchFault.PROTOCOL, "answer must be HTTP: ", e);
            case StreamResetException e ->
                    failed(FetchFault.CLOSED, "stream closed before a response: ", e);
            case IOException e when says(e, "reset") ->
                    failed(FetchFault.REFUSED, "connection failed: ", e);
            case IOException e -> failed(FetchFault.CONNECT, "connection failed: ", e);
            case VertxException e when e.getCause() != null -> of(e.getCause());
            case VertxException _ ->
                    fault(FetchFault.CLOSED, "connection closed before a response");
            case IllegalArgumentException e ->
                    failed(FetchFault.PROTOCOL, "answer must be HTTP: ", e);
            default -> fault(FetchFault.OTHER, "fetch failed: " + shown(cause.toString()));
        };
    }

    /// Whether the other side ended the connection: in order, or by a reset, which is what is seen
    /// of an end to which something was sent before it was read.
    static boolean closesConnection(Throwable cause) {
        return cause instanceof HttpClosedException
                || (cause instanceof IOException e && (says(e, "reset") || says(e, "broken pipe")));
    }

    private static boolean says(IOException e, String word) {
        return Objects.requireNonNullElse(e.getMessage(), "")
                .toLowerCase(Locale.ROOT)
                .contains(word);
    }

    private static FetchException failed(FetchFault fault, String what, Throwable e) {
        return fault(fault, what + shown(e.getMessage()));
    }

    private static FetchException fault(FetchFault fault, String reason) {
        return new FetchException(fault, reason);
    }

    /// TLS wraps its reason, often twice.
    private static Throwable deepest(Throwable e) {
        Throwable at = e;
        for (int depth = 0; depth < 8 && at.getCause() != null; depth++) {
            at = at.getCause();
        }
        return at.getMessage() == null ? e : at;
    }

    /// Text of another process in one short line.
    static String shown(@Nullable String text) {
        String plain = Objects.requireNonNullElse(text, "no message").replaceAll("\\p{Cntrl}", " ");
        return plain.length() <= SHOWN_CHARS ? plain : plain.substring(0, SHOWN_CHARS) + "…";
    }
}
