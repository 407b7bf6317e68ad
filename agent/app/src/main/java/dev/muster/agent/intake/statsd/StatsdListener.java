package dev.muster.agent.intake.statsd;

import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.ChannelState;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.PushBatch;
import dev.muster.agent.intake.PushListener;
import dev.muster.agent.intake.channel.StageChannel;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.microprofile.reactive.messaging.Message;

/// Takes StatsD packets and stores what they add up to each second. One thread receives and adds
/// up; what a second adds up to goes through a channel to what stores, so that packets are taken
/// while the head is busy.
public final class StatsdListener implements PushListener {
    private static final Logger LOG = System.getLogger(StatsdListener.class.getName());
    private static final int PACKET_LIMIT = 65_536;
    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final long ROUND_MS = 1_000;

    /// How many seconds' batches may wait to be stored, each of all series there may be.
    private static final int WAITING_SECONDS = 4;

    private final StatsdPlan plan;
    private final Intake intake;
    private final InstantSource clock;
    private final DatagramChannel channel;
    private final Selector selector;
    private final Thread thread;
    private final ByteBuffer packet = ByteBuffer.allocateDirect(PACKET_LIMIT);
    private final Map<Labels, StatsdSeries> all = new HashMap<>();
    private final StageChannel<PushBatch> stored;
    private PushBatch batch = PushBatch.byTarget();
    private final LongAdder packets = new LongAdder();
    private final LongAdder lines = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder overLimit = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private volatile int size;
    private volatile boolean closed;

    /// Listens from now on.
    ///
    /// @throws IOException if the port is taken
    public StatsdListener(StatsdPlan plan, Intake intake, InstantSource clock) throws IOException {
        this.plan = plan;
        this.intake = intake;
        this.clock = clock;
        channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.bind(new InetSocketAddress(plan.host(), plan.port()));
            channel.configureBlocking(false);
            selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException(
                    "muster.push.statsd-port must be free: host="
                            + plan.host()
                            + ", port="
                            + plan.port()
                            + ", "
                            + e.getMessage(),
                    e);
        }
        int batches = 1 + plan.seriesLimit() / PushBatch.FULL;
        stored = new StageChannel<>("statsd", WAITING_SECONDS * batches, 1, this::store);
        thread = new Thread(this::run, "muster-statsd");
        thread.setDaemon(true);
        thread.start();
    }

    /// The port that it listens on.
    public int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private void run() {
        long roundMs = clock.millis() + ROUND_MS;
        while (!closed) {
            try {
                long waitMs = Math.clamp(roundMs - clock.millis(), 1, ROUND_MS);
                selector.select(_ -> {}, waitMs);
                receive(roundMs);
                long nowMs = clock.millis();
                if (nowMs >= roundMs) {
                    roundMs = nowMs + ROUND_MS;
                    round(nowMs);
                }
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    LOG.log(Level.WARNING, "statsd packet could not be taken", e);
                }
            }
        }
    }

    private void receive(long untilMs) throws IOException {
        packet.clear();
        while (!closed && channel.receive(packet) != null) {
            packets.increment();
            packet.flip();
            take(StandardCharsets.UTF_8.decode(packet).toString());
            packet.clear();
            if (clock.millis() >= untilMs) {
                return;
            }
        }
    }

    private void take(String text) {
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            String line = text.substring(start, end).strip();
            if (!line.isEmpty()) {
                takeLine(line);
            }
            start = end + 1;
        }
    }

    private void takeLine(String line) {
        lines.increment();
        Optional<StatsdLine> found = StatsdLine.of(line);
        if (found.isEmpty()) {
            malformed.increment();
            return;
        }
        StatsdLine one = found.get();
        long nowMs = clock.millis();
        StatsdSeries series = all.get(one.series());
        if (series == null || series.kind() != one.kind()) {
            if (series == null && all.size() >= plan.seriesLimit()) {
                overLimit.increment();
                return;
            }
            series = new StatsdSeries(one.kind(), nowMs);
            all.put(one.series(), series);
            size = all.size();
        }
        for (String value : one.values()) {
            if (!series.take(value, one.rate(), nowMs)) {
                malformed.increment();
            }
        }
    }

    private void round(long nowMs) {
        for (Iterator<Map.Entry<Labels, StatsdSeries>> each = all.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<Labels, StatsdSeries> one = each.next();
            if (nowMs - one.getValue().lastMs() > plan.idle().toMillis()) {
                each.remove();
                int series = batch.series(one.getKey(), MetricMetadata.NONE);
                batch.sample(series, nowMs, Staleness.STALE, 0);
            } else {
                one.getValue().sample(one.getKey(), nowMs, batch);
            }
            if (batch.full()) {
                flush();
            }
        }
        size = all.size();
        flush();
    }

    private void flush() {
        PushBatch whole = batch;
        if (whole.isEmpty()) {
            return;
        }
        batch = PushBatch.byTarget();
        if (!stored.send(Message.of(whole))) {
            // counters and histograms go on, so the next round makes up for it
            lost.add(whole.size());
        }
    }

    private void store(List<Message<? extends PushBatch>> some) {
        for (Message<? extends PushBatch> message : some) {
            PushBatch whole = message.getPayload();
            try {
                intake.accept(whole, new IntakeReceipt());
            } catch (PushRefusedException e) {
                lost.add(whole.size());
                LOG.log(Level.WARNING, () -> "statsd samples were not stored: " + e.getMessage());
            }
        }
    }

    @Override
    public ChannelState channel() {
        return stored.state();
    }

    @Override
    public void writeMetrics(ExpositionWriter out) {
        counter(out, "muster_statsd_packets_total", "StatsD packets received.", packets);
        counter(out, "muster_statsd_lines_total", "Lines of StatsD packets.", lines);
        counter(
                out,
                "muster_statsd_malformed_total",
                "Lines and values of StatsD packets that are none, or have too many or too long"
                        + " parts.",
                malformed);
        counter(
                out,
                "muster_statsd_over_limit_total",
                "Lines of StatsD series beyond muster.push.statsd-series-limit.",
                overLimit);
        counter(
                out,
                "muster_statsd_samples_not_stored_total",
                "Samples of StatsD series that could not be stored in their second.",
                lost);
        out.family("muster_statsd_series", MetricType.GAUGE, "StatsD series that are kept.")
                .sample("muster_statsd_series", size);
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value.sum());
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(ROUND_MS);
            stored.close();
            selector.close();
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "statsd socket could not be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
