import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/// An S3 service over the directories of a directory, which are its buckets: `DIRECTORY ACCESS_KEY
/// SECRET_KEY`. Prints its URL and goes on until it is ended. Started from source by
/// `src/bench/query --s3`, as s3proxy is no part of the product.
final class S3Service {
    private S3Service() {}

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", arguments[0]);
        S3Proxy service =
                S3Proxy.builder()
                        .blobStore(BlobStores.create("filesystem-nio2", properties))
                        .jettyMaxThreads(64)
                        .awsAuthentication(
                                AuthenticationType.AWS_V2_OR_V4, arguments[1], arguments[2])
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .build();
        service.start();
        System.out.println("http://127.0.0.1:" + service.getPort());
        Thread.currentThread().join();
    }
}
