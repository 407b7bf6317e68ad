package dev.muster.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class DemoServiceTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void measuresItsOwnLoadAndCanBeSwitched() throws Exception {
        try (var service = DemoService.start(0, RandomGeneratorFactory.getDefault().create(7))) {
            await().until(() -> metric(service, "demo_request_rate") > 0);
            assertThat(metric(service, "demo_failing")).isZero();

            assertThat(post(service, "/fail?on=true").statusCode()).isEqualTo(200);
            assertThat(metric(service, "demo_failing")).isEqualTo(1);

            post(service, "/hide?on=true");
            assertThat(get(service, "/metrics").statusCode()).isEqualTo(503);
            post(service, "/hide?on=false");
            assertThat(get(service, "/metrics").statusCode()).isEqualTo(200);

            assertThat(post(service, "/fail?on=maybe").body())
                    .isEqualTo("query must be on=true or on=false: found=on=maybe\n");
            assertThat(get(service, "/fail?on=true").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void failingRequestsAreErrorsAndSlow() {
        var shop = new Shop(RandomGeneratorFactory.getDefault().create(7));
        pass(shop, 100);
        assertThat(errorRatio(shop)).isLessThan(0.02);

        shop.failing(true);
        pass(shop, 1000);
        assertThat(errorRatio(shop)).isBetween(0.3, 0.4);
    }

    private static void pass(Shop shop, int seconds) {
        for (var second = 0; second < seconds; second++) {
            shop.pass(Duration.ofSeconds(1));
        }
    }

    private static double errorRatio(Shop shop) {
        var errors = 0.0;
        var all = 0.0;
        for (var line : shop.metrics().lines().toList()) {
            if (line.startsWith("demo_requests_total{")) {
                var value = Double.parseDouble(line.substring(line.lastIndexOf(' ')));
                all += value;
                errors += line.contains("500") ? value : 0;
            }
        }
        return errors / all;
    }

    private double metric(DemoService service, String name) throws Exception {
        return get(service, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<String> get(DemoService service, String path)
            throws IOException, InterruptedException {
        return client.send(
                request(service, path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(DemoService service, String path)
            throws IOException, InterruptedException {
        var request = request(service, path).POST(HttpRequest.BodyPublishers.noBody()).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(DemoService service, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path));
    }
}
