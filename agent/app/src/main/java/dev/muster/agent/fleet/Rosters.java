package dev.muster.agent.fleet;

import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.RosterHash;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Names;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The hosts of the cells that are watched, as these told while they could. Thread-safe.
public final class Rosters {
    /// Where an agent tells the hosts of its cell.
    public static final String PATH = "/api/v1/directory/roster";

    private static final long ASK_MS = 10_000;
    private static final int CELLS_LIMIT = 128;

    private record Told(int hash, SortedMap<String, String> urls) {}

    private final PeerCalls peers;
    private final LongSupplier nowMs;
    private final Map<String, Told> told = new ConcurrentHashMap<>();
    private final Map<String, Long> askedMs = new ConcurrentHashMap<>();

    Rosters(PeerCalls peers, LongSupplier nowMs) {
        this.peers = peers;
        this.nowMs = nowMs;
    }

    /// URLs by host of the roster that the entry speaks of; none while it is not known.
    SortedMap<String, String> of(CellEntry entry) {
        Told known = told.get(entry.cell());
        return known != null && known.hash == entry.rosterHash()
                ? known.urls
                : Collections.emptySortedMap();
    }

    /// Asks the cell for its roster, if it is not known and was not asked for lately.
    void want(CellEntry entry) {
        @Nullable Told known = told.get(entry.cell());
        long now = nowMs.getAsLong();
        boolean due = now - askedMs.getOrDefault(entry.cell(), Long.MIN_VALUE / 2) >= ASK_MS;
        boolean room = known != null || told.size() < CELLS_LIMIT;
        if ((known == null || known.hash != entry.rosterHash())
                && due
                && room
                && !entry.contacts().isEmpty()) {
            askedMs.put(entry.cell(), now);
            int place = (int) Math.floorMod(now / ASK_MS, (long) entry.contacts().size());
            peers.call(
                    entry.contacts().get(place).httpUrl(),
                    PATH,
                    Optional.empty(),
                    Optional.empty(),
                    answer -> answer.ifPresent(a -> take(entry.cell(), a)));
        }
    }

    private void take(String cell, PeerAnswer answer) {
        if (answer.status() != 200) {
            return;
        }
        try {
            read(cell, new String(answer.body(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            // not the answer of an agent: asked again later
            askedMs.put(cell, nowMs.getAsLong());
        }
    }

    private void read(String cell, String text) {
        String[] lines = text.split("\n", Long.SIZE + 2);
        if (!lines[0].equals(cell)) {
            throw new IllegalArgumentException("roster must be of the cell: cell=" + cell);
        }
        SortedMap<String, String> urls = new TreeMap<>();
        for (int i = 1; i < Math.min(lines.length, Long.SIZE + 1); i++) {
            String[] words = lines[i].split("\t", 2);
            if (words.length == 2) {
                Names.refuseBadHost(words[0]);
                Names.refuseLongUrl(words[1]);
                urls.put(words[0], words[1]);
            }
        }
        told.put(
                cell,
                new Told(RosterHash.of(urls.keySet()), Collections.unmodifiableSortedMap(urls)));
    }

    /// What an agent tells of its cell: the cell, then a line a host, sorted, with a tab and its
    /// URL.
    public static String text(CellView view) {
        StringBuilder text = new StringBuilder(view.cell());
        for (Member member : view.members()) {
            if (!(member.upness() instanceof Upness.Left)) {
                text.append('\n').append(member.host()).append('\t').append(member.httpUrl());
            }
        }
        return text.toString();
    }
}
