package dev.muster.blocks.bucket;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data",
                "ftp://x",
                "file://host/x",
                "file:x",
                "s3://",
                "s3://A",
                "s3://ok/../x"
            })
    void refusesWhatIsNoBucket(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Buckets.open(BucketConfig.of(url)))
                .withMessageStartingWith("bucket ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:9000", "ftp://x", "http://u:pass@h", "http://h/path", "http:// "})
    void refusesWhatIsNoEndpoint(String endpoint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Buckets.open(BucketConfig.of("s3://metrics").withEndpoint(endpoint, "")))
                .withMessageStartingWith("bucket endpoint: must be")
                .satisfies(e ->
                        org.assertj.core.api.Assertions.assertThat(e.getMessage())
                                .doesNotContain("pass"));
    }

    @Test
    void namesTheSchemesItKnows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Buckets.open(BucketConfig.of("gs://x")))
                .withMessage(
                        "bucket url: must be file:///directory, s3://bucket/prefix or memory: :"
                                + " found=gs://x");
    }
}
