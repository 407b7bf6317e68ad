package dev.muster.query.alertmanager.peers;

import dev.muster.model.labels.Xxh3;
import dev.muster.query.alertmanager.dispatch.Claims;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which of several nodes tells of a group: of those that are ready the first by rendezvous hash.
/// No clock of its own, thread or socket. Thread-safe.
public final class PeerClaims implements Claims {
    /*
     * A node tells of nothing until it knows what the others know: each node that hears another for the first time, or again, sends
     * it all that it knows and says so (synced), and whether it knows what others know itself (settled). A node that hears nobody waits
     * for SETTLE, as it may not have joined yet, and one that was stopped for a while waits for the others' news again.
     *
     * Where all that were up have died one after another, what they told last is known to one that is not back yet. So a node that its
     * run before has heard of is waited for, too, up to RETURN, unless one that is settled has told all that it knows.
     *
     * A node that is not heard any more, and has not said that it leaves, may have ended or may be beyond a split, telling on. Those
     * that tell in its place say that it may be a duplicate; until it is heard again, or FORGET has passed.
     *
     * A node that begins does not know what those have told that its run before has heard of and that are not there now: until each
     * has told what it knows, or FORGET has passed, all that it tells may be a duplicate.
     */
    static final Duration SETTLE = Duration.ofSeconds(10);
    static final Duration RETURN = Duration.ofSeconds(30);
    static final Duration PAUSE = Duration.ofSeconds(3);
    static final Duration FORGET = Duration.ofMinutes(10);

    private record Synced(long incarnation, boolean settled) {}

    private final Map<String, Synced> synced = new HashMap<>();
    private final Map<String, Instant> lost = new HashMap<>();
    private final Set<String> unheard;
    private final Instant began;
    private final Set<String> leaving = new HashSet<>();
    private Set<String> heard = Set.of();
    private PeerView view;
    private Instant waitUntil;
    private Instant looked;
    private boolean settled;

    /// @param view the first
    /// @param before other nodes that an earlier run knew and that had not said that they leave
    public PeerClaims(PeerView view, Set<String> before, Instant now) {
        this.view = view;
        unheard = new HashSet<>(before);
        unheard.remove(view.self());
        began = now;
        looked = now;
        waitUntil = now.plus(unheard.isEmpty() ? SETTLE : RETURN);
    }

    /// Looks at the nodes; to be called several times a second.
    ///
    /// @return whether this process was stopped for so long that the others have to tell again what
    ///   they know
    public synchronized boolean look(PeerView now, Instant at) {
        boolean slept = Duration.between(looked, at).compareTo(PAUSE) > 0;
        looked = at;
        Set<String> names = new HashSet<>();
        for (PeerView.Peer peer : now.others()) {
            names.add(peer.name());
            lost.remove(peer.name());
            if (peer.leaving()) {
                leaving.add(peer.name());
            } else {
                leaving.remove(peer.name());
            }
        }
        for (String before : heard) {
            if (!names.contains(before)) {
                synced.remove(before);
                if (!leaving.remove(before)) {
                    lost.put(before, at);
                }
            }
        }
        lost.values().removeIf(since -> since.plus(FORGET).isBefore(at));
        heard = names;
        view = now;
        if (began.plus(FORGET).isBefore(at)) {
            unheard.clear();
        }
        if (slept && !names.isEmpty()) {
            synced.clear();
            settled = false;
            waitUntil = at.plus(PAUSE);
        }
        settle(at);
        return slept && !names.isEmpty();
    }

    private void settle(Instant at) {
        List<PeerView.Peer> others = view.others().stream().filter(PeerView.Peer::ready).toList();
        boolean all = !others.isEmpty() && others.stream().allMatch(peer -> said(peer).isPresent());
        boolean nobodyKnowsMore =
                unheard.isEmpty()
                        || others.stream()
                                .anyMatch(peer -> said(peer).filter(Synced::settled).isPresent());
        if ((all && nobodyKnowsMore) || !at.isBefore(waitUntil)) {
            settled = true;
        }
    }

    private Optional<Synced> said(PeerView.Peer peer) {
        return Optional.ofNullable(synced.get(peer.name()))
                .filter(told -> told.incarnation() == peer.incarnation());
    }

    /// Another node has told all that it knows.
    ///
    /// @param knowing whether it knew what the others know
    public synchronized void synced(String name, long incarnation, boolean knowing, Instant at) {
        synced.put(name, new Synced(incarnation, knowing));
        unheard.remove(name);
        settle(at);
    }

    @Override
    public synchronized Claim of(String groupKey) {
        if (!settled) {
            return Claim.OTHERS;
        }
        List<String> ready =
                new ArrayList<>(
                        view.nodes().stream()
                                .filter(PeerView.Peer::ready)
                                .map(PeerView.Peer::name)
                                .toList());
        if (ready.isEmpty()) {
            ready.add(view.self());
        }
        if (!view.self().equals(first(groupKey, ready))) {
            return Claim.OTHERS;
        }
        if (!unheard.isEmpty()) {
            return Claim.MINE_UNSURE;
        }
        ready.addAll(lost.keySet());
        return view.self().equals(first(groupKey, ready)) ? Claim.MINE : Claim.MINE_UNSURE;
    }

    @Override
    public synchronized boolean lives(String node, long run) {
        return view.others().stream()
                .anyMatch(peer -> peer.name().equals(node) && peer.incarnation() == run);
    }

    private static String first(String groupKey, Collection<String> nodes) {
        String best = "";
        long bestScore = 0;
        for (String node : nodes) {
            long score = score(groupKey, node);
            int order = Long.compareUnsigned(score, bestScore);
            if (best.isEmpty() || order > 0 || (order == 0 && node.compareTo(best) > 0)) {
                best = node;
                bestScore = score;
            }
        }
        return best;
    }

    private static long score(String groupKey, String node) {
        byte[] key = (groupKey + '\0' + node).getBytes(StandardCharsets.UTF_8);
        return Xxh3.hash(key, key.length);
    }

    /// Whether this node knows what the others know, as far as it hears them.
    public synchronized boolean settled() {
        return settled;
    }

    /// Other nodes that a later run should know of.
    public synchronized Set<String> known() {
        Set<String> known = new TreeSet<>(heard);
        known.removeAll(leaving);
        known.remove(view.self());
        known.addAll(lost.keySet());
        known.addAll(unheard);
        return known;
    }

    /// Nodes that are not heard and have not said that they leave.
    public synchronized int lost() {
        return lost.size();
    }
}
