package dev.muster.federation.sim;

import dev.muster.federation.directory.Aged;
import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.Contact;
import dev.muster.federation.directory.CrossWatch;
import dev.muster.federation.directory.DirectoryCodec;
import dev.muster.federation.directory.DirectoryFrame;
import dev.muster.federation.directory.DirectoryGossip;
import dev.muster.federation.directory.DirectoryTable;
import dev.muster.federation.directory.Version;
import dev.muster.federation.directory.WatchResult;
import dev.muster.federation.directory.Watchers;
import dev.muster.federation.member.FrameException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// The agents that speak for the cells of a fleet of three zones: they gossip and watch each other,
/// as in production, over a network that fails as told. Confined to one thread.
final class DirectoryWorld {
    static final int ZONES = 3;
    static final int SPEAKERS = CellEntry.CONTACT_LIMIT;
    private static final int STEPS = 10;
    private static final long STEP_MS = 100;
    private static final long REPEAT_MS = 5000;
    private static final long CALM_MS = 120_000;
    private static final int READ_BACK = 32;

    /// One agent that speaks for its cell.
    final class Speaker {
        final int cell;
        final int rank;
        final DirectoryGossip gossip;
        private final int phase = random.nextInt(STEPS);
        private final Map<Integer, Long> saidMs = new HashMap<>();
        private long versions = 1;

        private Speaker(int cell, int rank) {
            this.cell = cell;
            this.rank = rank;
            this.gossip =
                    new DirectoryGossip(
                            new DirectoryTable(), url(cell, rank), DirectoryGossip.FANOUT, random);
        }

        Version version() {
            return new Version(1, ++versions, cell * SPEAKERS + rank);
        }
    }

    final Random random;
    final int cells;
    final List<Speaker> speakers = new ArrayList<>();
    private final DirectoryCodec codec = new DirectoryCodec();
    private final boolean[] dead;
    private final boolean[][] cut = new boolean[ZONES][ZONES];
    private final List<List<Integer>> watched = new ArrayList<>();
    private final Map<String, Speaker> byUrl = new HashMap<>();
    private long nowMs;
    private long bytes;
    private long frames;

    /// Share of calls that fail.
    double loss;

    DirectoryWorld(long seed, int cells) {
        this.random = new Random(seed);
        this.cells = cells;
        this.dead = new boolean[cells];
        List<CellEntry> entries = new ArrayList<>();
        for (int cell = 0; cell < cells; cell++) {
            for (int rank = 0; rank < SPEAKERS; rank++) {
                var speaker = new Speaker(cell, rank);
                speakers.add(speaker);
                byUrl.put(url(cell, rank), speaker);
            }
            entries.add(entry(cell, new Version(1, 0, 0)));
            watched.add(new ArrayList<>());
        }
        // all know each other already, and nothing is news
        for (Speaker speaker : speakers) {
            entries.forEach(entry -> speaker.gossip.table().offer(new Aged(entry, 0), 0));
            speaker.gossip.table().coolAll();
        }
        for (int cell = 0; cell < cells; cell++) {
            for (String watcher : Watchers.of(name(cell), zoneName(cell % ZONES), entries)) {
                watched.get(Integer.parseInt(watcher.substring(1))).add(cell);
            }
        }
    }

    static String name(int cell) {
        return "c" + cell;
    }

    private static String zoneName(int zone) {
        return "z" + zone;
    }

    private static String url(int cell, int rank) {
        return "http://10." + (cell >> 8) + "." + (cell & 255) + "." + (rank + 1) + ":9640";
    }

    private CellEntry entry(int cell, Version version) {
        List<Contact> contacts = new ArrayList<>();
        for (int rank = 0; rank < SPEAKERS; rank++) {
            contacts.add(new Contact(url(cell, rank), ""));
        }
        return new CellEntry(
                name(cell),
                zoneName(cell % ZONES),
                1,
                contacts,
                cell,
                44,
                0,
                44,
                random.nextLong(),
                version);
    }

    long nowMs() {
        return nowMs;
    }

    /// All agents of a zone end.
    void killZone(int zone) {
        for (int cell = zone; cell < cells; cell += ZONES) {
            dead[cell] = true;
        }
    }

