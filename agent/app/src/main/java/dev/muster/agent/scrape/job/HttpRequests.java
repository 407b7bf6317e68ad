package dev.muster.agent.scrape.job;

import java.io.IOException;

/// Requests to services that discoveries ask and samples are sent to. Blocks, so it is for virtual
/// threads; an interrupt ends a request. Thread-safe.
public interface HttpRequests {
    /// Sends a request and waits for the whole answer, whatever its status.
    ///
    /// @throws IOException if there is no whole answer in time and within the limit, and why
    HttpAnswer get(HttpQuestion question) throws IOException, InterruptedException;

    /// Sends bytes as the body of a `POST` and waits for the whole answer, whatever its status. The
    /// question's headers say what they are. Redirects are answers.
    ///
    /// @throws IOException as [#get]
    HttpAnswer post(HttpQuestion question, byte[] body) throws IOException, InterruptedException;

    /// Sends a request and hands over the lines of its answer one by one, as they come, without
    /// their ends, until the server ends it or `lines` returns false. The question's time limit is
    /// for the head of the answer and for each pause between two pieces of it; its body limit is
    /// for one line.
    ///
    /// @return the answer; its body is empty where the status is 200, as the lines had it
    /// @throws IOException as [#get]
    HttpAnswer lines(HttpQuestion question, Lines lines) throws IOException, InterruptedException;

    /// Takes lines in the thread that asked.
    @FunctionalInterface
    interface Lines {
        /// @param line in UTF-8; the taker's
        /// @return false to end the request
        boolean take(byte[] line) throws IOException;
    }
}
