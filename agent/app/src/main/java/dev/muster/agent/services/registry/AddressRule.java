package dev.muster.agent.services.registry;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;

/// Which addresses a service may register: an agent that asked whatever address it is told would
/// lend its place in the network to anybody on its host.
@FunctionalInterface
public interface AddressRule {
    /// Any address and name.
    AddressRule ANY = _ -> true;

    /// Loopback, and addresses of this host. Of names `localhost` only, as others may change.
    AddressRule OF_THIS_HOST =
            address -> {
                String name = address.toLowerCase(Locale.ROOT);
                if (name.equals("localhost")) {
                    return true;
                }
                // letters and no colon: a name, which is not looked up
                if (!name.matches("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")) {
                    return false;
                }
                try {
                    InetAddress parsed = InetAddress.getByName(name);
                    return parsed.isLoopbackAddress()
                            || (!parsed.isAnyLocalAddress()
                                    && NetworkInterface.getByInetAddress(parsed) != null);
                } catch (UnknownHostException | SocketException e) {
                    return false;
                }
            };

    boolean allows(String address);
}
