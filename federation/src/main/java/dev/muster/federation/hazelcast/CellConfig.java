package dev.muster.federation.hazelcast;

import dev.muster.federation.member.Names;
import dev.muster.federation.member.Place;
import dev.muster.federation.udp.UdpConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// How an agent takes part in its cell.
///
/// @param cell name of the cell
/// @param host name of this agent's host, unique in the cell and the same after a restart
/// @param httpUrl where the others find this agent's HTTP port
/// @param address the one address to bind and to be known by
/// @param port the member port, 1 to 65535
/// @param udpPort where beats are taken, 0 to 65535, 0 for any that is free; none: no datagrams
/// @param place where the host stands
/// @param seeds `address:port` of agents to look for; may name this one
/// @param sources more addresses of agents, asked each time; each answers quickly
/// @param directory where the incarnation, the last roster and the manifests are kept
/// @param secret if present, members must prove that they know it
/// @param generation of Hazelcast, at the end of its cluster's name
public record CellConfig(
        String cell,
        String host,
        String httpUrl,
        String address,
        int port,
        OptionalInt udpPort,
        Place place,
        List<String> seeds,
        List<Supplier<List<String>>> sources,
        Path directory,
        Optional<String> secret,
        String generation) {
    public CellConfig {
        Names.refuseBadCell(cell);
        Names.refuseBadHost(host);
        Names.refuseLongUrl(httpUrl);
        seeds = List.copyOf(seeds);
        sources = List.copyOf(sources);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("cell port must be 1 to 65535: port=" + port);
        }
        if (udpPort.isPresent() && (udpPort.getAsInt() < 0 || udpPort.getAsInt() > 65535)) {
            throw new IllegalArgumentException(
                    "cell udp port must be 0 to 65535: udpPort=" + udpPort.getAsInt());
        }
    }

    /// A cell without a secret, whose beats go over UDP by the number of the member port.
    public static CellConfig of(
            String cell,
            String host,
            String httpUrl,
            String address,
            int port,
            List<String> seeds,
            Path directory) {
        return new CellConfig(
                cell,
                host,
                httpUrl,
                address,
                port,
                OptionalInt.of(port),
                Place.NONE,
                seeds,
                List.of(),
                directory,
                Optional.empty(),
                MemberConfig.GENERATION);
    }

    /// The same with a secret that all members of the cell must know.
    public CellConfig withSecret(String shared) {
        return changed(draft -> draft.secret = Optional.of(shared));
    }

    /// The same with another port for beats; none for no datagrams at all.
    public CellConfig withUdpPort(OptionalInt other) {
        return changed(draft -> draft.udpPort = other);
    }

    /// The same in that place.
    public CellConfig withPlace(Place other) {
        return changed(draft -> draft.place = other);
    }

    /// The same with one more source of addresses, `address:port` or only the address.
    public CellConfig withSource(Supplier<List<String>> more) {
        List<Supplier<List<String>>> all = new ArrayList<>(sources);
        all.add(more);
        return changed(draft -> draft.sources = all);
    }

    /// The same agent in another cell.
    ///
    /// @param otherPort of its member there; beats have the same number, if there are any
    /// @param otherSeeds where members of that cell may be
    /// @param otherDirectory for what is kept of that cell
    public CellConfig in(
            String otherCell, int otherPort, List<String> otherSeeds, Path otherDirectory) {
        return changed(draft -> {
            draft.cell = otherCell;
            draft.port = otherPort;
            draft.udpPort = udpPort.isEmpty() ? udpPort : OptionalInt.of(otherPort);
            draft.seeds = otherSeeds;
            draft.directory = otherDirectory;
        });
    }

    /// The same in another generation of Hazelcast.
    CellConfig withGeneration(String other) {
        return changed(draft -> draft.generation = other);
    }

    private CellConfig changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new CellConfig(
                draft.cell,
                host,
                httpUrl,
                address,
                draft.port,
                draft.udpPort,
                draft.place,
                draft.seeds,
                draft.sources,
                draft.directory,
                draft.secret,
                draft.generation);
    }

    /// What may differ from one config to the next.
    private static final class Draft {
        String cell;
        int port;
        OptionalInt udpPort;
        Place place;
        List<String> seeds;
        List<Supplier<List<String>>> sources;
        Path directory;
        Optional<String> secret;
        String generation;

        Draft(CellConfig from) {
            cell = from.cell;
            port = from.port;
            udpPort = from.udpPort;
            place = from.place;
            seeds = from.seeds;
            sources = from.sources;
            directory = from.directory;
            secret = from.secret;
            generation = from.generation;
        }
    }

    /// The agent's Hazelcast member.
    MemberPlace member() {
        return new MemberPlace("muster-" + cell, host, address, port, seeds, secret, generation);
    }

    /// The agent's socket for beats.
    Optional<UdpConfig> udp() {
        return udpPort.isPresent()
                ? Optional.of(new UdpConfig(cell, host, address, udpPort.getAsInt(), secret))
                : Optional.empty();
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "CellConfig[cell="
                + cell
                + ", host="
                + host
                + ", httpUrl="
                + httpUrl
                + ", address="
                + address
                + ", port="
                + port
                + ", udpPort="
                + (udpPort.isPresent() ? udpPort.getAsInt() : "none")
                + ", place="
                + place
                + ", seeds="
                + seeds
                + ", secret="
                + (secret.isPresent() ? "given" : "none")
                + "]";
    }
}
