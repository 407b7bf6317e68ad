package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.sd.JsonView;
import dev.muster.agent.scrape.sd.LabelNames;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.util.Map;

/// What every object of Kubernetes has, as far as targets are concerned.
///
/// @param namespace empty for objects of the whole cluster
/// @param labels by name
/// @param annotations by name
/// @param controllerKind kind of the object that controls it; empty if there is none
/// @param controllerName name of that object
record ObjectMeta(
        String namespace,
        String name,
        String uid,
        Map<String, String> labels,
        Map<String, String> annotations,
        String controllerKind,
        String controllerName) {
    static final String PREFIX = "__meta_kubernetes_";
    static final String NAMESPACE = PREFIX + "namespace";

    ObjectMeta {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    static ObjectMeta of(JsonView object) throws IOException {
        JsonView meta = object.object("metadata");
        String kind = "";
        String name = "";
        for (JsonView owner : meta.objects("ownerReferences")) {
            if (owner.flag("controller", false)) {
                kind = owner.text("kind");
                name = owner.text("name");
            }
        }
        return new ObjectMeta(
                meta.text("namespace"),
                meta.text("name"),
                meta.text("uid"),
                meta.words("labels"),
                meta.words("annotations"),
                kind,
                name);
    }

    /// The key of an object that is not looked at further.
    static String key(JsonView object) throws IOException {
        JsonView meta = object.object("metadata");
        return meta.text("namespace") + "/" + meta.text("name");
    }

    /// What tells it from others of its role.
    String key() {
        return namespace + "/" + name;
    }

    /// Sets the labels that objects of a role give: name, labels and annotations.
    void addTo(Labels.Builder target, String role) {
        target.set(PREFIX + role + "_name", name);
        labels.forEach((key, value) -> add(target, role, "label", key, value));
        annotations.forEach((key, value) -> add(target, role, "annotation", key, value));
    }

    private static void add(
            Labels.Builder target, String role, String what, String key, String value) {
        String name = LabelNames.of(key);
        target.set(PREFIX + role + "_" + what + "_" + name, value);
        target.set(PREFIX + role + "_" + what + "present_" + name, "true");
    }
}
