package dev.muster.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Muster's agents on every host, each with a service beside it, and query nodes on hosts of their
/// own. What an agent thinks is read from its log, what a query node shows is asked every 20 ms.
final class MusterFleet extends LabFleet {
    private static final Pattern CHANGED =
            Pattern.compile(
                    "cell member changed: host=(h\\d+), before=.*, after=([a-z]+)(?:"
                            + " \\(([^)]*)\\))?");

    private static final int HTTP = 9640;
    private static final int MEMBER = 9641;
    private static final int SERVICE = 8000;
    private static final String JOB = "lab";
    private static final long ASK_MS = 20;
    private static final int STARTING = 3;

    /// @param java the JVM
    /// @param classes of the lab
    /// @param agentFlags options of an agent's JVM
    /// @param agentJar the agent
    /// @param queryFlags options of a query node's JVM
    /// @param queryJar the query node
    record Product(
            String java,
            String classes,
            Path agentFlags,
            Path agentJar,
            Path queryFlags,
            Path queryJar) {}

    private final Product product;
    private final Path directory;
    private final int cells;
    private final int queryCount;
    private final LabProcess[] services;
    private final LabProcess[] queryNodes;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private volatile boolean ended;

    /// Settings that every agent gets besides.
    private final List<String> settings;

    /// @param cells of a map of cells, each a zone of its own; 1 for a single cell without a map
    MusterFleet(
            int size,
            int cells,
            int queryCount,
            Product product,
            Path directory,
            List<String> settings) {
        super(size);
        this.cells = cells;
        this.queryCount = queryCount;
        this.product = product;
        this.directory = directory;
        this.settings = settings;
        this.services = new LabProcess[size + 1];
        this.queryNodes = new LabProcess[queryCount + 1];
    }

    @Override
    String name() {
        return "Muster";
    }

    @Override
    String cell(int host) {
        return cells == 1 ? super.cell(host) : "cell-" + cellNumber(host);
    }

    /// From 1; hosts side by side are of one cell.
    private int cellNumber(int host) {
        return 1 + (host - 1) * cells / size;
    }

    @Override
    List<String> queries() {
        return IntStream.rangeClosed(1, queryCount).mapToObj(i -> "q" + i).toList();
    }

    @Override
    void startAll() throws IOException, InterruptedException {
        if (cells > 1) {
            Files.writeString(map(), mapText());
        }
        for (int host = 1; host <= size; host++) {
            startService(host);
        }
        for (int host = 1; host <= size; host++) {
            start(host);
            if (host % STARTING == 0 || host == size) {
                for (int waited = Math.max(1, host - STARTING + 1); waited <= host; waited++) {
                    awaitReady(address(waited));
                }
            }
        }
        for (int query = 1; query <= queryCount; query++) {
            startQuery(query);
            awaitReady(queryAddress(query));
        }
    }

    private static String address(int host) {
        return "http://" + LabNetwork.address(host) + ":" + HTTP;
    }

    /// Query nodes are told apart by the name of the machine, which is one here, and their port.
    private int queryPort(int query) {
        return HTTP + query;
    }

    private String queryAddress(int query) {
        return "http://" + LabNetwork.address(size + query) + ":" + queryPort(query);
    }

    void startService(int host) throws IOException {
        List<String> command =
                List.of(
                        product.java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx24m",
                        "-Xss256k",
                        "-cp",
                        product.classes,
                        "dev.muster.bench.LabService",
                        Integer.toString(SERVICE));
        Path log = directory.resolve("service-" + host(host) + ".log");
        services[host] = LabProcess.start(LabNetwork.on(host, command), log, _ -> {});
    }

    void killService(int host) throws IOException, InterruptedException {
        services[host].end("KILL");
    }

    @Override
    void start(int host) throws IOException {
        String name = host(host);
        record.forget(name);
        record.saw(name, name, LabRecord.UP, "");
        Path home = Files.createDirectories(directory.resolve(name));
        Path scrape = home.resolve("scrape.yml");
        Files.writeString(
                scrape,
                "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n"
                        + "  - job_name: "
                        + JOB
                        + "\n    static_configs:\n      - targets: ['"
                        + LabNetwork.address(host)
                        + ":"
                        + SERVICE
                        + "']\n");
        List<String> command = new ArrayList<>();
        command.add(product.java);
        command.add("@" + product.agentFlags);
        command.add("-Dmuster.agent.host=" + name);
        command.add("-Dmuster.agent.data-dir=" + home.resolve("data"));
        command.add("-Dmuster.http.host=" + LabNetwork.address(host));
        command.add("-Dmuster.http.port=" + HTTP);
        command.add("-Dmuster.cell.address=" + LabNetwork.address(host));
        command.add("-Dmuster.cell.port=" + MEMBER);
        command.addAll(place(host));
        command.add("-Dmuster.scrape.config-file=" + scrape);
        command.add("-Dmuster.store.url=file://" + Files.createDirectories(home.resolve("store")));
        command.add("-Dmuster.cell.rack=" + rack(host));
        command.add("-Dmuster.events.log=" + events("agent-" + name));
        settings.forEach(setting -> command.add("-D" + setting));
        command.add("-jar");
        command.add(product.agentJar.toString());
        Path log = directory.resolve("agent-" + name + ".log");
        agents[host] =
                LabProcess.start(LabNetwork.on(host, command), log, line -> line(name, line));
    }

