package dev.muster.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class KustomizeTest {
    private static final Path ROOT = Path.of(System.getProperty("muster.root", "../.."));

    @Test
    void everyResourceParsesAndIsNamed() throws IOException {
        assertThat(resources()).hasSizeGreaterThan(8);
        assertThat(resources())
                .allSatisfy(resource -> {
                    assertThat(text(resource, "apiVersion")).isNotEmpty();
                    assertThat(text(resource, "kind")).isNotEmpty();
                    assertThat(text(map(resource, "metadata"), "name")).startsWith("muster-");
                });
    }

    @Test
    void theBaseListsEveryFile() throws IOException {
        var base = ROOT.resolve("kustomize/base");
        Map<String, List<String>> list =
                new Yaml().load(Files.readString(base.resolve("kustomization.yaml")));
        try (var files = Files.list(base)) {
            var names = files.map(file -> file.getFileName().toString());
            assertThat(list.getOrDefault("resources", List.of()))
                    .containsExactlyInAnyOrderElementsOf(
                            names.filter(name -> name.endsWith(".yaml"))
                                    .filter(name -> !name.equals("kustomization.yaml"))
                                    .toList());
        }
    }

    @Test
    void everyServiceFindsItsPods() throws IOException {
        var podLabels =
                resources().stream()
                        .map(resource -> map(resource, "spec"))
                        .filter(spec -> spec.containsKey("template"))
                        .map(spec -> map(map(map(spec, "template"), "metadata"), "labels"))
                        .toList();
        assertThat(resources())
                .filteredOn(resource -> text(resource, "kind").equals("Service"))
                .hasSize(2)
                .allSatisfy(service ->
                        assertThat(podLabels).contains(map(map(service, "spec"), "selector")));
    }

    private static List<Map<String, Object>> resources() throws IOException {
        var resources = new ArrayList<Map<String, Object>>();
        try (Stream<Path> files = Files.list(ROOT.resolve("kustomize/base"))) {
            for (var file : files.filter(KustomizeTest::isResource).sorted().toList()) {
                for (var document : new Yaml().loadAll(Files.readString(file))) {
                    resources.add(asMap(document));
                }
            }
        }
        return resources;
    }

    private static boolean isResource(Path file) {
        return file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml");
    }

    private static Map<String, Object> map(Map<String, Object> parent, String key) {
        return asMap(parent.getOrDefault(key, Map.of()));
    }

    private static String text(Map<String, Object> parent, String key) {
        return String.valueOf(parent.getOrDefault(key, ""));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object node) {
        return (Map<String, Object>) node;
    }
}
