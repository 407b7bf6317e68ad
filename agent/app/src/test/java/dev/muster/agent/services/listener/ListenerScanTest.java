package dev.muster.agent.services.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerScanTest {
    @TempDir private Path directory;
    private ProcTree tree;
    private ListenerScan scan;

    @BeforeEach
    void open() throws IOException {
        tree = new ProcTree(directory);
        scan = new ListenerScan(tree.procfs(), tree.users(), true);
    }

    private static String shown(Listener listener) {
        return listener.process().pid()
                + " "
                + listener.process().comm()
                + " "
                + listener.dials()
                + " "
                + listener.port()
                + (listener.unreachable().isEmpty() ? "" : " " + listener.unreachable());
    }

    private List<String> scanned() {
        return scan.scan(false).stream().map(ListenerScanTest::shown).toList();
    }

    @Test
    void namesTheProcess() throws IOException {
        tree.sockets(ProcTree.socket("127.0.0.1", 8080, "0A", 77));
        tree.process(40, "api", "/system.slice/api.service", 77);
        List<Listener> found = scan.scan(false);
        assertThat(found).hasSize(1);
        Labels labels = found.getFirst().labels().build();
        assertThat(labels)
                .isEqualTo(
                        Labels.of(
                                "__meta_listener_address", "127.0.0.1",
                                "__meta_listener_port", "8080",
                                "__meta_listener_pid", "40",
                                "__meta_listener_comm", "api",
                                "__meta_listener_exe", "/usr/bin/api",
                                "__meta_listener_cmdline", "/usr/bin/api",
                                "__meta_listener_user", "web",
                                "__meta_listener_systemd_unit", "api.service",
                                "__meta_listener_cgroup", "/system.slice/api.service"));
        assertThat(scan.error()).isEmpty();
    }

    @Test
    void takesTheFirstOfProcessesThatShareASocket() throws IOException {
        tree.sockets(ProcTree.socket("0.0.0.0", 80, "0A", 5));
        tree.process(12, "master", "/", 5);
        tree.process(13, "worker", "/", 5);
        assertThat(scanned()).containsExactly("12 master [127.0.0.1] 80");
        tree.end(12);
        assertThat(scanned()).containsExactly("13 worker [127.0.0.1] 80");
    }

    @Test
    void looksAtFilesOfProcessesOnlyForNewSockets() throws IOException {
        tree.sockets(ProcTree.socket("0.0.0.0", 80, "0A", 5));
        tree.process(12, "one", "/", 5);
        for (int pid = 100; pid < 200; pid++) {
            tree.process(pid, "other", "/", 1_000 + pid);
        }
        scan.scan(false);
        long before = scan.linksRead();
        scan.scan(false);
        assertThat(scan.linksRead()).isEqualTo(before);
        tree.process(300, "two", "/", 6);
        tree.sockets(
                ProcTree.socket("0.0.0.0", 80, "0A", 5) + ProcTree.socket("0.0.0.0", 81, "0A", 6));
        assertThat(scanned()).containsExactly("12 one [127.0.0.1] 80", "300 two [127.0.0.1] 81");
        assertThat(scan.linksRead() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void forgetsAPortThatWasClosed() throws IOException {
        tree.sockets(ProcTree.socket("0.0.0.0", 80, "0A", 5));
        tree.process(12, "one", "/", 5);
        List<Listener> found = scan.scan(false);
        assertThat(scan.allHold(found)).isTrue();
        tree.end(12);
        assertThat(scan.allHold(found)).isFalse();
        tree.sockets("");
        assertThat(scanned()).isEmpty();
    }

    @Test
    void saysWhoseProcessCannotBeSeen() throws IOException {
        tree.sockets(ProcTree.socket("127.0.0.1", 8080, "0A", 77));
        assertThat(scanned()).containsExactly("0  [127.0.0.1] 8080");
    }

    @Test
    void foldsSocketsOfOneProcessOnOnePort() throws IOException {
        tree.sockets(
                ProcTree.socket("127.0.0.1", 8080, "0A", 7)
                        + ProcTree.socket("0.0.0.0", 8080, "0A", 8)
                        + ProcTree.socket("0.0.0.0", 8080, "0A", 9));
        tree.process(12, "one", "/", 7, 8, 9);
        assertThat(scanned()).containsExactly("12 one [127.0.0.1] 8080");
    }

    @Test
    void findsListenersOfContainers() throws IOException {
        tree.process(50, "boxed", "/docker/" + "ab".repeat(32), 90, 91);
        tree.link("50/ns/net", "net:[2]");
        tree.write(
                "50/net/tcp",
                ProcTree.HEADER
                        + ProcTree.socket("0.0.0.0", 8080, "0A", 90)
                        + ProcTree.socket("127.0.0.1", 8081, "0A", 91));
        tree.write(
                "50/net/fib_trie",
                """
                Main:
                  +-- 0.0.0.0/0 3 0 5
                     |-- 127.0.0.1
                        /32 host LOCAL
                     |-- 172.17.0.2
                        /32 host LOCAL
                     |-- 172.17.255.255
                        /32 link BROADCAST
                Local:
                     |-- 172.17.0.2
                        /32 host LOCAL
                """);
        assertThat(scanned())
                .containsExactly(
                        "50 boxed [172.17.0.2] 8080",
                        "50 boxed [] 8081 it listens on loopback of another network namespace"
                                + " only");
        assertThat(new ListenerScan(tree.procfs(), tree.users(), false).scan(false)).isEmpty();
    }

    @Test
    void readsTablesOnlyWhenTheirCountsChange() throws IOException {
        tree.write("self/net/sockstat6", "TCP6: inuse 0\n");
        tree.write(
                "self/net/sockstat", "sockets: used 9\nTCP: inuse 1 orphan 0 tw 0 alloc 7 mem 1\n");
        tree.sockets(ProcTree.socket("0.0.0.0", 80, "0A", 5));
        tree.process(12, "one", "/", 5, 6);
        assertThat(scanned()).hasSize(1);
        long before = scan.tablesRead();
        for (int i = 0; i < 10; i++) {
            assertThat(scanned()).hasSize(1);
        }
        assertThat(scan.tablesRead()).isEqualTo(before);
        tree.sockets(ProcTree.socket("0.0.0.0", 81, "0A", 6));
        assertThat(scan.scan(true).getFirst().port()).isEqualTo(81);
        tree.sockets(ProcTree.socket("0.0.0.0", 80, "0A", 5));
        tree.write("self/net/sockstat", "sockets: used 9\nTCP: inuse 12 orphan 0\n");
        assertThat(scan.scan(false).getFirst().port()).isEqualTo(80);
        tree.sockets(ProcTree.socket("0.0.0.0", 81, "0A", 6));
        for (int i = 0; i < 12; i++) {
            scan.scan(false);
        }
        assertThat(scan.scan(false).getFirst().port()).isEqualTo(81);
    }

    @Test
    void saysWhenThereIsNoProcfs() {
        ListenerScan blind =
                new ListenerScan(new Procfs(directory.resolve("nothing")), tree.users(), true);
        assertThat(blind.scan(false)).isEmpty();
        assertThat(blind.error()).isEqualTo("procfs must have self/net/tcp that can be read");
    }

    @Test
    void survivesFilesThatAreDirectoriesAndLinksToNowhere() throws IOException {
        Files.createDirectories(directory.resolve("77/comm"));
        tree.link("77/fd/1", "socket:[x]");
        tree.link("77/ns/net", "net:[");
        tree.write("78/fd", "no directory");
        tree.sockets(ProcTree.socket("127.0.0.1", 8080, "0A", 77));
        assertThat(scanned()).containsExactly("0  [127.0.0.1] 8080");
    }
}
