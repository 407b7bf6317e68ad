package dev.muster.federation.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.DiscoveryConfig;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import com.hazelcast.spi.discovery.integration.DiscoveryService;
import com.hazelcast.spi.discovery.integration.DiscoveryServiceProvider;
import com.hazelcast.spi.discovery.integration.DiscoveryServiceSettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Tells Hazelcast where to look for members, each time it joins and each time it looks for the
/// other side of a split. Given to it as an object: nothing is searched for on the class path.
final class BookDiscovery implements DiscoveryService, DiscoveryServiceProvider {
    private final AddressBook book;

    private BookDiscovery(AddressBook book) {
        this.book = book;
    }

    static DiscoveryConfig of(AddressBook book) {
        return new DiscoveryConfig().setDiscoveryServiceProvider(new BookDiscovery(book));
    }

    @Override
    public DiscoveryService newDiscoveryService(DiscoveryServiceSettings settings) {
        return this;
    }

    @Override
    public Iterable<DiscoveryNode> discoverNodes() {
        List<DiscoveryNode> nodes = new ArrayList<>();
        for (InetSocketAddress found : book.find()) {
            nodes.add(new SimpleDiscoveryNode(new Address(found)));
        }
        return nodes;
    }

    @Override
    public Map<String, String> discoverLocalMetadata() {
        return Map.of();
    }

    @Override
    public void start() {}

    @Override
    public void destroy() {}
}
