package dev.muster.agent.push;

import dev.muster.model.labels.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What tells one group of pushed metrics from another: the job and further labels.
///
/// @param labels `job` among them; a label without a value is none
public record GroupKey(Labels labels) implements Comparable<GroupKey> {
    static final String JOB = "job";

    public GroupKey {
        if (labels.get(JOB) == null) {
            throw new IllegalArgumentException("group must have a job: found=" + labels);
        }
    }

    public String job() {
        return labels.valueOf(JOB);
    }

    /// Could a series belong to both groups? Not if they give a label different values.
    boolean meets(GroupKey other) {
        for (int i = 0; i < labels.size(); i++) {
            String theirs = other.labels.get(labels.name(i));
            if (theirs != null && !theirs.equals(labels.value(i))) {
                return false;
            }
        }
        return true;
    }

    /// Where the group is pushed to: `/metrics/job/backup/instance/db-1`. Values that a path cannot
    /// have stand there in base64.
    public String path() {
        StringBuilder path = new StringBuilder("/metrics");
        add(path, JOB, job());
        labels.forEach((name, value) -> {
            if (!name.equals(JOB)) {
                add(path, name, value);
            }
        });
        return path.toString();
    }

    private static void add(StringBuilder path, String name, String value) {
        boolean plain = !value.equals(".") && !value.equals("..");
        for (int i = 0; plain && i < value.length(); i++) {
            char c = value.charAt(i);
            plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || "-._~:@!,=".indexOf(c) >= 0;
        }
        path.append('/').append(name);
        if (plain) {
            path.append('/').append(value);
        } else {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            path.append(GroupPath.BASE64)
                    .append('/')
                    .append(Base64.getUrlEncoder().withoutPadding().encodeToString(utf8));
        }
    }

    @Override
    public int compareTo(GroupKey other) {
        return labels.compareTo(other.labels);
    }
}
