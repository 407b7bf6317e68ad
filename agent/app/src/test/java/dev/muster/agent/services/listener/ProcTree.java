package dev.muster.agent.services.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A directory that looks like `/proc`: processes, their files and sockets, as a test wants them.
final class ProcTree {
    static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                    + "  timeout inode\n";

    private final Path root;

    ProcTree(Path root) throws IOException {
        this.root = root;
        write("self/net/tcp", HEADER);
        write("self/net/tcp6", HEADER);
        link("self/ns/net", "net:[1]");
        write("1/root/etc/passwd", "web:x:1000:1000::/srv:/bin/false\n");
        write("etc/passwd", "root:x:0:0::/root:/bin/sh\nweb:x:1000:1000::/srv:/bin/false\n");
    }

    Path root() {
        return root;
    }

    Procfs procfs() {
        return new Procfs(root);
    }

    UserNames users() {
        return new UserNames(root.resolve("etc/passwd"), root.resolve("etc/passwd"));
    }

    /// A line of a socket on IPv4.
    static String socket(String address, int port, String state, long inode) {
        String[] bytes = address.split("\\.", -1);
        StringBuilder hex = new StringBuilder();
        for (int i = 3; i >= 0; i--) {
            hex.append(String.format(Locale.ROOT, "%02X", Integer.parseInt(bytes[i])));
        }
        return line(hex.toString(), "00000000", port, state, inode);
    }

    /// A line of a socket on IPv6, its address in the kernel's 32 digits.
    static String socket6(String digits, int port, String state, long inode) {
        return line(digits, "0".repeat(32), port, state, inode);
    }

    private static String line(String local, String remote, int port, String state, long inode) {
        return String.format(
                Locale.ROOT,
                "   0: %s:%04X %s:0000 %s 00000000:00000000 00:00000000 00000000  1000        0 %d"
                        + " 1 0000000000000000 100 0 0 10 0%n",
                local,
                port,
                remote,
                state,
                inode);
    }

    /// A process in the agent's network namespace.
    void process(int pid, String comm, String cgroup, long... inodes) throws IOException {
        write(pid + "/comm", comm + "\n");
        write(pid + "/cmdline", "/usr/bin/" + comm + "\0--password=hunter2\0");
        write(pid + "/status", "Name:\t" + comm + "\nUid:\t1000\t1000\t1000\t1000\n");
        write(pid + "/cgroup", "0::" + cgroup + "\n");
        link(pid + "/exe", "/usr/bin/" + comm);
        link(pid + "/ns/net", "net:[1]");
        link(pid + "/fd/0", "pipe:[3]");
        for (int i = 0; i < inodes.length; i++) {
            link(pid + "/fd/" + (3 + i), "socket:[" + inodes[i] + "]");
        }
    }

    void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    void sockets(String lines) throws IOException {
        write("self/net/tcp", HEADER + lines);
    }

    void link(String file, String target) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.deleteIfExists(path);
        Files.createSymbolicLink(path, Path.of(target));
    }

    void end(int pid) throws IOException {
        delete(root.resolve(Integer.toString(pid)));
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(
                tree,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException e) throws IOException {
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
