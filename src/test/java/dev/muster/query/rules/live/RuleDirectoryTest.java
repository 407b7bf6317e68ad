package dev.muster.query.rules.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleDirectoryTest {
    private static final String RULES = "groups: [{name: g, rules: [{record: a, expr: '1'}]}]";
    private static final String OTHERS = "groups: [{name: g, rules: [{record: a, expr: '2'}]}]";

    @TempDir Path place;

    private void tell(RuleDirectory from, RuleDirectory to) throws Exception {
        for (RuleDirectory.Version version : from.versions()) {
            var _ = to.putReplica(version);
        }
    }

    @Test
    void nodesThatTellEachOtherHaveTheSameFiles() throws Exception {
        RuleDirectory one = new RuleDirectory(place.resolve("one"));
        RuleDirectory other = new RuleDirectory(place.resolve("other"));
        assertThat(one.put("mine", RULES, 1_000_000)).isTrue();
        tell(one, other);
        assertThat(other.text("mine")).contains(RULES);

        // a clock that is behind does not lose a change
        assertThat(other.put("mine", OTHERS, 900_000)).isFalse();
        tell(one, other);
        tell(other, one);
        assertThat(one.text("mine")).contains(OTHERS);

        assertThat(one.delete("mine", 2_000_000)).isTrue();
        tell(other, one);
        assertThat(one.text("mine")).isEmpty();
        tell(one, other);
        assertThat(other.names()).isEmpty();
        assertThat(other.put("mine", RULES, 1_500_000)).isTrue();
        tell(other, one);
        assertThat(one.text("mine")).contains(RULES);
        assertThat(one.versions())
                .containsExactly(new RuleDirectory.Version("mine", Optional.of(RULES), 2_000_001));
    }
}
