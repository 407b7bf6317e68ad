package dev.muster.agent.scrape.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrapePoolTextTest {
    private static final String FILE =
            """
            global:
              scrape_interval: 5s
              sample_limit: 900
            scrape_configs:
            - job_name: other
            - job_name: shop
              scrape_timeout: 2s
              honor_labels: true
              basic_auth: {username: ann, password: hunter2}
              proxy_url: http://ann:hunter2@proxy:3128
              http_headers:
                X-Plain: {values: [shown]}
                X-Key: {secrets: [hunter2, hunter3]}
              params:
                module: ["1"]
              tls_config: {key: hunter2, cert_file: c.pem, insecure_skip_verify: true}
              consul_sd_configs:
              - {server: 'c:8500', token: hunter2}
              static_configs:
              - targets: ['a:1', "b:2"]
                labels: {team: 'a: b', port: '80'}
              relabel_configs:
              - {action: drop, regex: 'x"y', source_labels: [__address__]}
            """;

    @TempDir private Path directory;

    private ScrapeJob job(Path file, String name) throws YamlException {
        return ScrapeFile.read(
                        file,
                        new ScrapeDefaults(
                                new ScrapeTiming(
                                        java.time.Duration.ofSeconds(1),
                                        java.time.Duration.ofSeconds(1)),
                                ScrapeLimits.NONE))
                .jobs()
                .stream()
                .filter(job -> job.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void saysWhatHoldsAndHidesSecrets() throws IOException {
        Path file = Files.writeString(directory.resolve("p.yml"), FILE);
        String text = ScrapePoolText.of(job(file, "shop"));
        assertThat(text)
                .startsWith("job_name: shop\nhonor_labels: true\nhonor_timestamps: true\n")
                .contains("\nscrape_interval: 5s\nscrape_timeout: 2s\n")
                .contains("\nscrape_protocols:\n- ")
                .contains("\nmetrics_path: /metrics\nscheme: http\n")
                .contains("\nsample_limit: 900\n")
                .contains("username: ann\n  password: <secret>\n")
                .contains("proxy_url: http://ann:xxxxx@proxy:3128\n")
                .contains("secrets:\n    - <secret>\n    - <secret>\n")
                .contains("values:\n    - shown\n")
                .contains("key: <secret>\n  cert_file: c.pem\n")
                .contains("token: <secret>\n")
                .doesNotContain("hunter");
    }

    @Test
    void isReadAsTheSameJobAgain() throws IOException {
        Path file = Files.writeString(directory.resolve("p.yml"), FILE);
        ScrapeJob job = job(file, "shop");
        String item =
                ScrapePoolText.of(job)
                        .lines()
                        .map(line -> "  " + line + "\n")
                        .reduce("", (a, b) -> a + b);
        Path again =
                Files.writeString(
                        directory.resolve("again.yml"), "scrape_configs:\n-" + item.substring(1));
        ScrapeJob other = job(again, "shop");
        assertThat(other.timing()).isEqualTo(job.timing());
        assertThat(other.limits()).isEqualTo(job.limits());
        assertThat(other.formats()).isEqualTo(job.formats());
        assertThat(other.params()).isEqualTo(job.params());
        assertThat(other.relabel().getFirst().action())
                .isEqualTo(job.relabel().getFirst().action());
        assertThat(other.discoveries()).hasSameSizeAs(job.discoveries());
        assertThat(ScrapePoolText.of(other)).isEqualTo(ScrapePoolText.of(job));
    }

    @Test
    void aJobThatIsGoneFromTheFileSaysWhatHoldsAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("p.yml"), FILE);
        ScrapeJob job = job(file, "shop");
        Files.writeString(file, "scrape_configs: []\n");
        assertThat(ScrapePoolText.of(job))
                .contains("scrape_interval: 5s\n")
                .doesNotContain("static_configs");
        Files.delete(file);
        assertThat(ScrapePoolText.of(job)).contains("job_name: shop\n");
    }
}
