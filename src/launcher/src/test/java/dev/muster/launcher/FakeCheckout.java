package dev.muster.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/// A directory that looks like a built checkout, with [FakeProgram] in place of agent and query
/// node.
final class FakeCheckout {
    private final Path root;

    FakeCheckout(Path root) throws IOException {
        this.root = root;
        jar(root.resolve("agent/app/target/quarkus-app/quarkus-run.jar"));
        jar(root.resolve("src/target/quarkus-app/quarkus-run.jar"));
        var flags = Files.createDirectories(root.resolve("src/launcher/jvm"));
        for (var program : new String[] {"agent", "query", "demo"}) {
            Files.writeString(
                    flags.resolve(program + ".flags"),
                    "-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1\n-Xmx32m\n");
        }
    }

    Path root() {
        return root;
    }

    private static void jar(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        var manifest = new Manifest();
        var attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, FakeProgram.class.getName());
        String name = FakeProgram.class.getName().replace('.', '/') + ".class";
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest);
                var classFile = FakeProgram.class.getClassLoader().getResourceAsStream(name)) {
            jar.putNextEntry(new ZipEntry(name));
            Objects.requireNonNull(classFile, name).transferTo(jar);
        }
    }
}
