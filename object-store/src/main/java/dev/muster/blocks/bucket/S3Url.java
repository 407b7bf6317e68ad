package dev.muster.blocks.bucket;

import java.util.regex.Pattern;

/// Bucket and prefix of a URL such as `s3://metrics/prod`.
///
/// @param bucket name of the bucket
/// @param prefix empty, or ends with `/`
record S3Url(String bucket, String prefix) {
    private static final String SCHEME = "s3://";
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    static S3Url of(String url) {
        String rest = url.substring(SCHEME.length());
        int slash = rest.indexOf('/');
        String bucket = slash < 0 ? rest : rest.substring(0, slash);
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException(
                    "bucket url: name of the S3 bucket must have 3 to 63 of a-z, 0-9, dot and"
                            + " dash: found="
                            + bucket);
        }
        String prefix = slash < 0 ? "" : rest.substring(slash + 1);
        while (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        Keys.checkPrefix(prefix);
        return new S3Url(bucket, prefix.isEmpty() ? "" : prefix + "/");
    }
}
