package dev.muster.federation.hazelcast;

import com.hazelcast.core.EntryAdapter;
import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.replicatedmap.ReplicatedMap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A replicated map in which each member writes under its own name only: keeps the own value in it,
/// and hands over those of others when they have changed. Never waited for: when it is out of step,
/// the next look mends it. Confined to the thread of the bus, but for [#own] and [#membersChanged].
final class SharedMap {
    /// Rounds between two looks at all of it without a reason; one round is a second.
    private static final int LOOK_EVERY = 60;

    /// Rounds after members have come, gone or merged in which all of it is looked at: what a
    /// member then lacks Hazelcast fills in without an event, when it compares copies, every 30 s.
    private static final int UNSETTLED_ROUNDS = 35;

    private final String name;
    private final String node;
    private final BiConsumer<String, byte[]> changed;
    private final Map<String, Long> seen = new HashMap<>();

    private volatile byte @Nullable [] own;
    private volatile boolean dirty;
    private volatile boolean membersChanged;
    private int settledRound;

    SharedMap(String name, String node, BiConsumer<String, byte[]> changed) {
        this.name = name;
        this.node = node;
        this.changed = changed;
    }

    /// Puts the own value where those find it who join later.
    void own(byte[] value) {
        own = value;
        dirty = true;
    }

    /// Begins to listen in a new life of the member.
    void listen(HazelcastInstance member) {
        seen.clear();
        settledRound = 0;
        membersChanged = true;
        map(member)
                .addEntryListener(
                        new EntryAdapter<String, byte[]>() {
                            @Override
                            public void onEntryEvent(EntryEvent<String, byte[]> event) {
                                dirty = true;
                            }
                        });
    }

    /// Members have come or gone, or this one has joined others after a split. From any thread.
    void membersChanged() {
        membersChanged = true;
    }

    /// One round.
    void sync(HazelcastInstance member, int round) {
        if (membersChanged) {
            membersChanged = false;
            settledRound = round + UNSETTLED_ROUNDS;
        }
        if (!dirty && round >= settledRound && round % LOOK_EVERY != 0) {
            return;
        }
        dirty = false;
        ReplicatedMap<String, byte[]> map = map(member);
        putOwn(map);
        for (Map.Entry<String, byte[]> entry : map.entrySet()) {
            look(entry.getKey(), entry.getValue());
        }
        seen.keySet().retainAll(map.keySet());
    }

    private void look(String key, byte[] value) {
        long print = (long) Arrays.hashCode(value) << 32 | value.length;
        if (!key.equals(node) && !Long.valueOf(print).equals(seen.put(key, print))) {
            changed.accept(key, value);
        }
    }

    /// The last thing before leaving.
    void putOwn(HazelcastInstance member) {
        putOwn(map(member));
    }

    private void putOwn(ReplicatedMap<String, byte[]> map) {
        byte[] value = own;
        if (value != null && !Arrays.equals(value, map.get(node))) {
            map.put(node, value);
        }
    }

    /// Takes out what others left behind who are not known any more. Who is, puts his own back.
    void retain(HazelcastInstance member, Set<String> nodes) {
        ReplicatedMap<String, byte[]> map = map(member);
        for (String key : Set.copyOf(map.keySet())) {
            if (!key.equals(node) && !nodes.contains(key)) {
                map.remove(key);
            }
        }
    }

    private ReplicatedMap<String, byte[]> map(HazelcastInstance member) {
        return member.getReplicatedMap(name);
    }
}
