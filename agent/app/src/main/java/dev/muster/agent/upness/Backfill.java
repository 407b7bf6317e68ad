package dev.muster.agent.upness;

import dev.muster.blocks.upness.UpnessDecoder;
import dev.muster.federation.member.Member;
import dev.muster.federation.view.CellView;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Takes over the log of a peer where this agent has none that reaches back. Confined to the thread
/// of the log, which it holds up for seconds at most, and only then.
final class Backfill {
    private static final Logger LOG = System.getLogger(Backfill.class.getName());

    /// Peers are asked so long after the start at the earliest: the cell has come together.
    private static final long SETTLE_MS = 15_000;

    private static final long AGAIN_MS = 60_000;
    private static final int ATTEMPTS = 5;
    private static final int TIMEOUT_MS = 2000;

    /// What happened in a shorter gap, this agent has noticed itself.
    private static final long WORTH_MS = 1_000;

    private final UpnessPlan plan;
    private final UpnessLog log;
    private final UpnessMetrics metrics;
    private long nextMs;
    private int attempts;
    private boolean done;

    Backfill(UpnessPlan plan, UpnessLog log, UpnessMetrics metrics) {
        this.plan = plan;
        this.log = log;
        this.metrics = metrics;
    }

    void step(CellView view, long nowMs) {
        if (done) {
            return;
        }
        if (nextMs == 0) {
            nextMs = nowMs + SETTLE_MS;
        }
        long sinceMs = log.lastEndMs().orElse(nowMs - plan.retain().toMillis());
        if (nowMs - sinceMs < WORTH_MS || attempts >= ATTEMPTS) {
            done = true;
            return;
        }
        if (nowMs < nextMs) {
            return;
        }
        List<Member> peers =
                view.members().stream()
                        .filter(m -> m.isUp() && !m.host().equals(plan.host()))
                        .filter(m -> !m.httpUrl().isEmpty())
                        .toList();
        nextMs = nowMs + AGAIN_MS;
        if (!peers.isEmpty()) {
            Member peer = peers.get(attempts++ % peers.size());
            take(peer, view.cell(), sinceMs, nowMs);
        }
    }

    private void take(Member peer, String cell, long sinceMs, long nowMs) {
        try {
            UpnessDecoder.Log theirs = fetch(peer.httpUrl(), cell, sinceMs, nowMs);
            if (!theirs.runs().isEmpty()) {
                log.adopt(theirs.runs());
            }
            metrics.backfills.increment();
            done = true;
        } catch (IOException | IllegalArgumentException e) {
            metrics.backfillFailures.increment();
            LOG.log(
                    Level.INFO,
                    () -> "upness of peer=" + peer.host() + " not taken over: " + e.getMessage());
        }
    }

    private UpnessDecoder.Log fetch(String url, String cell, long sinceMs, long nowMs)
            throws IOException {
        String query =
                "/api/v1/upness?format=log&cell=%s&from=%s&to=%s"
                        .formatted(
                                URLEncoder.encode(cell, StandardCharsets.UTF_8),
                                sinceMs / 1000.0,
                                nowMs / 1000.0);
        if (!(URI.create(url + query).toURL().openConnection() instanceof HttpURLConnection call)) {
            throw new IOException("peer must be reached by HTTP: url=" + url);
        }
        call.setConnectTimeout(TIMEOUT_MS);
        call.setReadTimeout(TIMEOUT_MS);
        try (InputStream in = call.getInputStream()) {
            int limit = Math.toIntExact(Math.min(plan.maxSizeBytes() / 2, 64 << 20));
            byte[] bytes = in.readNBytes(limit + 1);
            UpnessDecoder.Log theirs = UpnessDecoder.read(bytes);
            if (bytes.length > limit || !theirs.done()) {
                throw new IOException(
                        "answer must be whole and within bytes=" + limit + ": " + theirs.error());
            }
            return theirs;
        } finally {
            call.disconnect();
        }
    }
}
