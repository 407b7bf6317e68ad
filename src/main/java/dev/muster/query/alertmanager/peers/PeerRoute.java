package dev.muster.query.alertmanager.peers;

import dev.muster.query.cluster.ClusterSeal;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;

/// Takes in what other nodes have learned.
///
/// @param peers takes it
/// @param seal tells nodes of the cluster from others
public record PeerRoute(Peers peers, ClusterSeal seal) {
    private static final System.Logger LOG = System.getLogger(PeerRoute.class.getName());
    private static final long BODY_LIMIT_BYTES = 64 << 20;

    /// Registers it.
    public void register(Router router) {
        router.post(HttpCourier.PATH)
                .handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT_BYTES))
                .handler(context ->
                        Thread.ofVirtual()
                                .name("alerts-news")
                                .start(() ->
                                        context.response().setStatusCode(take(context)).end()));
    }

    private int take(RoutingContext context) {
        Buffer buffer = context.body().buffer();
        byte[] bytes = buffer == null ? new byte[0] : buffer.getBytes();
        if (!seal.holds(context.request().getHeader(ClusterSeal.HEADER), bytes)) {
            peers.refused("secret");
            return 401;
        }
        try {
            peers.received(bytes);
            return 204;
        } catch (IOException e) {
            peers.refused("damaged");
            LOG.log(System.Logger.Level.WARNING, "news of alerts refused", e);
            return 400;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "news of alerts failed", e);
            return 500;
        }
    }
}
