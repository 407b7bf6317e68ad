package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/// The object store: `muster.store.*`.
@ConfigMapping(prefix = "muster.store")
public interface StoreSettings {
    /// `file:///directory` or `s3://bucket/prefix`. Default: none; blocks are then not shipped, and
    /// samples stay until `muster.head.disk-limit`.
    Optional<String> url();

    /// URL of the S3 service. Default: Amazon's of the region.
    Optional<String> endpoint();

    /// S3 region.
    Optional<String> region();

    /// S3 access key. Default: requests without a signature.
    Optional<String> accessKey();

    /// S3 secret key.
    Optional<String> secretKey();
}
