package dev.muster.agent.scrape.sd.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.scrape.job.HttpAccess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PodAddressesTest {
    private final FakeKubernetes cluster = new FakeKubernetes();
    private final AtomicLong nanos = new AtomicLong();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void areThoseOfTheSelectorAndAskedForSeldom() {
        PodAddresses pods = pods("muster.dev/cell=c1");
        pod("a", "10.0.0.1");
        pod("b", "10.0.0.2");
        pod("starting", "");
        assertThat(pods.get()).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
        pod("c", "10.0.0.3");
        assertThat(pods.get()).hasSize(2);
        assertThat(cluster.asked())
                .singleElement()
                .asString()
                .contains("/api/v1/namespaces/ns/pods")
                .contains("labelSelector=muster.dev/cell=c1")
                .contains("resourceVersion=0");
        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThat(pods.get()).hasSize(3);
    }

    @Test
    void areAsTheyWereWhenTheServerIsAway() {
        PodAddresses pods = pods("muster.dev/cell=c1");
        pod("a", "10.0.0.1");
        assertThat(pods.get()).hasSize(1);
        cluster.status = 500;
        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThat(pods.get()).containsExactly("10.0.0.1");
        assertThat(pods.failures()).isEqualTo(1);
    }

    private void pod(String name, String ip) {
        cluster.put(
                "/api/v1/pods",
                new JsonObject()
                        .put("metadata", new JsonObject().put("namespace", "ns").put("name", name))
                        .put("status", new JsonObject().put("podIP", ip)));
    }

    private PodAddresses pods(String selector) {
        var inside =
                new PodAddresses.Cluster() {
                    @Override
                    public KubernetesServer server() {
                        return new KubernetesServer(cluster.uri(), HttpAccess.DEFAULT);
                    }

                    @Override
                    public String namespace() {
                        return "ns";
                    }
                };
        return PodAddresses.of(cluster.requests(), inside, selector, "", nanos::get);
    }
}
