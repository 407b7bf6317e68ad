package dev.muster.agent.fleet;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.federation.directory.Aged;
import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.Contact;
import dev.muster.federation.directory.DirectoryCodec;
import dev.muster.federation.directory.DirectoryFrame;
import dev.muster.federation.directory.DirectoryGossip;
import dev.muster.federation.directory.DirectoryGossip.Call;
import dev.muster.federation.directory.DirectoryItem;
import dev.muster.federation.directory.DirectoryTable;
import dev.muster.federation.directory.FleetSeal;
import dev.muster.federation.directory.WatchResult;
import dev.muster.federation.member.FrameException;
import dev.muster.model.sample.MetricType;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The directory of this agent and its exchange with others. Thread-safe.
public final class DirectoryPart {
    /// Where agents answer each other.
    public static final String PATH = "/api/v1/directory";

    private final DirectoryGossip gossip;
    private final DirectoryTable table;
    private final DirectoryCodec codec = new DirectoryCodec();
    private final Optional<FleetSeal> seal;
    private final PeerCalls peers;
    private final InstantSource clock;
    private final LongSupplier nowMs;
    private final LongAdder calls = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private volatile Set<String> own = Set.of();
    private final AtomicLong heardMs = new AtomicLong(Long.MIN_VALUE / 2);

    /// @param seal proves messages, if the fleet has a secret
    /// @param clock for the seals
    /// @param nowMs never steps
    DirectoryPart(
            DirectoryGossip gossip,
            Optional<FleetSeal> seal,
            PeerCalls peers,
            InstantSource clock,
            LongSupplier nowMs) {
        this.gossip = gossip;
        this.table = gossip.table();
        this.seal = seal;
        this.peers = peers;
        this.clock = clock;
        this.nowMs = nowMs;
    }

    /// One round of calls.
    ///
    /// @param ownCell URLs of the agents of the own cell: their answers say nothing of the rest
    void round(List<String> seeds, Set<String> ownCell) {
        List<Call> round;
        own = ownCell;
        synchronized (this) {
            round = gossip.round(seeds, nowMs.getAsLong());
        }
        round.forEach(this::call);
    }

    private void call(Call call) {
        byte[] question = codec.encode(call.frame());
        Optional<String> header = seal.map(s -> s.seal("", question, clock.millis()));
        calls.increment();
        bytesSent.add(question.length);
        peers.call(
                call.url(),
                PATH,
                Optional.of(question),
                header,
                answer -> take(call, header.orElse(""), answer));
    }

    private void take(Call call, String question, Optional<PeerAnswer> answer) {
        Optional<DirectoryFrame> frame = answer.flatMap(a -> decode(question, a));
        Optional<Call> next = Optional.empty();
        synchronized (this) {
            if (frame.isPresent()) {
                if (!own.contains(call.url())) {
                    heardMs.set(nowMs.getAsLong());
                }
                next = gossip.answered(call, frame.get(), nowMs.getAsLong());
            } else {
                failures.increment();
                gossip.failed(call, nowMs.getAsLong());
            }
        }
        next.ifPresent(this::call);
    }

    private Optional<DirectoryFrame> decode(String question, PeerAnswer answer) {
        bytesReceived.add(answer.body().length);
        boolean proven =
                seal.isEmpty()
                        || seal.get().holds(answer.seal(), question, answer.body(), clock.millis());
        if (answer.status() != 200 || !proven) {
            refused.increment();
            return Optional.empty();
        }
        try {
            return Optional.of(codec.decode(answer.body()));
        } catch (FrameException e) {
            refused.increment();
            return Optional.empty();
        }
    }

    /// Answers the question of another agent or of a query node.
    ///
    /// @param header the proof that it knows the secret, if it came with one
    public PeerAnswer answer(byte[] question, @Nullable String header) {
        bytesReceived.add(question.length);
        if (seal.isPresent() && !seal.get().holds(header, "", question, clock.millis())) {
            refused.increment();
            return new PeerAnswer(403, new byte[0], null);
        }
        try {
            DirectoryFrame frame = codec.decode(question);
            byte[] answer;
            synchronized (this) {
                answer = codec.encode(gossip.answer(frame, nowMs.getAsLong()));
            }
            answered.increment();
            bytesSent.add(answer.length);
            return new PeerAnswer(
                    200,
                    answer,
                    seal.map(s -> s.seal(String.valueOf(header), answer, clock.millis()))
                            .orElse(null));
        } catch (FrameException | IllegalArgumentException e) {
            refused.increment();
            return new PeerAnswer(400, new byte[0], null);
        }
    }

    /// Something to be told.
    synchronized void say(DirectoryItem item) {
        table.offer(new Aged(item, 0), nowMs.getAsLong());
    }

    /// All cells known.
    public synchronized List<CellEntry> cells() {
        return List.copyOf(table.cells());
    }

    synchronized Optional<CellEntry> cell(String name) {
        return table.cell(name);
    }

    synchronized List<Aged> watch(String cell) {
        return table.watch(cell, nowMs.getAsLong());
    }

    synchronized Optional<WatchResult> watch(String cell, String watcher) {
        return table.watch(cell, watcher);
    }

    /// All that is known, with its age.
    public synchronized List<Aged> all() {
        return table.all(nowMs.getAsLong());
    }

    synchronized long changes() {
        return table.changes();
    }

    /// Since an agent of another cell answered last.
    long sinceHeardMs() {
        return nowMs.getAsLong() - heardMs.get();
    }

    /// Where members of a cell are, as the directory knows.
    public List<String> memberAddresses(String cell) {
        return cell(cell)
                .map(entry ->
                        entry.contacts().stream()
                                .map(Contact::memberAddress)
                                .filter(address -> !address.isEmpty())
                                .toList())
                .orElse(List.of());
    }

    void writeMetrics(ExpositionWriter out) {
        counter(out, "muster_directory_calls_total", "Calls to other agents.", calls);
        counter(out, "muster_directory_failures_total", "Calls without an answer.", failures);
        counter(out, "muster_directory_answers_total", "Calls of others answered.", answered);
        counter(
                out,
                "muster_directory_refused_total",
                "Messages refused: wrong, or without the secret.",
                refused);
        counter(out, "muster_directory_sent_bytes_total", "Bytes of messages sent.", bytesSent);
        counter(
                out,
                "muster_directory_received_bytes_total",
                "Bytes of messages received.",
                bytesReceived);
        long full;
        long cells;
        synchronized (this) {
            full = table.refusals();
            cells = table.size();
        }
        out.family("muster_directory_cells", MetricType.GAUGE, "Cells in the directory.")
                .sample("muster_directory_cells", cells);
        out.family(
                        "muster_directory_over_limit_total",
                        MetricType.COUNTER,
                        "Items refused because the directory is full.")
                .sample("muster_directory_over_limit_total", full);
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value.sum());
    }
}
