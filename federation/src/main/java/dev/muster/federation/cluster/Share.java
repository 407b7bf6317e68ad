package dev.muster.federation.cluster;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// A share of all hosts, by who owns them: it says itself what is in it, so that two nodes with
/// different views of the cluster mean the same.
///
/// Each host (with its cell) ranks the nodes in an order of its own, by rendezvous hashing. A host
/// is of the share when its ranking begins with the nodes at `prefix`: with one of them the share
/// is what that node owns, with two what the second owns when the first is lost, with none it is
/// everything. So a share is divided into those of the next node without anything left or doubled.
///
/// @param nodes names, ascending, without doubles
/// @param prefix indexes into `nodes`, without doubles
public record Share(List<String> nodes, List<Integer> prefix) {
    /// Most nodes of a cluster.
    public static final int NODE_LIMIT = 64;

    private static final int TYPE = 33;
    private static final int NODE_MIN_BYTES = 3;

    public Share {
        nodes = List.copyOf(nodes);
        prefix = List.copyOf(prefix);
        if (nodes.isEmpty() || nodes.size() > NODE_LIMIT) {
            throw new IllegalArgumentException(
                    "share must be of 1 to " + NODE_LIMIT + " nodes: found=" + nodes.size());
        }
        for (int i = 0; i < nodes.size(); i++) {
            Names.refuseBadHost(nodes.get(i));
            if (i > 0 && nodes.get(i - 1).compareTo(nodes.get(i)) >= 0) {
                throw new IllegalArgumentException("share: nodes must ascend: found=" + nodes);
            }
        }
        int size = nodes.size();
        if (prefix.stream().anyMatch(index -> index < 0 || index >= size)
                || new HashSet<>(prefix).size() < prefix.size()) {
            throw new IllegalArgumentException(
                    "share: prefix must name nodes once: found=" + prefix + ", nodes=" + size);
        }
    }

    /// Everything, among these nodes.
    ///
    /// @param nodes ascending
    public static Share all(List<String> nodes) {
        return new Share(nodes, List.of());
    }

    /// This share divided among the nodes that come next, of each what is its; empty if there is no
    /// next node.
    public List<Share> divided() {
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (!prefix.contains(i)) {
                List<Integer> longer = new ArrayList<>(prefix);
                longer.add(i);
                shares.add(new Share(nodes, longer));
            }
        }
        return shares;
    }

    /// The node that is to answer for it.
    ///
    /// @throws IllegalStateException if this is everything
    public String owner() {
        if (prefix.isEmpty()) {
            throw new IllegalStateException("share of everything has no owner");
        }
        return nodes.get(prefix.getLast());
    }

    /// Decides what is in it.
    public ShareFilter filter() {
        return new ShareFilter(this);
    }

    /// Its bytes; drawn in `docs/format/cluster-frames.md`.
    public byte[] encode() {
        FrameWriter out = new FrameWriter(TYPE).u16(nodes.size());
        nodes.forEach(out::text);
        out.u8(prefix.size());
        prefix.forEach(out::u8);
        return out.finish();
    }

    /// @throws FrameException if the bytes are no whole, undamaged share of a known version
    public static Share decode(byte[] bytes) throws FrameException {
        var in = new FrameReader(bytes);
        if (in.type() != TYPE) {
            throw in.refuse("frame must be a share: type=" + in.type());
        }
        int count = in.count(NODE_LIMIT, NODE_MIN_BYTES);
        List<String> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.add(in.text());
        }
        int length = in.u8();
        List<Integer> prefix = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            prefix.add(in.u8());
        }
        in.end();
        try {
            return new Share(nodes, prefix);
        } catch (IllegalArgumentException e) {
            throw in.refuse(e);
        }
    }
}
