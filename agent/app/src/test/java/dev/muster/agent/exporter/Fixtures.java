package dev.muster.agent.exporter;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A host as files, unpacked from an archive of others that may be absent.
final class Fixtures {
    private Fixtures() {}

    /// The unpacked folder, within `directory`.
    static Path unpack(Path directory) throws IOException, InterruptedException {
        Path archive =
                Path.of(System.getProperty("muster.shared", "../shared"))
                        .resolve("conformance/node-exporter.tar.gz");
        assumeTrue(Files.exists(archive), () -> "no host to read: file=" + archive + " is absent");
        Process tar =
                new ProcessBuilder("tar", "xzf", archive.toString(), "-C", directory.toString())
                        .inheritIO()
                        .start();
        assumeTrue(tar.waitFor() == 0, "no host to read: tar failed");
        return directory.resolve("node-exporter");
    }

    static HostExporterConfig config(Path root) {
        return HostExporterConfig.host()
                .withRoots(
                        root.resolve("proc"), root.resolve("sys"), root, root.resolve("udev/data"))
                .withCollectors(CollectorNames.all())
                .withExtras(
                        Optional.of(root.resolve("textfile/two_metric_files")),
                        List.of(
                                "fs.file-nr",
                                "fs.file-nr:total,current,max",
                                "info:kernel.seccomp.actions_avail",
                                "kernel.threads-max"));
    }
}
