package dev.muster.query.api;

import dev.muster.query.source.AgentDirectory;
import dev.muster.query.source.AgentPlace;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Asks all live agents for JSON at the same time. Thread-safe.
final class AgentCalls {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long ANSWER_LIMIT_BYTES = 16 << 20;

    private final AgentDirectory directory;
    private final HttpClient http;

    AgentCalls(AgentDirectory directory, HttpClient http) {
        this.directory = directory;
        this.http = http;
    }

    /// The answers by agent; those that do not answer are left out.
    Map<AgentPlace, JsonObject> ask(String path) {
        Map<AgentPlace, JsonObject> answers = new HashMap<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<AgentPlace> asked = new ArrayList<>();
            List<Future<JsonObject>> running = new ArrayList<>();
            for (AgentPlace agent : directory.agents()) {
                if (agent.absence().isEmpty()) {
                    asked.add(agent);
                    running.add(threads.submit(() -> answer(agent.url().resolve(path))));
                }
            }
            for (int i = 0; i < asked.size(); i++) {
                put(answers, asked.get(i), running.get(i));
            }
        }
        return answers;
    }

    /// All agents that are known.
    List<AgentPlace> places() {
        return directory.agents();
    }

    /// What one agent answers, passed on as it is.
    ///
    /// @throws ApiException if the agent refuses the question, or does not answer
    String relay(URI url) throws ApiException {
        try {
            HttpResponse<byte[]> response = send(url);
            String body = new String(response.body(), StandardCharsets.UTF_8);
            if (response.statusCode() == 200) {
                // what is no JSON must not look like an answer
                return new JsonObject(body).encode();
            }
            ErrorType type =
                    response.statusCode() == 400 ? ErrorType.BAD_DATA : ErrorType.UNAVAILABLE;
            throw new ApiException(type, "agent: " + new JsonObject(body).getString("error", ""));
        } catch (DecodeException e) {
            throw new ApiException(ErrorType.UNAVAILABLE, "agent: answer must be JSON: url=" + url);
        } catch (IOException e) {
            throw new ApiException(
                    ErrorType.UNAVAILABLE, "agent: does not answer: url=" + url + ", " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ErrorType.CANCELED, "interrupted while the agent was asked");
        }
    }

    private HttpResponse<byte[]> send(URI url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(TIMEOUT).build();
        return http.send(
                request,
                HttpResponse.BodyHandlers.limiting(
                        HttpResponse.BodyHandlers.ofByteArray(), ANSWER_LIMIT_BYTES));
    }

    private static void put(
            Map<AgentPlace, JsonObject> answers, AgentPlace agent, Future<JsonObject> answer) {
        try {
            answers.put(agent, answer.get());
        } catch (ExecutionException e) {
            // an agent that does not answer says nothing: the fleet's view tells why
            answers.remove(agent);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonObject answer(URI url) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send(url);
        if (response.statusCode() != 200) {
            throw new IOException("agent: status must be 200: found=" + response.statusCode());
        }
        try {
            return new JsonObject(io.vertx.core.buffer.Buffer.buffer(response.body()));
        } catch (DecodeException e) {
            throw new IOException("agent: answer must be JSON: url=" + url, e);
        }
    }
}
