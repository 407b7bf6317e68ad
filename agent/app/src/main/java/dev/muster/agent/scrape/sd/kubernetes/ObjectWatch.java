package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.sd.JsonView;
import dev.muster.agent.scrape.sd.Pauses;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Keeps a copy of the objects of one kind: lists them, then follows what changes. Has a thread of
/// its own; the copy may be read from any.
final class ObjectWatch<T> {
    /*
     * A list has a version, and so has each object; a watch tells what happened after a version. It
     * ends now and then, and goes on from the last version seen; bookmarks are events that tell
     * nothing but a version, so that the last one is never old. A version that the server no longer
     * knows is 410, as a status or as an event: then the objects are listed anew, and the copy is
     * replaced at once, so that nothing is lost between. The same is done after any failure.
     */
    private static final long FIRST_PAUSE_MS = 1_000;
    private static final long LONGEST_PAUSE_MS = 30_000;
    private static final int PAGE_SIZE = 250;

    /// Takes from an object what is needed of it.
    @FunctionalInterface
    interface Shape<T> {
        /// @return null if nothing is
        @Nullable T of(JsonView object) throws IOException;
    }

    /// Hears of the copy. Must not block.
    interface Listener {
        void changed();

        void failed(String error);
    }

    private final KubernetesApi api;
    private final String path;
    private final Map<String, String> parameters = new TreeMap<>();
    private final Shape<T> shape;
    private final DiscoveryContext context;
    private final Listener listener;
    private final boolean few;
    private final Thread thread;

    private volatile Map<String, T> objects = Map.of();
    private volatile boolean listed;
    private volatile String error = "";

    /// @param few the objects are so few that they are listed at once, from the server's memory
    ObjectWatch(
            KubernetesApi api,
            String path,
            KubernetesTargets.Selector selector,
            boolean few,
            Shape<T> shape,
            DiscoveryContext context,
            Listener listener) {
        this.api = api;
        this.path = path;
        this.few = few;
        this.shape = shape;
        this.context = context;
        this.listener = listener;
        if (!selector.label().isEmpty()) {
            parameters.put("labelSelector", selector.label());
        }
        if (!selector.field().isEmpty()) {
            parameters.put("fieldSelector", selector.field());
        }
        thread = context.threads().newThread(this::run);
    }

    void start() {
        thread.start();
    }

    /// The objects by namespace and name; not changed any more.
    Map<String, T> objects() {
        return objects;
    }

    /// Have they been listed once?
    boolean listed() {
        return listed;
    }

    /// Why it could not follow last; empty if it can.
    String error() {
        return error;
    }

    void stop() {
        thread.interrupt();
    }

    private void run() {
        String version = "";
        long pauseMs = FIRST_PAUSE_MS;
        while (true) {
            try {
                if (version.isEmpty()) {
                    version = list();
                    error = "";
                    listener.changed();
                }
                version = follow(version);
                pauseMs = FIRST_PAUSE_MS;
            } catch (InterruptedException e) {
                return;
            } catch (KubernetesApi.GoneException e) {
                version = "";
            } catch (IOException | RuntimeException e) {
                version = "";
                error = String.valueOf(e.getMessage());
                listener.failed(error);
                pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
            }
            try {
                Pauses.await(context.timers(), pauseMs);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// @return the version of the list
    private String list() throws IOException, InterruptedException {
        Map<String, T> all = new TreeMap<>();
        Map<String, String> page = new TreeMap<>(parameters);
        page.put(few ? "resourceVersion" : "limit", few ? "0" : Integer.toString(PAGE_SIZE));
        while (true) {
            JsonView answer = api.list(path, page);
            for (JsonView item : answer.objects("items")) {
                @Nullable T object = shape.of(item);
                if (object != null) {
                    all.put(ObjectMeta.key(item), object);
                }
            }
            JsonView meta = answer.object("metadata");
            String rest = meta.text("continue");
            if (rest.isEmpty()) {
                objects = all;
                listed = true;
                return meta.text("resourceVersion");
            }
            page.put("continue", rest);
        }
    }

    /// @return the last version seen
    private String follow(String from) throws IOException, InterruptedException {
        String[] version = {from};
        Map<String, String> watch = new HashMap<>(parameters);
        watch.put("resourceVersion", from);
        api.watch(
                path,
                watch,
                line -> {
                    version[0] = take(JsonView.object(line, path + " event"));
                    return true;
                });
        return version[0];
    }

    /// @return the version of the event
    private String take(JsonView event) throws IOException {
        JsonView object = event.object("object");
        switch (event.text("type")) {
            case "ADDED", "MODIFIED" -> change(object, false);
            case "DELETED" -> change(object, true);
            case "BOOKMARK" -> {}
            case "ERROR" -> throw failure(object);
            default -> throw event.error("type must be known: found=" + event.text("type"));
        }
        return object.object("metadata").text("resourceVersion");
    }

    private void change(JsonView item, boolean gone) throws IOException {
        String key = ObjectMeta.key(item);
        @Nullable T now = gone ? null : shape.of(item);
        if (Objects.equals(objects.get(key), now)) {
            return;
        }
        Map<String, T> changed = new TreeMap<>(objects);
        if (now == null) {
            changed.remove(key);
        } else {
            changed.put(key, now);
        }
        objects = changed;
        listener.changed();
    }

    private IOException failure(JsonView status) throws IOException {
        return status.number("code") == KubernetesApi.GONE
                ? new KubernetesApi.GoneException(path + ": version is gone")
                : new IOException(path + ": watch failed: " + status.text("message"));
    }
}
