package dev.muster.agent.door;

import dev.muster.agent.scrape.fetch.BodyEncoding;

/// Where something may be pushed to.
///
/// @param method of HTTP
/// @param path as a router takes it: `/api/v1/write`, `/metrics/job/*`
/// @param protocol name in metrics: one of a fixed set
/// @param unsaidEncoding how a body is compressed that does not say so
public record PushRoute(String method, String path, String protocol, BodyEncoding unsaidEncoding) {
    /// A body that does not say that it is compressed is not.
    public static PushRoute of(String method, String path, String protocol) {
        return new PushRoute(method, path, protocol, BodyEncoding.IDENTITY);
    }
}
