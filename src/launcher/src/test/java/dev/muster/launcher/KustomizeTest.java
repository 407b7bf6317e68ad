package dev.muster.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/// The manifests: as files, and as `kubectl kustomize` puts them together where that is installed.
class KustomizeTest {
    private static final Path KUSTOMIZE =
            Path.of(System.getProperty("muster.root", "../..")).resolve("kustomize");
    private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();
    private static final Pattern KEY = Pattern.compile("\\| `(muster\\.[a-z0-9.-]+)` \\|");

    static Stream<Path> overlays() throws IOException {
        return kustomizations()
                .map(file -> file.resolveSibling("."))
                .map(Path::normalize)
                .filter(folder -> !folder.toString().contains("components"));
    }

    private static Stream<Path> kustomizations() throws IOException {
        try (Stream<Path> files = Files.walk(KUSTOMIZE)) {
            return files.filter(file -> file.endsWith("kustomization.yaml")).toList().stream();
        }
    }

    @Test
    void everyFileIsListed() throws IOException {
        assertThat(kustomizations())
                .hasSizeGreaterThan(3)
                .allSatisfy(file -> {
                    String list = Files.readString(file);
                    try (Stream<Path> beside = Files.list(file.getParent())) {
                        assertThat(beside.map(Path::getFileName).map(Path::toString))
                                .allMatch(name ->
                                        name.equals("kustomization.yaml") || list.contains(name));
                    }
                });
    }

