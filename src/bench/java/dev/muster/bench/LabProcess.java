package dev.muster.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One process of the lab: its lines go to a file and to a listener, as they come.
final class LabProcess {
    private static final double TICKS = 100;

    /// Those that run: a lab that is stopped in the middle leaves none behind.
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Process process;

    private LabProcess(Process process) {
        this.process = process;
    }

    static LabProcess start(List<String> command, Path log, Consumer<String> lines)
            throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        RUNNING.add(process);
        process.onExit().thenAccept(RUNNING::remove);
        process.getOutputStream().close();
        Thread.ofVirtual().start(() -> read(process, log, lines));
        return new LabProcess(process);
    }

    private static void read(Process process, Path log, Consumer<String> lines) {
        try (Writer out = Files.newBufferedWriter(log, StandardCharsets.UTF_8);
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.accept(line);
                out.write(line + "\n");
                out.flush();
            }
        } catch (IOException e) {
            System.err.println("output of a process lost: " + e);
        }
    }

    boolean runs() {
        return process.isAlive();
    }

    /// Sends a signal, such as `KILL`.
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /// Ends it, and waits.
    void end(String signal) throws IOException, InterruptedException {
        if (!process.isAlive()) {
            return;
        }
        signal(signal);
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /// Kills all at the same moment, so that none has time to notice the end of another.
    static void killAll(List<LabProcess> all) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-KILL"));
        all.forEach(each -> command.add(Long.toString(each.process.pid())));
        new ProcessBuilder(command).start().waitFor();
        for (LabProcess each : all) {
            each.process.waitFor();
        }
    }

    /// CPU seconds used so far.
    double cpuSeconds() throws IOException {
        return cpuSeconds(directory());
    }

    /// CPU seconds used so far by the threads that run and whose name begins so; a name has 15
    /// characters at most.
    double cpuSeconds(List<String> threads) throws IOException {
        double all = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(directory().resolve("task"))) {
            for (Path task : tasks) {
                String name = Files.readString(task.resolve("comm"));
                all += threads.stream().anyMatch(name::startsWith) ? cpuSeconds(task) : 0;
            }
        }
        return all;
    }

    private Path directory() {
        return Path.of("/proc/" + process.pid());
    }

    private static double cpuSeconds(Path task) throws IOException {
        String stat = Files.readString(task.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    /// Resident memory in MB.
    double residentMb() throws IOException {
        return Files.readAllLines(directory().resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
