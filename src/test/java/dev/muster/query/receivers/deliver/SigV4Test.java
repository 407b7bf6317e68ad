package dev.muster.query.receivers.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.query.receivers.http.Call;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SigV4Test {
    /// The example of Amazon's own documentation of Signature Version 4.
    @Test
    void signsTheDocumentedExample() {
        Call call =
                new Call(
                        "GET",
                        URI.create(
                                "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"),
                        new TreeMap<>(
                                Map.of(
                                        "Content-Type",
                                        "application/x-www-form-urlencoded; charset=utf-8")),
                        "",
                        Duration.ofSeconds(1));
        SigV4 signer =
                new SigV4(
                        "AKIDEXAMPLE",
                        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                        Optional.empty(),
                        "us-east-1",
                        "iam");
        Call signed = signer.signed(call, Instant.parse("2015-08-30T12:36:00Z"));
        assertThat(signed.headers().get("Authorization"))
                .endsWith("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
        assertThat(signed.headers().get("X-Amz-Date")).isEqualTo("20150830T123600Z");
    }
}
