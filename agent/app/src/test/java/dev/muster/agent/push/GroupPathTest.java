package dev.muster.agent.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.labels.Labels;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupPathTest {
    private static final int ROUNDS = Integer.getInteger("muster.fuzz.rounds", 20_000);
    private static final String[] PIECES = {
        "/",
        "//",
        "job",
        "@base64",
        "=",
        "==",
        "%2F",
        "%",
        "%zz",
        "%ff",
        "%00",
        "..",
        ".",
        "a",
        "_",
        "__name__",
        "instance",
        "Zm9v",
        "4pyT",
        "_-8",
        "+",
        "é",
        "?",
        "#",
        " ",
        "\ud83d\ude00",
        "/metrics/job/",
        "x".repeat(300)
    };

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    /metrics/job/a,                              '{job=\"a\"}'
                    /metrics/job/a/,                             '{job=\"a\"}'
                    /metrics/job/a/instance/b,                   '{instance=\"b\", job=\"a\"}'
                    /metrics/job@base64/L3Zhci90bXA,             '{job=\"/var/tmp\"}'
                    /metrics/job@base64/L3Zhci90bXA=,            '{job=\"/var/tmp\"}'
                    /metrics/job@base64/L3Zhci90bXA====,         '{job=\"/var/tmp\"}'
                    /metrics/job/a/p@base64/Pz4-,                '{job=\"a\", p=\"?>>\"}'
                    /metrics/job/a/p@base64/Pz4+,                '{job=\"a\", p=\"?>>\"}'
                    /metrics/job/a/p@base64/=,                   '{job=\"a\"}'
                    /metrics/job/a/p//q/r,                       '{job=\"a\", q=\"r\"}'
                    /metrics/job/a/p/%2Fvar%2F..,                '{job=\"a\", p=\"/var/..\"}'
                    /metrics/job/a/p/..,                         '{job=\"a\", p=\"..\"}'
                    /metrics/job%40base64/YQ,                    '{job=\"a\"}'
                    /metrics/job/a/job/b,                        '{job=\"a\"}'
                    /metrics/job/..%2f..%2fetc,                  '{job="../../etc"}'
                    /metrics/job/%2e%2e,                         '{job=".."}'
                    /metrics/job/a/x/1/x/2,                      '{job=\"a\", x=\"2\"}'
                    /metrics/job/%C3%A9,                         '{job=\"é\"}'
                    """)
    void readsKeys(String path, String labels) throws PushException {
        GroupKey key = GroupPath.parse(path);
        assertThat(key.labels()).hasToString(labels);
        assertThat(GroupPath.parse(key.path())).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    /metrics/job,                       job name is required
                    /metrics/job/,                      job name is required
                    /metrics/job//a/b,                  job name is required
                    /metrics/jobs/a,                    path must begin with /metrics/job
                    /metrics/job/a/b,                   odd number of components
                    /metrics/job/a/b/c/,                odd number of components
                    /metrics/job/a/1b/c,                label name must be letters
                    /metrics/job/a/__b/c,               label name must be letters
                    /metrics/job/a/b%2Fc/d,             label name must be letters
                    /metrics/job/a/../b,                label name must be letters
                    /metrics/job/a/b@base64/L,          invalid base64 encoding of a label: name=b
                    /metrics/job/a/b@base64/_-8,        value of a label must be UTF-8
                    /metrics/job/%ff,                   value of a label must be UTF-8
                    /metrics/job/%4,                    percent sign must be followed
                    """)
    void refusesOthers(String path, String message) {
        assertThatThrownBy(() -> GroupPath.parse(path))
                .isInstanceOf(PushException.class)
                .hasMessageContaining(message);
    }

    @Test
    void groupsMeetWhereNoLabelTellsThemApart() {
        GroupKey job = key("job", "a");
        assertThat(job.meets(key("job", "a", "instance", "b"))).isTrue();
        assertThat(key("job", "a", "instance", "b").meets(key("job", "a", "instance", "c")))
                .isFalse();
        assertThat(job.meets(key("job", "b"))).isFalse();
    }

    private static GroupKey key(String... labels) {
        return new GroupKey(Labels.of(labels));
    }

    /// Whatever comes, it is a key whose own path reads back, or it is refused.
    @Test
    void holdsAgainstAnyPath() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder path = new StringBuilder(random.nextInt(4) == 0 ? "" : "/metrics/job/");
            for (int i = random.nextInt(8); i >= 0; i--) {
                path.append(PIECES[random.nextInt(PIECES.length)]);
                if (random.nextBoolean()) {
                    path.append('/');
                }
            }
            try {
                GroupKey key = GroupPath.parse(path.toString());
                assertThat(GroupPath.parse(key.path()))
                        .as("seed=%s path=%s", seed, path)
                        .isEqualTo(key);
            } catch (PushException e) {
                assertThat(e.fault()).as("seed=%s path=%s", seed, path).isEqualTo(PushFault.PATH);
            }
        }
    }
}
