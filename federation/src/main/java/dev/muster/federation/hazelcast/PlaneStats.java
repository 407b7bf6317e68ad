package dev.muster.federation.hazelcast;

import dev.muster.federation.udp.UdpStats;

/// What the two ways between the agents of a cell have carried, and who uses them now.
///
/// @param udp datagrams
/// @param udpWaiting datagrams that wait to be sent
/// @param peersByUdp agents heard by datagrams of late
/// @param peersOnBus other members of the bus
/// @param peersByBusOnly those among them with whom datagrams do not go both ways, so that they get
///   beats by the bus
/// @param beatsByBus beats that went by the bus in place of datagrams
/// @param busFrames frames that went by the bus, once for each receiver
/// @param busBytes bytes that the bus has sent, its own heartbeats included, without the headers of
///   IP and TCP
/// @param busWaiting frames that wait for the bus
public record PlaneStats(
        UdpStats udp,
        int udpWaiting,
        int peersByUdp,
        int peersOnBus,
        int peersByBusOnly,
        long beatsByBus,
        long busFrames,
        long busBytes,
        int busWaiting) {}
