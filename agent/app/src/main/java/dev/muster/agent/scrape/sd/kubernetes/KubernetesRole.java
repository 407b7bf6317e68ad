package dev.muster.agent.scrape.sd.kubernetes;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What becomes a target.
public enum KubernetesRole {
    NODE("/api/v1", "nodes", false),
    POD("/api/v1", "pods", true),
    SERVICE("/api/v1", "services", true),
    ENDPOINTS("/api/v1", "endpoints", true),
    ENDPOINTSLICE("/apis/discovery.k8s.io/v1", "endpointslices", true);

    private final String group;
    private final String resource;
    private final boolean namespaced;

    KubernetesRole(String group, String resource, boolean namespaced) {
        this.group = group;
        this.resource = resource;
        this.namespaced = namespaced;
    }

    /// The role as configuration files spell it.
    public static Optional<KubernetesRole> of(String text) {
        for (KubernetesRole role : values()) {
            if (role.text().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The roles whose objects are looked at for this one; selectors may be given for them.
    public Set<KubernetesRole> lookedAt() {
        return switch (this) {
            case NODE, POD, SERVICE -> EnumSet.of(this);
            case ENDPOINTS, ENDPOINTSLICE -> EnumSet.of(this, POD, SERVICE);
        };
    }

    boolean namespaced() {
        return namespaced;
    }

    /// @param namespace empty for all
    String path(String namespace) {
        return group + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + resource;
    }
}
