package dev.muster.agent;

import dev.muster.agent.fleet.PeerAnswer;
import dev.muster.agent.fleet.PeerCalls;
import dev.muster.federation.directory.DirectoryCodec;
import dev.muster.federation.directory.FleetSeal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/// Calls to other agents over HTTP. Connections are kept for a while: the three agents of an
/// exchange change each second, those of the own cell do not. Thread-safe.
final class PeerHttp implements PeerCalls, AutoCloseable {
    private static final int TIMEOUT_MS = 2_000;
    private static final int IDLE_SECONDS = 5;
    private static final int CONNECTIONS = 2;
    private static final int WAITING = 64;

    private final int timeoutMs;
    private final HttpClient client;

    PeerHttp(Vertx vertx, AgentTls tls) {
        this(vertx, tls, TIMEOUT_MS);
    }

    /// @param timeoutMs how long to wait for a connection, and for an answer
    PeerHttp(Vertx vertx, AgentTls tls, int timeoutMs) {
        this.timeoutMs = timeoutMs;
        client =
                vertx.httpClientBuilder()
                        .with(
                                tls.client(
                                        new HttpClientOptions()
                                                .setConnectTimeout(timeoutMs)
                                                .setKeepAliveTimeout(IDLE_SECONDS)
                                                .setTrustAll(false)))
                        .with(
                                new PoolOptions()
                                        .setHttp1MaxSize(CONNECTIONS)
                                        .setMaxWaitQueueSize(WAITING))
                        // a refused certificate fails the call; Vert.x would log it beside that
                        .withConnectHandler(connection -> connection.exceptionHandler(_ -> {}))
                        .build();
    }

    @Override
    public void call(
            String url,
            String path,
            Optional<byte[]> body,
            Optional<String> seal,
            Consumer<Optional<PeerAnswer>> then) {
        Future<PeerAnswer> answer;
        try {
            RequestOptions options =
                    new RequestOptions()
                            .setAbsoluteURI(url + path)
                            .setMethod(body.isPresent() ? HttpMethod.POST : HttpMethod.GET)
                            .setTimeout(timeoutMs);
            seal.ifPresent(text -> options.putHeader(FleetSeal.HEADER, text));
            answer =
                    client.request(options)
                            .compose(request -> send(request, body))
                            .compose(PeerHttp::read);
        } catch (RuntimeException e) {
            // an address that is none
            then.accept(Optional.empty());
            return;
        }
        answer.onComplete(result ->
                then.accept(result.succeeded() ? Optional.of(result.result()) : Optional.empty()));
    }

    private static Future<HttpClientResponse> send(
            HttpClientRequest request, Optional<byte[]> body) {
        return body.isPresent() ? request.send(Buffer.buffer(body.get())) : request.send();
    }

    private static Future<PeerAnswer> read(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + chunk.length() <= DirectoryCodec.FRAME_LIMIT_BYTES) {
                body.appendBuffer(chunk);
            } else {
                response.request().reset();
            }
        });
        return response.end()
                .compose(_ ->
                        body.length() > DirectoryCodec.FRAME_LIMIT_BYTES
                                ? Future.failedFuture(new IOException("answer too large"))
                                : Future.succeededFuture(
                                        new PeerAnswer(
                                                response.statusCode(),
                                                body.getBytes(),
                                                response.getHeader(FleetSeal.HEADER))));
    }

    @Override
    public void close() {
        client.close();
    }
}
