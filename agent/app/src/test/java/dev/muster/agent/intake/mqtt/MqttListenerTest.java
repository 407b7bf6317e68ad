package dev.muster.agent.intake.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.ChannelState;
import dev.muster.agent.intake.IntakeRig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against mosquitto, where it is installed.
class MqttListenerTest {
    @TempDir Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static Path program(String name) {
        Optional<Path> found =
                Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")
                        .map(place -> Path.of(place, name))
                        .filter(Files::isExecutable)
                        .findFirst();
        Assumptions.assumeTrue(
                found.isPresent(),
                name + " must be installed: apt-get install mosquitto mosquitto-clients");
        return found.orElseThrow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process broker(int port) throws IOException {
        Path config =
                Files.writeString(
                        directory.resolve("mosquitto.conf"),
                        "listener " + port + " 127.0.0.1\nallow_anonymous true\n");
        Process process =
                new ProcessBuilder(program("mosquitto").toString(), "-c", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        open.add(() -> process.destroyForcibly().waitFor());
        await().until(() -> answers(port));
        return process;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void publish(int port, String topic, String payload) throws Exception {
        end(publisher(port, topic, "-q", "1", "-m", payload));
    }

    private static void publishAll(int port, String topic, int count) throws Exception {
        Process process = publisher(port, topic, "-l");
        try (Writer lines = process.outputWriter(StandardCharsets.UTF_8)) {
            for (int i = 0; i < count; i++) {
                lines.write(i + "\n");
            }
        }
        end(process);
    }

    private static Process publisher(int port, String topic, String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program("mosquitto_pub").toString());
        command.addAll(List.of("-p", String.valueOf(port), "-t", topic));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void end(Process process) throws InterruptedException {
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static String metrics(MqttListener listener) {
        ExpositionWriter out = new ExpositionWriter();
        listener.writeMetrics(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    private IntakeRig rig(String name) throws Exception {
        IntakeRig rig = new IntakeRig(directory.resolve(name));
        open.add(rig);
        return rig;
    }

    private MqttListener connected(int port, IntakeRig rig) {
        return connected(port, rig, 100);
    }

    private MqttListener connected(int port, IntakeRig rig, int bufferLimit) {
        MqttListener listener = listener(port, rig, bufferLimit);
        open.add(listener);
        await().until(() -> metrics(listener).contains("muster_mqtt_connected 1"));
        return listener;
    }

    private MqttListener listener(int port, IntakeRig rig, int bufferLimit) {
        return new MqttListener(
                vertx,
                new MqttPlan(
                        URI.create("tcp://127.0.0.1:" + port),
                        List.of(
                                new TopicTemplate("plant/{line}/{__name__}"),
                                new TopicTemplate("home/#")),
                        "test",
                        "",
                        Optional.empty(),
                        bufferLimit),
                rig.intake,
                () -> Instant.ofEpochMilli(rig.nowMs.get()));
    }

    /// What was not stored was not acknowledged, so the broker still has it for who comes next.
    @Test
    void getsAgainWhatItCouldNotStore() throws Exception {
        int port = freePort();
        broker(port);
        IntakeRig broken = rig("broken");
        broken.intake.close();
        MqttListener first = connected(port, broken);
        publish(port, "plant/l1/temp", "21.5");
        await().until(() -> metrics(first).contains("muster_mqtt_messages_total 1"));
        open.removeLast().close();
        IntakeRig rig = rig("head");
        MqttListener second = connected(port, rig);
        await().untilAsserted(() ->
                assertThat(rig.samples())
                        .containsEntry(
                                "temp{host=\"h1\", job=\"mqtt\", line=\"l1\"}", List.of(21.5)));
        assertThat(second.channel().dropped()).isZero();
    }

    @Test
    void storesWhatDevicesPublishAndGoesOnWhenTheBrokerWasAway() throws Exception {
        int port = freePort();
        Process broker = broker(port);
        IntakeRig rig = rig("head");
        MqttListener listener = connected(port, rig);
        publish(port, "plant/l1/temp", "21.5");
        publish(port, "plant/l1/air", "{\"co2\":400,\"deep\":{\"ok\":true},\"name\":\"x\"}");
        publish(port, "home/door", "on");
        publish(port, "home/door", "ajar");
        await().untilAsserted(() ->
                assertThat(rig.samples())
                        .containsEntry(
                                "temp{host=\"h1\", job=\"mqtt\", line=\"l1\"}", List.of(21.5))
                        .containsEntry(
                                "air_co2{host=\"h1\", job=\"mqtt\", line=\"l1\"}", List.of(400.0))
                        .containsEntry(
                                "air_deep_ok{host=\"h1\", job=\"mqtt\", line=\"l1\"}", List.of(1.0))
                        .containsEntry(
                                "mqtt_value{host=\"h1\", job=\"mqtt\", topic=\"home/door\"}",
                                List.of(1.0)));
        await().until(() -> metrics(listener).contains("muster_mqtt_unreadable_total 1"));
        broker.destroyForcibly().waitFor();
        await().until(() -> metrics(listener).contains("muster_mqtt_connected 0"));
        broker(port);
        await().until(() -> metrics(listener).contains("muster_mqtt_connected 1"));
        publish(port, "plant/l2/temp", "3");
        await().untilAsserted(() ->
                assertThat(rig.samples())
                        .containsKey("temp{host=\"h1\", job=\"mqtt\", line=\"l2\"}"));
    }

    /// Of quality 0 the newest are dropped when the buffer is full, and counted; the others are
    /// stored.
    @Test
    void dropsTheNewestBeyondItsBuffer() throws Exception {
        int port = freePort();
        broker(port);
        IntakeRig rig = rig("head");
        MqttListener listener = connected(port, rig, 10);
        Runnable release = rig.hold();
        publishAll(port, "plant/l1/temp", 200);
        await().until(() -> metrics(listener).contains("muster_mqtt_messages_total 200\n"));
        ChannelState full = listener.channel();
        assertThat(full.limit()).isEqualTo(10);
        assertThat(full.depth()).isLessThanOrEqualTo(10);
        assertThat(full.overflow()).isEqualTo("buffer_then_drop_newest");
        assertThat(full.sent() + full.dropped()).isEqualTo(200);
        assertThat(full.dropped()).isGreaterThan(150);
        assertThat(metrics(listener))
                .contains("muster_mqtt_dropped_total " + full.dropped() + "\n");
        release.run();
        await().until(() -> listener.channel().depth() == 0);
        publish(port, "plant/l2/temp", "7");
        await().untilAsserted(() ->
                assertThat(rig.samples())
                        .containsKey("temp{host=\"h1\", job=\"mqtt\", line=\"l2\"}")
                        .containsKey("temp{host=\"h1\", job=\"mqtt\", line=\"l1\"}"));
    }

    /// A broker keeps a message of quality 1 until it is acknowledged: one that is too large is, or
    /// nothing would ever come after it.
    @Test
    void aMessageThatIsTooLargeStopsNothing() throws Exception {
        int port = freePort();
        broker(port);
        IntakeRig rig = rig("head");
        MqttListener listener = connected(port, rig);
        Path large = Files.writeString(directory.resolve("large"), "1".repeat((1 << 20) + 1));
        end(publisher(port, "home/large", "-q", "1", "-f", large.toString()));
        await().until(() -> metrics(listener).contains("muster_mqtt_oversized_total 1\n"));
        publish(port, "plant/l1/temp", "3");
        await().untilAsserted(() -> assertThat(rig.samples()).hasSize(1));
        assertThat(metrics(listener))
                .contains("muster_mqtt_connects_total 1\n")
                .contains("muster_mqtt_oversized_total 1\n");
    }

    @Test
    void namesTheLevelsOfTopics() {
        TopicTemplate template = new TopicTemplate("a/{b}/+/{c}");
        assertThat(template.filter()).isEqualTo("a/+/+/+");
        assertThat(template.labels("a/1/2/3").orElseThrow().toString())
                .isEqualTo("{b=\"1\", c=\"3\", topic=\"a/1/2/3\"}");
        assertThat(template.labels("a/1/2")).isEmpty();
        assertThat(template.labels("x/1/2/3")).isEmpty();
        assertThatThrownBy(() -> new TopicTemplate("a/b{c}"))
                .hasMessage("mqtt-topics must be levels, {label}, + or a last #: found=a/b{c}");
    }

    private static Optional<Payload> payload(String text) {
        return Payload.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsNumbersAndObjects() {
        assertThat(payload(" -1.5e3 ")).contains(new Payload(Map.of("", -1500.0), 0));
        assertThat(payload("{\"ts\":1700000000,\"v\":1}"))
                .contains(new Payload(Map.of("v", 1.0), 1_700_000_000_000L));
        assertThat(payload("{\"time\":\"2023-11-14T22:13:20Z\",\"v\":1}"))
                .contains(new Payload(Map.of("v", 1.0), 1_700_000_000_000L));
        assertThat(payload("{\"v\":")).isEmpty();
        assertThat(payload("")).isEmpty();
        assertThat(Payload.of(new byte[] {(byte) 0xff})).isEmpty();
    }
}
