package dev.muster.federation.member;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Hashes by which two who know a cell find out cheaply whether they know the same: services to a
/// host, hosts to a cell. Not meant against forgery.
public final class StateHash {
    private static final long OFFSET = 0xCBF29CE484222325L;
    private static final long PRIME = 0x100000001B3L;

    private StateHash() {}

    /// The name of a host in frames: FNV-1a over its UTF-8, then mixed.
    public static long ofHost(String host) {
        return ofText(host);
    }

    /// The names of services and their order, not their state: two agents that hold reports of the
    /// same hash read the bits of a beat alike.
    public static int ofNames(List<ServiceState> services) {
        long hash = services.size();
        for (ServiceState service : services) {
            hash = mix(hash * 31 + ofText(service.job()));
            hash = mix(hash * 31 + ofText(service.instance()));
        }
        return (int) (hash ^ hash >>> 32);
    }

    /// What holds of a member: run, state, intent, services with health and provenance; no times,
    /// addresses, reasons or beat numbers.
    public static long ofMember(Member member) {
        long hash = mix(ofHost(member.host()) + member.incarnation());
        hash = mix(hash + ofText(member.upness().label()));
        hash = mix(hash + member.intent().map(intent -> intent.kind().code()).orElse(0));
        hash = mix(hash + ofNames(member.services()));
        for (ServiceState service : member.services()) {
            hash = mix(hash + 8L * service.health().code() + service.provenance().code());
        }
        return hash;
    }

    /// The sum over the members: one that changes is taken out and put in without looking at the
    /// others.
    public static long ofCell(List<Member> members) {
        long sum = 0;
        for (Member member : members) {
            sum += ofMember(member);
        }
        return sum;
    }

    /// A number spread over all bits: the finalizer of SplitMix64.
    public static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    private static long ofText(String text) {
        long hash = OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * PRIME;
        }
        return mix(hash);
    }
}
