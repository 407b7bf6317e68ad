package dev.muster.query.cluster;

import dev.muster.federation.cluster.Node;
import dev.muster.model.merge.ForeignSeriesException;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.query.cluster.NodeLostException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/// Asks other nodes over HTTP. Thread-safe.
public final class ShareClient {
    /// Where a node answers.
    public static final String PATH = "/internal/v1/share";

    /// The header that proves the secret.
    public static final String SEAL_HEADER = ClusterSeal.HEADER;

    private static final String TYPE = "application/vnd.muster.share";
    private static final long LOOK_MS = 20;
    private static final int PIECE_BYTES = 64 << 10;
    private static final int ERROR_BYTES = 300;
    private static final int FOREIGN_SERIES = 409;

    private final HttpClient http;
    private final ClusterSeal seal;
    private final long answerLimitBytes;

    /// @param answerLimitBytes most bytes of an answer that are held
    public ShareClient(HttpClient http, ClusterSeal seal, long answerLimitBytes) {
        this.http = http;
        this.seal = seal;
        this.answerLimitBytes = answerLimitBytes;
    }

    /// A whole answer: of one that breaks off nothing is used.
    HeldAnswer ask(Node node, ShareRequest request, ReadBudget budget, BooleanSupplier present)
            throws IOException {
        byte[] body = request.encode();
        Duration timeout = request.query().timeout();
        var task = new FutureTask<HeldAnswer>(() -> receive(node, body, timeout, budget));
        Thread thread = Thread.ofVirtual().name("share-" + node.name()).start(task);
        try {
            return await(task, node, budget, present);
        } finally {
            task.cancel(true);
            thread.interrupt();
        }
    }

    private static HeldAnswer await(
            FutureTask<HeldAnswer> task, Node node, ReadBudget budget, BooleanSupplier present)
            throws IOException {
        while (true) {
            try {
                return task.get(LOOK_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                budget.check();
                if (!present.getAsBoolean()) {
                    throw lost(Reason.GONE, node, "left the cluster while it was asked");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a query node was asked");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof BudgetExceededException own) {
                    throw own;
                }
                throw switch (e.getCause()) {
                    case NodeLostException own -> own;
                    case ForeignSeriesException own -> own;
                    case LargeAnswerException own -> own;
                    case IOException io -> lost(Reason.CONNECTION, node, text(io));
                    case null, default -> new IOException(e.getCause());
                };
            }
        }
    }

    private HeldAnswer receive(Node node, byte[] body, Duration timeout, ReadBudget budget)
            throws IOException, InterruptedException {
        HttpRequest post =
                HttpRequest.newBuilder(URI.create(node.url()).resolve(PATH))
                        .timeout(timeout)
                        .header("Content-Type", TYPE)
                        .header(ClusterSeal.HEADER, seal.seal(body))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        HttpResponse<InputStream> response =
                http.send(post, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                throw refusal(node, response.statusCode(), in);
            }
            return whole(node, in, budget);
        }
    }

    private HeldAnswer whole(Node node, InputStream in, ReadBudget budget) throws IOException {
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        try {
            receive(node, in, held, budget);
            return HeldAnswer.of(held.toByteArray(), budget);
        } catch (IOException | RuntimeException e) {
            budget.releaseMemory(held.size());
            throw e;
        }
    }

    private void receive(Node node, InputStream in, ByteArrayOutputStream held, ReadBudget budget)
            throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            if (held.size() + (long) read > answerLimitBytes) {
                throw new LargeAnswerException(
                        "query node "
                                + node.name()
                                + ": its answer is larger than may be held: limitBytes="
                                + answerLimitBytes);
            }
            held.write(piece, 0, read);
            budget.chargeMemory(read);
        }
    }

    private static IOException refusal(Node node, int status, InputStream in) throws IOException {
        String text = new String(in.readNBytes(ERROR_BYTES), StandardCharsets.UTF_8).strip();
        return status == FOREIGN_SERIES
                ? new ForeignSeriesException(text)
                : lost(Reason.STATUS, node, "answered status=" + status + " " + text);
    }

    private static String text(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static NodeLostException lost(Reason reason, Node node, String text) {
        return new NodeLostException(reason, "query node " + node.name() + ": " + text);
    }
}