    @Test
    void everyFileOfTheBaseIsOfATypeKubernetesKnows() throws IOException {
        List<HasMetadata> resources = new ArrayList<>();
        try (Stream<Path> files = Files.list(KUSTOMIZE.resolve("base"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                if (!file.endsWith("kustomization.yaml")) {
                    resources.addAll(read(Files.readString(file)));
                }
            }
        }
        assertThat(resources).hasSizeGreaterThan(8);
        check(resources);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyObjectOfAnOverlayIsOfATypeKubernetesKnows(Path folder) throws Exception {
        check(read(built(folder)));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void programsAreGivenSettingsThatTheyHave(Path folder) throws Exception {
        Set<String> known = new HashSet<>();
        String page = Files.readString(KUSTOMIZE.resolveSibling("docs/configuration.md"));
        KEY.matcher(page)
                .results()
                .forEach(found ->
                        known.add(found.group(1).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_")));
        assertThat(read(built(folder)).stream().flatMap(one -> template(one).stream()))
                .flatExtracting(pod -> pod.getSpec().getContainers())
                .flatExtracting(Container::getEnv)
                .extracting(EnvVar::getName)
                .filteredOn(name -> name.startsWith("MUSTER_"))
                .isNotEmpty()
                .isSubsetOf(known);
    }

    static Stream<Path> overlaysWithTls() {
        return Stream.of("production", "zones").map(KUSTOMIZE.resolve("overlays")::resolve);
    }

    @ParameterizedTest
    @MethodSource("overlaysWithTls")
    void allPartsSpeakTls(Path folder) throws Exception {
        List<PodTemplateSpec> pods =
                read(built(folder)).stream().flatMap(one -> template(one).stream()).toList();
        assertThat(pods)
                .hasSize(2)
                .allSatisfy(pod -> {
                    Container container = pod.getSpec().getContainers().getFirst();
                    Map<String, String> settings = settings(container);
                    assertThat(settings)
                            .containsEntry("MUSTER_TLS_CERT_FILE", "/etc/muster/tls/tls.crt")
                            .containsEntry("MUSTER_TLS_KEY_FILE", "/etc/muster/tls/tls.key")
                            .containsEntry("MUSTER_TLS_CA_FILE", "/etc/muster/tls/ca.crt")
                            .containsEntry("MUSTER_TLS_SERVER_NAME", "muster.internal");
                    assertThat(settings.values()).noneMatch(value -> value.startsWith("http://"));
                    assertThat(container.getVolumeMounts())
                            .filteredOn(mount -> mount.getMountPath().equals("/etc/muster/tls"))
                            .singleElement()
                            .as("a file mounted by itself is not renewed")
                            .satisfies(mount -> assertThat(mount.getSubPath()).isNull());
                    assertThat(pod.getSpec().getVolumes())
                            .filteredOn(volume -> volume.getName().equals("tls"))
                            .singleElement()
                            .satisfies(volume ->
                                    assertThat(volume.getSecret().getSecretName())
                                            .isEqualTo("muster-" + container.getName() + "-tls"));
                    assertThat(container.getReadinessProbe().getHttpGet().getScheme())
                            .isEqualTo("HTTPS");
                    assertThat(container.getLivenessProbe().getHttpGet().getScheme())
                            .isEqualTo("HTTPS");
                });
        assertThat(pods)
                .extracting(pod -> pod.getSpec().getContainers().getFirst())
                .filteredOn(container -> container.getName().equals("agent"))
                .singleElement()
                .satisfies(agent ->
                        assertThat(settings(agent))
                                .containsEntry("MUSTER_TLS_CLIENT_AUTH", "required")
                                .containsEntry("MUSTER_PUSH_TOKEN_FILE", "/etc/muster/push/token"));
    }

    private static Map<String, String> settings(Container container) {
        return container.getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    @Test
    void aQueryNodeMayOnlyListPodsOfItsNamespace() throws IOException {
        assertThat(read(Files.readString(KUSTOMIZE.resolve("base/rbac.yaml"))))
                .filteredOn(Role.class::isInstance)
                .singleElement()
                .satisfies(role ->
                        assertThat(((Role) role).getRules())
                                .singleElement()
                                .satisfies(rule -> {
                                    assertThat(rule.getResources()).containsExactly("pods");
                                    assertThat(rule.getVerbs()).containsExactly("list");
                                }));
    }

    @Test
    void anAgentMayOnlySeePods() throws IOException {
        ClusterRole role =
                read(Files.readString(KUSTOMIZE.resolve("base/rbac.yaml"))).stream()
                        .filter(ClusterRole.class::isInstance)
                        .map(ClusterRole.class::cast)
                        .findFirst()
                        .orElseThrow();
        assertThat(role.getRules())
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.getResources()).containsExactly("pods");
                    assertThat(rule.getVerbs()).containsExactly("list", "watch");
                });
    }

    private static void check(List<HasMetadata> resources) {
        assertThat(resources)
                .allSatisfy(resource -> {
                    assertThat(resource).isNotInstanceOf(GenericKubernetesResource.class);
                    assertThat(resource.getMetadata().getName()).startsWith("muster");
                    assertThat(unknownFields(resource)).isEmpty();
                });
        List<PodTemplateSpec> pods =
                resources.stream().flatMap(one -> template(one).stream()).toList();
        assertThat(resources)
                .filteredOn(Service.class::isInstance)
                .extracting(service -> ((Service) service).getSpec().getSelector())
                .isNotEmpty()
                .allSatisfy(selector ->
                        assertThat(pods)
                                .anySatisfy(pod ->
                                        assertThat(pod.getMetadata().getLabels())
                                                .containsAllEntriesOf(selector)));
        assertThat(pods)
                .flatExtracting(pod -> pod.getSpec().getContainers())
                .allSatisfy(container -> {
                    assertThat(container.getResources().getLimits()).containsKey("memory");
                    assertThat(paths(container)).isSubsetOf("/-/ready", "/-/healthy");
                });
    }

    private static List<String> paths(Container container) {
        return Stream.of(container.getReadinessProbe(), container.getLivenessProbe())
                .flatMap(probe -> Stream.<Probe>ofNullable(probe))
                .map(probe -> probe.getHttpGet().getPath())
                .toList();
    }

    private static Optional<PodTemplateSpec> template(HasMetadata resource) {
        return switch (resource) {
            case DaemonSet set -> Optional.of(set.getSpec().getTemplate());
            case StatefulSet set -> Optional.of(set.getSpec().getTemplate());
            case Deployment set -> Optional.of(set.getSpec().getTemplate());
            default -> Optional.empty();
        };
    }

    private static List<HasMetadata> read(String yaml) {
        List<HasMetadata> resources = new ArrayList<>();
        for (Object document : new Yaml().loadAll(yaml)) {
            resources.add(KUBERNETES.unmarshal(KUBERNETES.asJson(document)));
        }
        return resources;
    }

    /// Fields that the typed model has no place for: misspelt, or in the wrong place.
    private static List<String> unknownFields(HasMetadata resource) {
        List<String> unknown = new ArrayList<>();
        collectUnknown(resource, resource.getKind(), unknown);
        return unknown;
    }

    private static void collectUnknown(Object node, String path, List<String> unknown) {
        switch (node) {
            case List<?> list -> list.forEach(item -> collectUnknown(item, path + "[]", unknown));
            case Map<?, ?> map ->
                    map.forEach((key, value) -> {
                        if (value != null) {
                            collectUnknown(value, path + "." + key, unknown);
                        }
                    });
            default -> {
                if (node.getClass().getName().startsWith("io.fabric8.")) {
                    collectUnknownOfBean(node, path, unknown);
                }
            }
        }
    }

    private static void collectUnknownOfBean(Object bean, String path, List<String> unknown) {
        for (var method : bean.getClass().getMethods()) {
            if (!method.getName().startsWith("get")
                    || method.getParameterCount() > 0
                    || method.getDeclaringClass() == Object.class) {
                continue;
            }
            try {
                Object value = method.invoke(bean);
                if (method.getName().equals("getAdditionalProperties")) {
                    ((Map<?, ?>) value).keySet().forEach(key -> unknown.add(path + "." + key));
                } else if (value != null) {
                    collectUnknown(value, path + "." + method.getName().substring(3), unknown);
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(path + ": " + method, e);
            }
        }
    }

    private static String built(Path folder) throws InterruptedException {
        try {
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString()).start();
            String yaml =
                    new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String error =
                    new String(kubectl.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(kubectl.waitFor()).as(error).isZero();
            return yaml;
        } catch (UncheckedIOException | IOException e) {
            assumeTrue(false, "kubectl is not installed: " + e.getMessage());
            throw new AssertionError(e);
        }
    }
}
