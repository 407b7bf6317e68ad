package dev.muster.federation.directory;

import dev.muster.federation.directory.DirectoryFrame.Knew;
import dev.muster.federation.directory.DirectoryFrame.Push;
import dev.muster.federation.directory.DirectoryFrame.Reply;
import dev.muster.federation.directory.DirectoryFrame.Table;
import dev.muster.federation.directory.DirectoryFrame.Versions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// One side of the exchange of directories: says whom to call with what, and answers calls.
/// Confined to one thread at a time.
public final class DirectoryGossip {
    /*
     * Rumour mongering with feedback, repaired by anti-entropy [1]. Each second a node calls FANOUT others with the
     * items that are still hot; the answer tells which of them were known already, and brings the hot items of the
     * other. An item cools with each time that it was known. That spreads an item in O(log n) seconds and may miss a
     * few nodes. So every frame carries a digest of the whole table; where the digests differ, at most every SYNC_MS, the
     * caller sends a hash of each item, gets what differs and sends what is wanted of it.
     *
     * [1] Demers et al., Epidemic algorithms for replicated database maintenance, PODC 1987, sections 1.3 and 1.4
     */
    /// Nodes called each round.
    public static final int FANOUT = 3;

    /// How long between two comparisons of whole tables.
    static final long SYNC_MS = 10_000;

    /// The first comparisons of a node that has just started follow each other faster.
    private static final long SYNC_FIRST_MS = 1000;

    /// A node that did not answer is passed over for so long, while there are others.
    static final long SHUN_MS = 30_000;

    /// Of one frame: about six kilobytes.
    static final int HOT_LIMIT = 96;

    /// Of an answer to a comparison; the rest comes with the next one.
    static final int SYNC_LIMIT = 2048;

    private static final int SHUN_LIMIT = 4096;

    /// A seed is called now and then even when others are known: two halves of a fleet that have
    /// lost each other for longer than addresses live may meet there.
    private static final int SEED_ROUNDS = 20;

    private static final int EXPIRE_ROUNDS = 60;

    /// Attempts to draw one node.
    private static final int DRAWS = 8;

    /// A call to be made: a question, whose answer is handed to [#answered].
    ///
    /// @param url of the node
    /// @param frame to be sent
    public record Call(String url, DirectoryFrame frame) {}

    private final DirectoryTable table;
    private final String own;
    private final int fanout;
    private final RandomGenerator random;
    private final Map<String, Long> shunnedUntilMs = new HashMap<>();
    private final Map<String, Push> asked = new HashMap<>();
    private long lastSyncMs = Long.MIN_VALUE / 2;
    private long syncEveryMs = SYNC_FIRST_MS;
    private long rounds;

    /// @param own URL of this node, that it does not call; empty for one that nobody calls
    /// @param fanout nodes called each round
    /// @param random chooses them
    public DirectoryGossip(DirectoryTable table, String own, int fanout, RandomGenerator random) {
        this.table = table;
        this.own = own;
        this.fanout = fanout;
        this.random = random;
    }

    /// What this node knows.
    public DirectoryTable table() {
        return table;
    }

    /// The calls of one round; once a second.
    ///
    /// @param seeds where to begin while few others are known
    public List<Call> round(List<String> seeds, long nowMs) {
        if (rounds % EXPIRE_ROUNDS == 0) {
            table.expire(nowMs);
        }
        shunnedUntilMs.values().removeIf(until -> until <= nowMs);
        asked.clear();
        rounds++;
        List<Call> calls = new ArrayList<>();
        for (String url : peers(seeds)) {
            Push push = new Push(table.digest(), table.hot(HOT_LIMIT, nowMs));
            asked.put(url, push);
            calls.add(new Call(url, push));
        }
        return calls;
    }

