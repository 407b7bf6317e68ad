package dev.muster.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.launcher.process.PidFile;
import dev.muster.launcher.status.FleetStatus;
import dev.muster.launcher.status.Inventory;
import dev.muster.launcher.status.ProcessStatus;
import dev.muster.launcher.status.StatusClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = "Says which processes of the demo run and how they are.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "directory of its state (default: .muster in the checkout)")
    Optional<Path> data = Optional.empty();

    @Option(names = "--json", description = "for programs")
    boolean json;

    private final StatusClient client = new StatusClient(Duration.ofSeconds(2));

    @Override
    public Integer call() throws IOException {
        var run = data.orElse(Launcher.root().resolve(".muster")).resolve("run");
        var pids = PidFile.in(run);
        var processes =
                Inventory.read(run).addresses().entrySet().stream()
                        .map(entry -> status(entry.getKey(), entry.getValue(), pids))
                        .toList();
        System.out.print(json ? asJson(processes) : asTable(processes));
        var well = !processes.isEmpty() && processes.stream().allMatch(ProcessStatus::ready);
        return well ? 0 : Launcher.FAILED;
    }

    private ProcessStatus status(String name, URI url, List<PidFile> pids) {
        var pid =
                pids.stream()
                        .filter(file -> file.name().equals(name))
                        .flatMap(file -> file.process().stream())
                        .mapToLong(ProcessHandle::pid)
                        .findFirst();
        if (pid.isEmpty()) {
            return new ProcessStatus(name, OptionalLong.empty(), false, url, Optional.empty());
        }
        var ready = client.answers(url.resolve("/-/ready"));
        return new ProcessStatus(name, pid, ready, url, client.json(url.resolve(reportPath(name))));
    }

    private static String reportPath(String name) {
        return switch (name) {
            case "query" -> "/api/v1/status/muster";
            case "demo" -> "/status";
            default -> "/api/v1/agent/status";
        };
    }

    private static String asTable(List<ProcessStatus> processes) {
        if (processes.stream().allMatch(one -> one.pid().isEmpty())) {
            return "muster does not run here; ./muster up starts it\n";
        }
        var fleet =
                processes.stream()
                        .filter(one -> one.name().equals("query"))
                        .flatMap(one -> one.report().stream())
                        .map(report -> FleetStatus.from(report).line() + "\n")
                        .findFirst();
        return ProcessStatus.table(processes) + fleet.orElse("");
    }

    private static String asJson(List<ProcessStatus> processes) throws IOException {
        var root = JSON.createObjectNode();
        var list = root.putArray("processes");
        for (var one : processes) {
            ObjectNode node = list.addObject();
            node.put("name", one.name());
            one.pid().ifPresent(pid -> node.put("pid", pid));
            node.put("state", one.state());
            node.put("url", one.url().toString());
            one.report().ifPresent(report -> node.set("report", report));
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }
}
