package dev.muster.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Hosts as network namespaces on one bridge, all of it inside a namespace of this run; faults as
/// rules of the bridge. Whoever runs in the namespace of the bridge itself reaches every host,
/// whatever the faults.
final class LabNetwork {
    private static final String PREFIX = "10.77.0.";

    private final List<String> rules = new ArrayList<>();

    /// Makes namespaces h1 to hN; the address of hI ends with I.
    void create(int hosts) throws IOException, InterruptedException {
        run("ip", "link", "set", "lo", "up");
        run("ip", "link", "add", "br0", "type", "bridge");
        run("ip", "addr", "add", "10.77.255.1/16", "dev", "br0");
        run("ip", "link", "set", "br0", "up");
        for (int i = 1; i <= hosts; i++) {
            String host = "h" + i;
            run("ip", "netns", "add", host);
            run(
                    "ip", "link", "add", "v" + i, "type", "veth", "peer", "name", "eth0", "netns",
                    host);
            run("ip", "link", "set", "v" + i, "master", "br0", "up");
            run("ip", "-n", host, "addr", "add", address(i) + "/16", "dev", "eth0");
            run("ip", "-n", host, "link", "set", "eth0", "up");
            run("ip", "-n", host, "link", "set", "lo", "up");
        }
    }

    static String address(int host) {
        return PREFIX + host;
    }

    /// The command, to be run on a host.
    static List<String> on(int host, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", "h" + host));
        all.addAll(command);
        return all;
    }

    /// Nothing goes to these hosts or comes from them.
    void blackhole(Collection<Integer> hosts) throws IOException, InterruptedException {
        rules.add("ip saddr " + set(hosts) + " drop");
        rules.add("ip daddr " + set(hosts) + " drop");
        apply();
    }

    /// Nothing passes between one host of one set and one of the other.
    void cut(Collection<Integer> some, Collection<Integer> others)
            throws IOException, InterruptedException {
        rules.add("ip saddr " + set(some) + " ip daddr " + set(others) + " drop");
        rules.add("ip saddr " + set(others) + " ip daddr " + set(some) + " drop");
        apply();
    }

    /// That share of all packets is lost.
    void loss(int percent) throws IOException, InterruptedException {
        rules.add("meta protocol ip numgen random mod 100 < " + percent + " drop");
        apply();
    }

    /// No datagrams pass.
    void blockDatagrams() throws IOException, InterruptedException {
        rules.add("ip protocol udp drop");
        apply();
    }

    void heal() throws IOException, InterruptedException {
        rules.clear();
        apply();
    }

    private void apply() throws IOException, InterruptedException {
        String table =
                "table bridge muster\n"
                    + "flush table bridge muster\n"
                    + "table bridge muster {\n"
                    + " chain forward {\n"
                    + "  type filter hook forward priority 0; policy accept;\n"
                        + rules.stream()
                                .map(rule -> "  " + rule + "\n")
                                .collect(Collectors.joining())
                        + " }\n}\n";
        Process nft = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
        try (var in = nft.getOutputStream()) {
            in.write(table.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (nft.waitFor() != 0) {
            throw new IOException("nft refused the rules: " + said);
        }
    }

    /// Bytes that a host has sent, frames of Ethernet included.
    static long sentBytes(int host) throws IOException {
        String name = "v" + host + ":";
        for (String line : Files.readAllLines(Path.of("/proc/self/net/dev"))) {
            if (line.strip().startsWith(name)) {
                return Long.parseLong(line.strip().substring(name.length()).strip().split(" +")[0]);
            }
        }
        throw new IOException("no counters of host " + host);
    }

    private static String set(Collection<Integer> hosts) {
        return hosts.stream()
                .map(LabNetwork::address)
                .collect(Collectors.joining(", ", "{ ", " }"));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }
}
