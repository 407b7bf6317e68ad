package dev.muster.launcher;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// Stands in for an agent or a query node: listens where it was told, says that it is ready, and
/// reports made-up numbers. Run as a process of its own.
final class FakeProgram {
    private FakeProgram() {}

    public static void main(String[] arguments) throws IOException {
        if (System.getProperty("muster.agent.host", "").equals(System.getenv("FAKE_BAD_AGENT"))) {
            System.out.println("config key must be known: found=muster.bogus");
            System.exit(2);
        }
        var port = Integer.getInteger("muster.http.port", 0);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var server = HttpServer.create(address, 0);
        var answer =
                """
                {"agentsUp":3,"agents":3,"targetsUp":8,"targets":8,"series":3000,
                 "samplesPerSecond":3000.0,"blocks":4,"samplesAppended":1,"membersUp":3,"followed":[]}
                """
                        .getBytes(StandardCharsets.UTF_8);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        System.out.println("fake listens on " + port);
    }
}
