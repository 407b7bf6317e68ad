package dev.muster.agent.services.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrationReaderTest {
    static final String WHOLE =
            """
            {"id": "api-1", "name": "api", "address": "127.0.0.1", "port": 8080, "metricsPath": "/metrics",
             "scheme": "http", "interval": "5s", "tags": ["a", "b"],
             "meta": {"owner": "ann", "run-book": "https://x/y"},
             "check": {"http": "/health?a=b", "interval": "2s", "timeout": "500ms"}, "ttl": "30s",
             "deregisterCriticalServiceAfter": "1h"}
            """;

    private final RegistrationReader reader = new RegistrationReader(AddressRule.OF_THIS_HOST);

    private Registration read(String json) throws RegistrationException {
        return reader.read("api-1", RegistrationJson.parse(json));
    }

    private Registration consul(String json) throws RegistrationException {
        return new ConsulReader(reader).read(RegistrationJson.parse(json));
    }

    @Test
    void readsEveryField() throws RegistrationException {
        assertThat(read(WHOLE))
                .isEqualTo(
                        new Registration(
                                "api-1",
                                "api",
                                "127.0.0.1",
                                8080,
                                "/metrics",
                                "http",
                                Optional.of(Duration.ofSeconds(5)),
                                List.of("a", "b"),
                                Map.of("owner", "ann", "run-book", "https://x/y"),
                                Optional.of(
                                        new ServiceCheck.Http(
                                                false,
                                                "127.0.0.1",
                                                8080,
                                                "/health?a=b",
                                                Duration.ofSeconds(2),
                                                Duration.ofMillis(500))),
                                Optional.of(Duration.ofSeconds(30)),
                                Optional.of(Duration.ofHours(1))));
    }

    @Test
    void needsLittle() throws RegistrationException {
        Registration least = read("{\"name\": \"api\", \"port\": 1}");
        assertThat(least.instance()).isEqualTo("127.0.0.1:1");
        assertThat(least.isScraped()).isFalse();
        assertThat(least.isChecked()).isFalse();
    }

    @Test
    void writesWhatItReads() throws RegistrationException {
        for (String json :
                List.of(
                        WHOLE,
                        "{\"name\": \"x\", \"port\": 9, \"address\": \"::1\", \"check\": {\"tcp\":"
                                + " \":7\"}}",
                        "{\"name\": \"x\", \"port\": 9, \"check\": {\"http\":"
                                + " \"https://[::1]:8443/h\"}}")) {
            Registration read = read(json);
            assertThat(read(RegistrationJson.of(read).encode())).isEqualTo(read);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    [] | body must be a JSON object
                    {"name" | body must be a JSON object
                    {"port": 1} | name must be given
                    {"name": "x"} | port must be given
                    {"name": "x", "port": 0} | port must be a whole number from 1 to 65535: found=0
                    {"name": "x", "port": 1.5} | port must be a whole number from 1 to 65535: found=1.5
                    {"name": "x", "port": "1"} | port must be a whole number from 1 to 65535: found=text
                    {"name": 7, "port": 1} | name must be text: found=a number
                    {"name": "a\\u0000b", "port": 1} | name must have no control characters: index=1
                    {"name": "x", "port": 1, "id": "y"} | id must be that of the path: path=api-1, found=y
                    {"name": "x", "port": 1, "address": "169.254.169.254"} | address must be loopback or an address of this host
                    {"name": "x", "port": 1, "address": "example.org"} | address must be loopback or an address of this host
                    {"name": "x", "port": 1, "address": "a/b"} | address must be an address or a name: found=a/b
                    {"name": "x", "port": 1, "metricsPath": "metrics"} | metricsPath must begin with / and have no blanks: found=metrics
                    {"name": "x", "port": 1, "metricsPath": "/a b"} | metricsPath must begin with / and have no blanks
                    {"name": "x", "port": 1, "scheme": "ftp"} | scheme must be http or https: found=ftp
                    {"name": "x", "port": 1, "interval": "1ms"} | interval must be a duration from 250ms to 1d, such as 10s: found=1ms
                    {"name": "x", "port": 1, "ttl": "soon"} | ttl must be a duration from 1s to 1d
                    {"name": "x", "port": 1, "tags": "a"} | tags must be a list: found=text
                    {"name": "x", "port": 1, "tags": [1]} | tags[0] must be text: found=a number
                    {"name": "x", "port": 1, "meta": {"job": "x"}} | meta.job must not be a label of every target
                    {"name": "x", "port": 1, "meta": {"a-b": "x", "a.b": "y"}} | meta.a.b must become a label of its own: label=a_b, also of=a-b
                    {"name": "x", "port": 1, "meta": {"owner": {}}} | meta.owner must be text: found=an object
                    {"name": "x", "port": 1, "meta": []} | meta must be an object: found=a list
                    {"name": "x", "port": 1, "check": {}} | check must have one of http and tcp
                    {"name": "x", "port": 1, "check": {"http": "/", "tcp": ":1"}} | check must have one of http and tcp
                    {"name": "x", "port": 1, "check": {"http": "ftp://x/"}} | check.http must be a path or a URL of http or https
                    {"name": "x", "port": 1, "check": {"http": "http://u:p@127.0.0.1/"}} | check.http must be a path or a URL of http or https
                    {"name": "x", "port": 1, "check": {"http": "http://10.255.255.1/"}} | check.http must be loopback or an address of this host
                    {"name": "x", "port": 1, "check": {"http": "http://127.0.0.1:99999/"}} | check.http must have a port from 1 to 65535
                    {"name": "x", "port": 1, "check": {"tcp": "x"}} | check.tcp must be host:port: found=x
                    {"name": "x", "port": 1, "check": {"tcp": ":1", "timeout": "1h"}} | check.timeout must be a duration from 100ms to 1m
                    {"name": "x", "port": 1, "check": {"tcp": ":1", "every": "1h"}} | check.every is not known: known=
                    {"name": "x", "port": 1, "owner": "x"} | owner is not known: known=
                    """)
    void namesTheFieldAtFault(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(RegistrationException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void isBounded() {
        assertThatThrownBy(() -> read("{\"name\": \"" + "x".repeat(129) + "\", \"port\": 1}"))
                .hasMessage("name must have at most 128 characters: found=129");
        StringBuilder meta = new StringBuilder();
        for (int i = 0; i < 33; i++) {
            meta.append(i == 0 ? "" : ",").append("\"k").append(i).append("\": \"v\"");
        }
        assertThatThrownBy(() -> read("{\"name\": \"x\", \"port\": 1, \"meta\": {" + meta + "}}"))
                .hasMessage("meta must have at most 32 keys: found=33");
        assertThatThrownBy(() ->
                        read(
                                "{\"name\": \"x\", \"port\": 1, \"meta\": {\"k\": \""
                                        + "v".repeat(513)
                                        + "\"}}"))
                .hasMessage("meta.k must have at most 512 characters: found=513");
        assertThatThrownBy(() -> read("[".repeat(100_000)))
                .hasMessage("body must be nested at most 16 deep");
        assertThatThrownBy(() -> RegistrationReader.checkedId("id", "a b"))
                .hasMessageStartingWith("id must be 1 to 128 letters, digits");
    }

    @Test
    void readsConsulsShape() throws RegistrationException {
        assertThat(
                        consul(
                                """
                                {"ID": "web1", "Name": "web", "Tags": ["prometheus"], "Port": 80, "EnableTagOverride": true,
                                 "Meta": {"owner": "ann"}, "Weights": {"Passing": 10},
                                 "Check": {"HTTP": "http://localhost:80/h", "Interval": "10s", "Timeout": "1s",
                                           "DeregisterCriticalServiceAfter": "90m"},
                                 "Checks": [{"TTL": "15s"}]}
                                """))
                .isEqualTo(
                        new Registration(
                                "web1",
                                "web",
                                "127.0.0.1",
                                80,
                                "/metrics",
                                "http",
                                Optional.empty(),
                                List.of("prometheus"),
                                Map.of("owner", "ann"),
                                Optional.of(
                                        new ServiceCheck.Http(
                                                false,
                                                "localhost",
                                                80,
                                                "/h",
                                                Duration.ofSeconds(10),
                                                Duration.ofSeconds(1))),
                                Optional.of(Duration.ofSeconds(15)),
                                Optional.of(Duration.ofMinutes(90))));
        assertThat(consul("{\"name\": \"db\", \"port\": 5432}").id()).isEqualTo("db");
        assertThat(
                        consul(
                                        "{\"name\": \"db\", \"port\": 1, \"meta\":"
                                                + " {\"metrics_path\": \"/m\"}}")
                                .metricsPath())
                .isEqualTo("/m");
        assertThatThrownBy(() ->
                        consul("{\"Name\": \"x\", \"Port\": 1, \"Check\": {\"GRPC\": \"x\"}}"))
                .hasMessageStartingWith("Check.GRPC is a check that this agent does not carry");
    }

    @Test
    void survivesAnything() {
        SplittableRandom random = new SplittableRandom(Long.getLong("seed", 7));
        byte[] right = WHOLE.getBytes(StandardCharsets.UTF_8);
        String splices = "{}[]\",:\\u0000 -1e99 null true \ud83d\ude00 1234567890123456789012";
        int taken = 0;
        for (int round = 0; round < 10_000; round++) {
            StringBuilder text = new StringBuilder(new String(right, StandardCharsets.UTF_8));
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(text.length());
                int from = random.nextInt(splices.length());
                int to = from + random.nextInt(Math.min(8, splices.length() - from) + 1);
                text.replace(
                        at,
                        Math.min(text.length(), at + random.nextInt(6)),
                        splices.substring(from, to));
            }
            try {
                Registration read = read(text.toString());
                assertThat(read(RegistrationJson.of(read).encode())).isEqualTo(read);
                taken++;
            } catch (RegistrationException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
            try {
                consul(text.toString());
            } catch (RegistrationException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(taken).isPositive();
    }

    @Test
    void knowsTheAddressesOfThisHost() {
        assertThat(AddressRule.OF_THIS_HOST.allows("localhost")).isTrue();
        assertThat(AddressRule.OF_THIS_HOST.allows("127.0.0.9")).isTrue();
        assertThat(AddressRule.OF_THIS_HOST.allows("::1")).isTrue();
        assertThat(AddressRule.OF_THIS_HOST.allows("0.0.0.0")).isFalse();
        assertThat(AddressRule.OF_THIS_HOST.allows("8.8.8.8")).isFalse();
        assertThat(AddressRule.OF_THIS_HOST.allows("2130706433x")).isFalse();
    }
}