    private Set<String> peers(List<String> seeds) {
        Set<String> chosen = new LinkedHashSet<>();
        List<String> others = seeds.stream().filter(url -> !url.equals(own)).toList();
        boolean few = table.size() <= fanout;
        if (!others.isEmpty() && (few || rounds % SEED_ROUNDS == 1)) {
            chosen.add(others.get(random.nextInt(others.size())));
        }
        draw(chosen, true);
        if (chosen.isEmpty()) {
            draw(chosen, false);
        }
        return chosen;
    }

    /// Adds contacts of cells drawn at random. One that is drawn twice, or is passed over, is an
    /// attempt lost: the attempts have a limit.
    private void draw(Set<String> chosen, boolean answering) {
        List<CellEntry> cells = table.cells();
        for (int i = 0; i < DRAWS * fanout && chosen.size() < fanout && !cells.isEmpty(); i++) {
            List<Contact> contacts = cells.get(random.nextInt(cells.size())).contacts();
            if (contacts.isEmpty()) {
                continue;
            }
            String url = contacts.get(random.nextInt(contacts.size())).httpUrl();
            if (!url.equals(own) && !(answering && shunnedUntilMs.containsKey(url))) {
                chosen.add(url);
            }
        }
    }

    /// Answers the question of another node.
    ///
    /// @throws IllegalArgumentException if the frame is no question
    public DirectoryFrame answer(DirectoryFrame question, long nowMs) {
        return switch (question) {
            case Push push -> reply(push, nowMs);
            case Versions(var digests) ->
                    new Table(
                            table.digest(),
                            table.lackedBy(digests, SYNC_LIMIT, nowMs),
                            table.lacking(digests));
            case Reply _, Table _ ->
                    throw new IllegalArgumentException("directory frame must be a question");
        };
    }

    private Reply reply(Push push, long nowMs) {
        // what is told here is what was hot before the push came
        List<Aged> hot = table.hot(HOT_LIMIT, nowMs);
        Set<DirectoryItem> told = new HashSet<>();
        BitSet knew = new BitSet();
        for (int i = 0; i < push.items().size(); i++) {
            Aged aged = push.items().get(i);
            told.add(aged.item());
            if (!table.offer(aged, nowMs)) {
                knew.set(i);
                table.cool(aged.item());
            }
        }
        List<Aged> news = hot.stream().filter(aged -> !told.contains(aged.item())).toList();
        // nobody says whether these were known
        news.forEach(aged -> table.cool(aged.item()));
        return new Reply(table.digest(), new Knew(knew), news);
    }

    /// Takes in the answer to a call.
    ///
    /// @return a further call to the same node, if there is more to say
    public Optional<Call> answered(Call call, DirectoryFrame answer, long nowMs) {
        shunnedUntilMs.remove(call.url());
        return switch (answer) {
            case Reply reply -> replied(call.url(), reply, nowMs);
            case Table(long _, var items, var wanted) -> {
                items.forEach(aged -> table.offer(aged, nowMs));
                List<Aged> found = table.of(wanted, nowMs);
                yield found.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Call(call.url(), new Push(table.digest(), found)));
            }
            case Push _, Versions _ -> Optional.empty();
        };
    }

    private Optional<Call> replied(String url, Reply reply, long nowMs) {
        Push push = asked.remove(url);
        if (push != null) {
            for (int i = 0; i < push.items().size(); i++) {
                if (reply.knew().has(i)) {
                    table.cool(push.items().get(i).item());
                }
            }
        }
        for (Aged aged : reply.items()) {
            if (!table.offer(aged, nowMs)) {
                table.cool(aged.item());
            }
        }
        boolean due = nowMs - lastSyncMs >= syncEveryMs;
        if (push == null || reply.digest() == table.digest() || !due) {
            return Optional.empty();
        }
        lastSyncMs = nowMs;
        syncEveryMs = Math.min(SYNC_MS, syncEveryMs * 2);
        return Optional.of(new Call(url, new Versions(table.digests())));
    }

    /// A call was not answered.
    public void failed(Call call, long nowMs) {
        if (shunnedUntilMs.size() < SHUN_LIMIT) {
            shunnedUntilMs.put(call.url(), nowMs + SHUN_MS);
        }
    }
}
