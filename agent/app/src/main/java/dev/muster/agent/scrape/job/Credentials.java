package dev.muster.agent.scrape.job;

import java.nio.file.Path;

/// How a job's requests are authorised. Secrets do not appear in `toString`.
public sealed interface Credentials {
    /// No `Authorization` header.
    record None() implements Credentials {}

    /// User and password.
    record Basic(String username, String password) implements Credentials {
        @Override
        public String toString() {
            return "Basic[username=" + username + "]";
        }
    }

    /// User and a file that holds the password, read anew for every connection of a job.
    record BasicFile(String username, Path passwordFile) implements Credentials {}

    /// A scheme, such as `Bearer`, and its credentials.
    record Token(String type, String credentials) implements Credentials {
        @Override
        public String toString() {
            return "Token[type=" + type + "]";
        }
    }

    /// A scheme and a file that holds its credentials.
    record TokenFile(String type, Path credentialsFile) implements Credentials {}
}
