package dev.muster.agent.door;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who may push: any program of this host, and from elsewhere who shows the token. The token's file
/// is read again when it changes. Thread-safe.
final class Callers {
    private static final int MOST_BYTES = 4096;

    private final Optional<Path> tokenFile;
    private @Nullable FileTime readAt;
    private String token = "";

    Callers(Optional<Path> tokenFile) {
        this.tokenFile = tokenFile;
    }

    /// What is known of a caller; empty text for a header that is absent.
    ///
    /// @param remote does it come from another host, maybe through a proxy on this one?
    /// @param browser was it sent by a page in a browser?
    /// @param authorization header `Authorization`
    record Caller(boolean remote, boolean browser, String authorization) {
        @Override
        public String toString() {
            return "Caller[remote=" + remote + ", browser=" + browser + "]";
        }
    }

    /// Why a caller may not push.
    ///
    /// @param status of the answer
    /// @param reason label in metrics
    record Refusal(int status, String reason, String text) {}

    /// Why a caller may not push; null if it may.
    @Nullable Refusal refusal(Caller caller) {
        if (!caller.remote() && !caller.browser()) {
            return null;
        }
        if (tokenFile.isEmpty()) {
            String who = caller.remote() ? "other hosts" : "pages in browsers";
            return new Refusal(
                    403,
                    "no_token_configured",
                    "muster.push.token-file must be set before " + who + " can push");
        }
        try {
            return same(expected(tokenFile.get()), shown(caller.authorization()))
                    ? null
                    : new Refusal(
                            401,
                            "token",
                            "a token must be shown as Authorization: Bearer or as password of"
                                    + " Basic, and be that of muster.push.token-file");
        } catch (IOException e) {
            return new Refusal(
                    503, "token_file", "muster.push.token-file must be readable and not empty");
        }
    }

    private synchronized String expected(Path file) throws IOException {
        FileTime changed = Files.getLastModifiedTime(file);
        if (!changed.equals(readAt)) {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("token file must have at most bytes=" + MOST_BYTES);
            }
            token = Files.readString(file).strip();
            readAt = changed;
        }
        if (token.isEmpty()) {
            throw new IOException("token file must not be empty");
        }
        return token;
    }

    private static String shown(String authorization) {
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authorization.substring(7).strip();
        }
        if (authorization.regionMatches(true, 0, "Token ", 0, 6)) {
            return authorization.substring(6).strip();
        }
        if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return password(authorization.substring(6).strip());
        }
        return "";
    }

    private static String password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean same(String expected, String found) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), found.getBytes(StandardCharsets.UTF_8));
    }
}
