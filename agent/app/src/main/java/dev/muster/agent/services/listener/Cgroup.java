package dev.muster.agent.services.listener;

import java.util.List;

/// What a process belongs to, as its control group says.
///
/// @param path the group's path
/// @param unit systemd's unit; empty where there is none
/// @param containerId empty outside of containers
/// @param podUid Kubernetes' identifier of the pod; empty outside of pods
record Cgroup(String path, String unit, String containerId, String podUid) {
    /*
     * Lines of /proc/<pid>/cgroup are hierarchy:controllers:path, one for version 2 ("0::/a/b"), one
     * for each hierarchy of version 1. systemd keeps units in version 2's or in "name=systemd";
     * container runtimes without systemd write the same path to all hierarchies. Names seen:
     *   /system.slice/nginx.service                           a unit
     *   /user.slice/user-1000.slice/user@1000.service/app.slice/web.service
     *   /system.slice/docker-<id>.scope, /docker/<id>         Docker
     *   /machine.slice/libpod-<id>.scope[/container]          Podman
     *   /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod<uid>.slice/
     *       cri-containerd-<id>.scope, crio-<id>.scope        Kubernetes with systemd; - in uid is _
     *   /kubepods/besteffort/pod<uid>/<id>                    Kubernetes without
     */
    static final Cgroup NONE = new Cgroup("", "", "", "");

    private static final int ID_LENGTH = 64;
    private static final int PATH_LIMIT = 512;

    /// @param text content of `/proc/<pid>/cgroup`
    static Cgroup parse(String text) {
        String best = "";
        int bestRank = -1;
        for (String line : text.split("\n", -1)) {
            int first = line.indexOf(':');
            int second = first < 0 ? -1 : line.indexOf(':', first + 1);
            if (second < 0) {
                continue;
            }
            String path = line.substring(second + 1);
            int rank = rank(line.substring(first + 1, second), path);
            if (rank > bestRank) {
                best = path;
                bestRank = rank;
            }
        }
        return ofPath(best);
    }

    private static int rank(String controllers, String path) {
        if (path.length() < 2) {
            return 0;
        }
        if (!containerId(components(path)).isEmpty()) {
            return 3;
        }
        return controllers.isEmpty() || controllers.equals("name=systemd") ? 2 : 1;
    }

    static Cgroup ofPath(String path) {
        List<String> components = components(path);
        return new Cgroup(
                path.length() <= PATH_LIMIT ? path : path.substring(0, PATH_LIMIT),
                unit(components),
                containerId(components),
                podUid(components));
    }

    private static List<String> components(String path) {
        return List.of(path.split("/", -1));
    }

    private static String unit(List<String> components) {
        for (String name : components.reversed()) {
            if (name.endsWith(".service") && name.length() <= 256) {
                return name;
            }
        }
        for (String name : components.reversed()) {
            if (name.endsWith(".scope") && id(name).isEmpty() && name.length() <= 256) {
                return name;
            }
        }
        return "";
    }

    private static String containerId(List<String> components) {
        for (String name : components.reversed()) {
            String id = id(name);
            if (!id.isEmpty() && !name.contains("conmon")) {
                return id;
            }
        }
        return "";
    }

    private static String id(String name) {
        String stem = name.endsWith(".scope") ? name.substring(0, name.length() - 6) : name;
        String tail = stem.substring(Math.max(stem.lastIndexOf('-'), stem.lastIndexOf(':')) + 1);
        return tail.length() == ID_LENGTH && isHex(tail, "") ? tail : "";
    }

    private static String podUid(List<String> components) {
        for (String name : components.reversed()) {
            String stem = name.endsWith(".slice") ? name.substring(0, name.length() - 6) : name;
            int at = stem.lastIndexOf("pod");
            if (at < 0 || (at > 0 && stem.charAt(at - 1) != '-')) {
                continue;
            }
            String uid = stem.substring(at + 3);
            // a UUID, or the hash of a pod that stands in a file
            if ((uid.length() == 36 || uid.length() == 32) && isHex(uid, "_-")) {
                return uid.replace('_', '-');
            }
        }
        return "";
    }

    private static boolean isHex(String text, String others) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && others.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
