package dev.muster.federation.view;

import dev.muster.federation.member.Member;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/// A whole cell as one of its agents sees it, compact. Immutable; shares what has not changed with
/// the views before it.
public final class ObserverView {
    private final Head head;
    private final HostState[] hosts;
    private final long[] seqs;
    private final long[] heardMs;
    private final int rosterHash;

    /// Who says it, and when.
    ///
    /// @param cell name of the cell
    /// @param observer host of the agent whose view this is
    /// @param incarnation its run, in which `version` counts
    /// @param version grows with each change
    /// @param degraded whether the observer's bus is broken
    /// @param settled whether the observer has listened long enough to say that a host is *not*
    ///   there
    /// @param atMs when it looked, Unix time of the observer
    public record Head(
            String cell,
            String observer,
            long incarnation,
            long version,
            boolean degraded,
            boolean settled,
            long atMs) {}

    /// One host in a view.
    ///
    /// @param state what is said of it
    /// @param seq number of the last beat heard
    /// @param heardMs when the observer heard it
    public record Line(HostState state, long seq, long heardMs) {}

    private ObserverView(
            Head head, HostState[] hosts, long[] seqs, long[] heardMs, int rosterHash) {
        this.head = head;
        this.hosts = hosts;
        this.seqs = seqs;
        this.heardMs = heardMs;
        this.rosterHash = rosterHash;
    }

    private ObserverView(Head head, List<Line> lines, int rosterHash) {
        int size = lines.size();
        this.head = head;
        this.hosts = new HostState[size];
        this.seqs = new long[size];
        this.heardMs = new long[size];
        this.rosterHash = rosterHash;
        for (int i = 0; i < size; i++) {
            Line line = lines.get(i);
            hosts[i] = line.state();
            seqs[i] = line.seq();
            heardMs[i] = line.heardMs();
        }
    }

    /// A view of these lines.
    ///
    /// @param lines sorted by host
    public static ObserverView of(Head head, List<Line> lines) {
        return new ObserverView(head, lines, rosterHash(lines));
    }

    /// A later view of the same hosts.
    ///
    /// @param lines of the hosts of this view, in their order
    public ObserverView later(Head head, List<Line> lines) {
        if (lines.size() != hosts.length) {
            throw new IllegalArgumentException(
                    "view observer="
                            + head.observer()
                            + ": hosts must be the same: expected="
                            + hosts.length
                            + ", found="
                            + lines.size());
        }
        return new ObserverView(head, lines, rosterHash);
    }

    /// A later view of the same hosts in the same states.
    ///
    /// @param laterSeqs numbers of the last beats, in the order of the hosts; becomes this one's
    /// @param laterHeardMs when they were heard; becomes this one's
    public ObserverView later(Head head, long[] laterSeqs, long[] laterHeardMs) {
        if (laterSeqs.length != hosts.length || laterHeardMs.length != hosts.length) {
            throw new IllegalArgumentException(
                    "view observer="
                            + head.observer()
                            + ": beats must be of the same hosts: expected="
                            + hosts.length
                            + ", found="
                            + laterSeqs.length
                            + " and "
                            + laterHeardMs.length);
        }
        return new ObserverView(head, hosts, laterSeqs, laterHeardMs, rosterHash);
    }

    private static int rosterHash(List<Line> lines) {
        var crc = new CRC32C();
        for (Line line : lines) {
            crc.update(line.state().host().getBytes(StandardCharsets.UTF_8));
            crc.update(0);
        }
        return (int) crc.getValue();
    }

    /// The same as this view of a cell.
    public static ObserverView of(CellView view) {
        List<Line> lines =
                view.members().stream()
                        .map(m -> new Line(HostState.of(m), m.seq(), m.heardMs()))
                        .toList();
        return of(headOf(view), lines);
    }

    /// Who says it, of a view of a cell.
    public static Head headOf(CellView view) {
        return new Head(
                view.cell(),
                view.observer(),
                view.observerIncarnation(),
                view.version(),
                view.degraded(),
                view.settled(),
                view.atMs());
    }

    /// Who says it, and when.
    public Head head() {
        return head;
    }

    /// How many hosts.
    public int size() {
        return hosts.length;
    }

    /// What is said of the host in that place, by name.
    public HostState host(int index) {
        return hosts[index];
    }

    /// Number of the last beat of the host in that place.
    public long seq(int index) {
        return seqs[index];
    }

    /// When the host in that place was heard last.
    public long heardMs(int index) {
        return heardMs[index];
    }

    /// CRC32C over the names of all hosts, ascending, each followed by a zero byte: for whom
    /// numbers stand that are told without names.
    public int rosterHash() {
        return rosterHash;
    }

    /// The place of a host; negative if it is not there.
    int indexOf(String host) {
        int low = 0;
        int high = hosts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = hosts[middle].host().compareTo(host);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }

    /// Sum of the hashes of all hosts: two views that have the same say the same of every host.
    public long hash() {
        long sum = 0;
        for (HostState host : hosts) {
            sum += host.hash();
        }
        return sum;
    }

    /// All lines as members.
    public List<Member> members() {
        Member[] members = new Member[hosts.length];
        Arrays.setAll(members, i -> hosts[i].member(seqs[i], heardMs[i]));
        return Arrays.stream(members).sorted(Comparator.comparing(Member::host)).toList();
    }

    /// Whether the states of all hosts are the same, so that nothing has to be merged anew.
    boolean sharesStates(ObserverView other) {
        return Arrays.equals(hosts, other.hosts);
    }

    /// Whether nothing at all has moved, not even the observer's clock.
    boolean repeats(ObserverView other) {
        return head.equals(other.head)
                && Arrays.equals(seqs, other.seqs)
                && Arrays.equals(hosts, other.hosts);
    }
}
