package dev.muster.federation.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.federation.detect.DetectorConfig;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.CellView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/// One agent on loopback: its HTTP port, and its part in the cell.
final class TestAgent implements AutoCloseable {
    static final DetectorConfig QUICK = DetectorConfig.defaults().withSettle(Duration.ofSeconds(2));

    final CellConfig config;
    private final HttpServer http;
    private final Cell cell;
    private volatile boolean datagramsBlocked;

    private TestAgent(CellConfig config, HttpServer http) {
        this.config = config;
        this.http = http;
        this.cell =
                Cell.join(config, InstantSource.system(), QUICK, (peer, out) -> !datagramsBlocked);
        http.createContext("/api/v1/cell/manifest", this::manifest);
    }

    static TestAgent start(
            String host, int port, List<String> seeds, Path directory, Optional<String> secret) {
        return start(
                host,
                port,
                seeds,
                directory,
                config ->
                        secret.map(config::withSecret)
                                .orElse(config)
                                .withUdpPort(OptionalInt.of(0)));
    }

    /// @param change what is not as usual; datagrams go by the number of the member port
    static TestAgent start(
            String host,
            int port,
            List<String> seeds,
            Path directory,
            UnaryOperator<CellConfig> change) {
        try {
            var http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext(
                    "/-/healthy",
                    exchange -> {
                        exchange.sendResponseHeaders(200, -1);
                        exchange.close();
                    });
            http.start();
            String url = "http://127.0.0.1:" + http.getAddress().getPort();
            return new TestAgent(
                    change.apply(
                            CellConfig.of(
                                    "c1",
                                    host,
                                    url,
                                    "127.0.0.1",
                                    port,
                                    seeds,
                                    directory.resolve(host))),
                    http);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void manifest(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String host = query == null ? config.host() : query.replaceFirst("^host=", "");
        byte[] frame = cell.manifestFrame(host).orElse(new byte[0]);
        exchange.sendResponseHeaders(
                frame.length == 0 ? 404 : 200, frame.length == 0 ? -1 : frame.length);
        exchange.getResponseBody().write(frame);
        exchange.close();
    }

    /// Drops all datagrams to and from this agent.
    void blockDatagrams(boolean block) {
        datagramsBlocked = block;
    }

    PlaneStats planes() {
        return cell.stats().runtime().planes();
    }

    static List<String> seeds(List<Integer> ports) {
        return ports.stream().map(port -> "127.0.0.1:" + port).toList();
    }

    Cell cell() {
        return cell;
    }

    CellView view() {
        return cell.view();
    }

    /// The state of a member in this agent's eyes, such as `up`; `none` if it does not know it.
    String sees(String host) {
        return view().member(host).map(member -> member.upness().label()).orElse("none");
    }

    List<ServiceState> servicesOf(String host) {
        return view().member(host).map(member -> member.services()).orElse(List.of());
    }

    /// Its member of Hazelcast.
    HazelcastInstance member() {
        return cell.bus().member().orElseThrow();
    }

    /// As kill -9 would.
    void kill() {
        http.stop(0);
        cell.close();
    }

    void leave() {
        cell.leave();
        http.stop(0);
    }

    @Override
    public void close() {
        kill();
    }
}
