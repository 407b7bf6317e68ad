package dev.muster.agent.intake.influx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.intake.IntakeRig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfluxWriteTest {
    private static final long NOW = IntakeRig.NOW_MS;

    @TempDir Path directory;
    private IntakeRig rig;
    private InfluxWrite influx;

    @BeforeEach
    void open() throws IOException {
        rig = new IntakeRig(directory.resolve("head"));
        influx = new InfluxWrite(rig.intake, () -> Instant.ofEpochMilli(NOW));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private PushAnswer write(String body, Map<String, String> parameters)
            throws PushRefusedException {
        return influx.handle(
                IntakeRig.request("/write", parameters, body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void eachFieldThatIsANumberBecomesASample() throws Exception {
        PushAnswer answer =
                write(
                        "# a remark\n"
                                + "cpu,zone=a\\ b,core=1 usage=1.5,busy=3i,on=true,name=\"a,"
                                + " b=\\\"c\\\"\" "
                                + NOW * 1_000_000
                                + "\n\nmem\\,x free=2u\n",
                        Map.of("db", "telegraf"));
        assertThat(answer.status()).isEqualTo(204);
        String labels = "{core=\"1\", db=\"telegraf\", host=\"h1\", zone=\"a b\"}";
        assertThat(rig.samples())
                .containsEntry("cpu_usage" + labels, List.of(1.5))
                .containsEntry("cpu_busy" + labels, List.of(3.0))
                .containsEntry("cpu_on" + labels, List.of(1.0))
                .hasSize(4);
        assertThat(rig.samples().keySet().toString()).contains("mem,x_free");
    }

    @Test
    void countsTimesAsTheQuerySays() throws Exception {
        write("a v=1 " + NOW / 1_000, Map.of("precision", "s"));
        assertThat(rig.columns("a_v").timestampsMs()[0]).isEqualTo(NOW);
        assertThatThrownBy(() -> write("a v=1", Map.of("precision", "fortnight")))
                .hasMessage("precision must be ns, us, ms, s, m or h");
    }

    @Test
    void writesTheOtherLinesWhereSomeAreWrong() throws Exception {
        PushAnswer answer = write("a v=1\nb\nc v=x\n,t=1 v=1\nd,t v=1\n", Map.of());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .startsWith("{\"code\":\"invalid\",\"message\":\"partial write: samples refused:")
                .contains("value=4");
        assertThat(rig.samples()).containsOnlyKeys("a_v{host=\"h1\"}");
    }

    private static PushAnswer ask(Map<String, String> parameters, String body)
            throws PushRefusedException {
        return new InfluxQuery()
                .handle(
                        IntakeRig.request(
                                "/query", parameters, body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void answersWhatClientsAskBeforeTheyWrite() throws Exception {
        PushAnswer made = ask(Map.of("q", "CREATE DATABASE \"telegraf\""), "");
        assertThat(made.status()).isEqualTo(200);
        assertThat(made.text()).isEqualTo("{\"results\":[{\"statement_id\":0}]}");
        assertThat(ask(Map.of(), "db=x&q=create+database+x").status()).isEqualTo(200);
        assertThat(ask(Map.of("q", "SHOW DATABASES"), "").text()).contains("\"databases\"");
        assertThatThrownBy(() -> ask(Map.of("q", "SELECT * FROM cpu"), ""))
                .hasMessageContaining("data is asked by PromQL");
        assertThatThrownBy(() -> ask(Map.of(), "q=%zz")).hasMessageContaining("q must be encoded");
        assertThatThrownBy(() -> ask(Map.of(), "")).hasMessage("parameter q must be there");
    }

    @Test
    void survivesTextOfAnyKind() throws Exception {
        String good = "cpu,zone=a\\ b usage=1.5,busy=3i,name=\"x\\\"y\" " + NOW * 1_000_000 + "\n";
        long seed = Long.getLong("seed", 20_263);
        Random random = new Random(seed);
        String alphabet = ",= \\\"\n#\u00e4\u0000i1.-";
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder(good).append(good);
            for (int i = random.nextInt(5); i >= 0; i--) {
                text.setCharAt(
                        random.nextInt(text.length()),
                        alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(write(text.toString(), Map.of()).status())
                    .as("seed=%d round=%d", seed, round)
                    .isIn(204, 400);
        }
    }
}