    /// Settings that say which cell an agent is of, and where the others are.
    private List<String> place(int host) {
        if (cells == 1) {
            String seeds = String.join(",", members(cellNumber(host)));
            return List.of("-Dmuster.cell.seeds=" + seeds);
        }
        String urls =
                IntStream.of(1, size).mapToObj(MusterFleet::address).collect(Collectors.joining(","));
        return List.of(
                "-Dmuster.cell.map=" + map(),
                "-Dmuster.cell.zone=zone-" + cellNumber(host),
                "-Dmuster.cell.directory-seeds=" + urls);
    }

    /// Addresses of the first three members of a cell.
    private List<String> members(int cell) {
        return IntStream.rangeClosed(1, size)
                .filter(host -> cellNumber(host) == cell)
                .limit(3)
                .mapToObj(host -> LabNetwork.address(host) + ":" + MEMBER)
                .toList();
    }

    private Path map() {
        return directory.resolve("cells.yml");
    }

    private String mapText() {
        StringBuilder text = new StringBuilder("epoch: 1\nzones:\n");
        for (int cell = 1; cell <= cells; cell++) {
            text.append("  zone-%d:\n    cell-%d: [\"".formatted(cell, cell))
                    .append(String.join("\", \"", members(cell)))
                    .append("\"]\n");
        }
        return text.toString();
    }

    /// What `federation-check` reads.
    private Path events(String node) throws IOException {
        return Files.createDirectories(directory.resolve("events")).resolve(node + ".jsonl");
    }

    @Override
    Optional<Boolean> queriesAgree() throws IOException {
        Set<String> digests = new HashSet<>();
        for (int query = 1; query <= queryCount; query++) {
            String last = "";
            for (String line : Files.readAllLines(events("query-q" + query))) {
                last = line.contains("\"event\":\"digest\"") ? line : last;
            }
            int at = last.indexOf("\"digest\":\"");
            digests.add(at < 0 ? "none of q" + query : last.substring(at));
        }
        return queryCount < 2 ? Optional.empty() : Optional.of(digests.size() == 1);
    }

    private void startQuery(int query) throws IOException {
        int host = size + query;
        String agentUrls =
                IntStream.rangeClosed(1, Math.min(3, size))
                        .mapToObj(MusterFleet::address)
                        .collect(Collectors.joining(","));
        List<String> command =
                List.of(
                        product.java,
                        "@" + product.queryFlags,
                        "-Dmuster.http.host=" + LabNetwork.address(host),
                        "-Dmuster.http.port=" + queryPort(query),
                        "-Dmuster.query.agents=" + agentUrls,
                        "-Dmuster.events.log=" + events("query-q" + query),
                        "-Dmuster.store.url=file://"
                                + Files.createDirectories(directory.resolve("store")),
                        "-jar",
                        product.queryJar.toString());
        Path log = directory.resolve("query-q" + query + ".log");
        queryNodes[query] = LabProcess.start(LabNetwork.on(host, command), log, _ -> {});
        Thread.ofPlatform().daemon().start(() -> watch("q" + query, queryAddress(query)));
    }

    private void line(String observer, String line) {
        Matcher changed = CHANGED.matcher(line);
        if (changed.find()) {
            String note = changed.group(3) == null ? "" : changed.group(3);
            record.saw(observer, changed.group(1), changed.group(2), note);
        }
    }

    private void watch(String observer, String url) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/api/v1/fleet"))
                        .timeout(Duration.ofSeconds(2))
                        .build();
        while (!ended) {
            try {
                String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
                Set<String> named = new HashSet<>();
                look(observer, Json.read(body), named);
                record.only(observer, named);
                Thread.sleep(ASK_MS);
            } catch (IOException e) {
                pause();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                System.err.println(observer + ": fleet not read: " + e);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Takes members and services from wherever they stand in the answer.
    private void look(String observer, Object json, Set<String> named) {
        if (json instanceof List<?> list) {
            list.forEach(each -> look(observer, each, named));
        } else if (json instanceof Map<?, ?> map) {
            if (map.get("host") instanceof String host
                    && map.get("state") instanceof String state) {
                String instance = map.get("instance") instanceof String of ? "/" + of : "";
                String cause = map.get("cause") instanceof String of ? of : "";
                named.add(host + instance);
                record.saw(observer, host + instance, state, cause);
            }
            map.values().forEach(each -> look(observer, each, named));
        }
    }

    /// The name under which a service of a host is recorded.
    static String service(int host) {
        return host(host) + "/" + LabNetwork.address(host) + ":" + SERVICE;
    }

    /// The service of a host, as an event log names it.
    LabEvents.Target serviceTarget(int host) {
        return new LabEvents.Target(
                cell(host), host(host), JOB, LabNetwork.address(host) + ":" + SERVICE);
    }

    private void awaitReady(String url) throws InterruptedException, IOException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/-/ready"))
                        .timeout(Duration.ofSeconds(2))
                        .build();
        for (int i = 0; i < 600; i++) {
            try {
                if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            Thread.sleep(200);
        }
        throw new IOException("no answer from " + url);
    }

    double queryResidentMb() throws IOException {
        return queryNodes[1].residentMb();
    }

    @Override
    void stopAll() throws IOException, InterruptedException {
        ended = true;
        LabProcess.killAll(
                Stream.of(queryNodes, agents, services)
                        .flatMap(Arrays::stream)
                        .filter(process -> process != null && process.runs())
                        .toList());
    }
}
