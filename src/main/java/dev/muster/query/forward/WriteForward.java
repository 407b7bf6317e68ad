package dev.muster.query.forward;

import dev.muster.query.remote.WireFormatException;
import dev.muster.query.remote.WriteSplit;
import dev.muster.query.source.AgentPlace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.xerial.snappy.Snappy;

/// Sends what is written to this node on to agents, each series to the agent of its origin, and
/// answers once they have it. Thread-safe.
public final class WriteForward {
    /// How many agents are tried for what one does not take.
    private static final int TRIES = 3;

    private final Outbox outbox;

    public WriteForward(Outbox outbox) {
        this.outbox = outbox;
    }

    /// What kind of request it is.
    public enum Kind {
        /// Remote write 1.0.
        VERSION_1("/api/v1/write"),
        /// Remote write 2.0.
        VERSION_2("/api/v1/write"),
        /// OTLP, as Protocol Buffers.
        OTLP("/api/v1/otlp/v1/metrics"),
        /// OTLP, as JSON.
        OTLP_JSON("/api/v1/otlp/v1/metrics");

        private final String path;

        Kind(String path) {
            this.path = path;
        }

        /// Is it OTLP, in either form?
        public boolean isOtlp() {
            return this == OTLP || this == OTLP_JSON;
        }
    }

    /// What has become of a request.
    ///
    /// @param written how much agents have written
    /// @param refused why some of it will never be taken; empty if all was
    /// @param refusedStatus the status of that
    /// @param missing why some of it may be taken later; empty if there is none
    public record Outcome(
            Written written,
            Optional<String> refused,
            int refusedStatus,
            Optional<String> missing) {}

    /// Sends a request on.
    ///
    /// @param body not packed
    /// @param headers that every part gets, too
    /// @throws WireFormatException if the request is wrong
    /// @throws InterruptedException if the client has left
    public Outcome forward(Kind kind, byte[] body, Map<String, String> headers)
            throws WireFormatException, InterruptedException {
        Tally tally = new Tally();
        List<byte[]> left = List.of(body);
        for (int attempt = 0; attempt < TRIES && !left.isEmpty(); attempt++) {
            List<byte[]> again = new ArrayList<>();
            for (byte[] request : left) {
                again.addAll(once(kind, request, headers, tally));
            }
            left = again;
        }
        return tally.outcome(!left.isEmpty());
    }

    /// What is said of all parts. Confined to one thread.
    private static final class Tally {
        private Written written = Written.UNTOLD;
        private Optional<String> refused = Optional.empty();
        private int refusedStatus = 400;
        private String missing = "no agent can be asked";

        private void add(Reply reply) {
            switch (reply) {
                case Reply.Taken taken -> written = written.plus(taken.written());
                case Reply.Refused no -> {
                    written = written.plus(no.written());
                    refused = Optional.of(refused.map(text -> text + "\n").orElse("") + no.text());
                    refusedStatus = no.status();
                }
                case Reply.Unwilling(int status, String text) -> missing = status + ": " + text;
                case Reply.Later later -> missing = later.reason();
            }
        }

        private Outcome outcome(boolean anyLeft) {
            return new Outcome(
                    written,
                    refused,
                    refusedStatus,
                    anyLeft ? Optional.of(missing) : Optional.empty());
        }
    }

    /// @return what agents have not taken, though others may
    private List<byte[]> once(Kind kind, byte[] body, Map<String, String> headers, Tally tally)
            throws WireFormatException, InterruptedException {
        Map<String, Optional<AgentPlace>> owners = new HashMap<>();
        WriteSplit<Optional<AgentPlace>> split =
                new WriteSplit<>(origin -> owners.computeIfAbsent(origin, key -> first(key)));
        List<WriteSplit.Part<Optional<AgentPlace>>> parts =
                switch (kind) {
                    case VERSION_1 -> split.version1(body);
                    case VERSION_2 -> split.version2(body);
                    case OTLP -> split.otlp(body);
                    case OTLP_JSON -> split.otlpJson(body);
                };
        List<Future<Reply>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (WriteSplit.Part<Optional<AgentPlace>> part : parts) {
                running.add(threads.submit(() -> send(kind, part, headers)));
            }
            List<byte[]> left = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                Reply reply = answered(running.get(i));
                tally.add(reply);
                if (reply instanceof Reply.Unwilling || reply instanceof Reply.Later) {
                    left.add(parts.get(i).body().bytes());
                }
            }
            return left;
        }
    }

    private Optional<AgentPlace> first(String origin) {
        return outbox.ranking().of(origin).stream().findFirst();
    }

    private static Reply answered(Future<Reply> reply) throws InterruptedException {
        try {
            return reply.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("sending must not fail", e);
        }
    }

    private Reply send(
            Kind kind, WriteSplit.Part<Optional<AgentPlace>> part, Map<String, String> headers)
            throws InterruptedException, IOException {
        if (part.to().isEmpty()) {
            return Outbox.NOBODY;
        }
        byte[] bytes = part.body().bytes();
        Map<String, String> all = new HashMap<>(headers);
        all.put("Muster-Origin", "write");
        if (!kind.isOtlp()) {
            all.put("Content-Encoding", "snappy");
            bytes = Snappy.compress(bytes);
        }
        AgentPlace agent = part.to().get();
        Parcel parcel = new Parcel(kind.path, "write", all, bytes, part.series(), 1);
        Reply reply = outbox.post().send(agent, parcel);
        outbox.metrics().answered(reply, part.series());
        outbox.shun(agent, reply);
        return reply;
    }
}