    /// Nothing passes between two zones.
    void cutZones(int a, int b) {
        cut[a][b] = true;
        cut[b][a] = true;
    }

    /// Something changed in a cell: its first speaker says so.
    void change(int cell) {
        Speaker speaker = speakers.get(cell * SPEAKERS);
        CellEntry changed = entry(cell, speaker.version());
        speaker.gossip.table().offer(new Aged(changed, 0), nowMs);
    }

    boolean isDead(int cell) {
        return dead[cell];
    }

    private boolean reaches(int from, int to) {
        return !dead[to] && !cut[from % ZONES][to % ZONES] && random.nextDouble() >= loss;
    }

    /// Lets a tenth of a second pass.
    void step() {
        nowMs += STEP_MS;
        int phase = (int) (nowMs / STEP_MS % STEPS);
        for (Speaker speaker : speakers) {
            if (speaker.phase == phase && !dead[speaker.cell]) {
                if (speaker.rank == 0) {
                    watch(speaker);
                }
                speaker.gossip.round(List.of(), nowMs).forEach(call -> call(speaker, call));
            }
        }
    }

    private void call(Speaker from, DirectoryGossip.Call call) {
        Speaker to = byUrl.get(call.url());
        if (to == null || !reaches(from.cell, to.cell)) {
            from.gossip.failed(call, nowMs);
            return;
        }
        DirectoryFrame answer = to.gossip.answer(sent(call.frame()), nowMs);
        Optional<DirectoryGossip.Call> more = from.gossip.answered(call, sent(answer), nowMs);
        more.ifPresent(next -> call(from, next));
    }

    /// What arrives of a frame. Frames never change, so that one of some is read back from its
    /// bytes and shows that the others could be; that each table then shares its items saves
    /// memory, too.
    private DirectoryFrame sent(DirectoryFrame frame) {
        byte[] encoded = codec.encode(frame);
        bytes += encoded.length;
        if (frames++ % READ_BACK == 0) {
            try {
                if (!codec.decode(encoded).equals(frame)) {
                    throw new AssertionError("frame must be read back as it was written: " + frame);
                }
            } catch (FrameException e) {
                throw new AssertionError(e);
            }
        }
        return frame;
    }

    private void watch(Speaker by) {
        boolean healthy = false;
        int[] reached = new int[watched.get(by.cell).size()];
        for (int i = 0; i < reached.length; i++) {
            for (int agent = 0; agent < SPEAKERS; agent++) {
                reached[i] += reaches(by.cell, watched.get(by.cell).get(i)) ? 1 : 0;
            }
        }
        for (int reachable : reached) {
            healthy |= reachable > 0;
        }
        for (int other = 0; other < SPEAKERS && !healthy; other++) {
            healthy = reaches(by.cell, random.nextInt(cells));
        }
        for (int i = 0; i < reached.length; i++) {
            say(by, watched.get(by.cell).get(i), reached[i], healthy);
        }
    }

    private void say(Speaker by, int cell, int reachable, boolean healthy) {
        DirectoryTable table = by.gossip.table();
        WatchResult now =
                new WatchResult(
                        name(cell),
                        name(by.cell),
                        zoneName(by.cell % ZONES),
                        SPEAKERS,
                        reachable > 0 ? SPEAKERS : 0,
                        healthy,
                        0,
                        0,
                        0,
                        nowMs,
                        by.version());
        boolean same = table.watch(name(cell), name(by.cell)).filter(now::sameAs).isPresent();
        long saidMs = nowMs - by.saidMs.getOrDefault(cell, -CALM_MS);
        if (!same || saidMs >= (reachable == 0 ? REPEAT_MS : CALM_MS)) {
            by.saidMs.put(cell, nowMs);
            table.offer(new Aged(now, 0), nowMs);
        }
    }

    /// What a speaker concludes of a cell.
    CrossWatch.Verdict verdict(Speaker speaker, int cell) {
        return CrossWatch.cell(speaker.gossip.table().watch(name(cell), nowMs), ZONES).verdict();
    }

    /// Bytes sent by each speaker in a second, so far.
    double bytesASecond() {
        return bytes * 1000.0 / nowMs / speakers.size();
    }
}
