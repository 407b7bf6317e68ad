package dev.muster.agent.scrape.append;

/// Estimates how many different values were seen, in 256 bytes whatever their number. Confined to
/// one thread.
final class DistinctSketch {
    /*
     * HyperLogLog [1] with 256 registers, so an error of 7 %; below some 640 values it counts empty
     * registers instead, which is nearly exact.
     *
     * [1] https://algo.inria.fr/flajolet/Publications/FlFuGaMe07.pdf
     */
    private static final int REGISTERS = 256;
    private static final int INDEX_BITS = 8;
    private static final double ALPHA = 0.7183;
    private static final long MIX_1 = 0xff51afd7ed558ccdL;
    private static final long MIX_2 = 0xc4ceb9fe1a85ec53L;

    private final byte[] registers = new byte[REGISTERS];

    void add(String value) {
        long hash = hash(value);
        int register = (int) (hash >>> (64 - INDEX_BITS));
        int rank = Long.numberOfLeadingZeros(hash << INDEX_BITS | 1L << (INDEX_BITS - 1)) + 1;
        registers[register] = (byte) Math.max(registers[register], rank);
    }

    long estimate() {
        double sum = 0;
        int empty = 0;
        for (byte register : registers) {
            sum += Math.scalb(1.0, -register);
            empty += register == 0 ? 1 : 0;
        }
        double raw = ALPHA * REGISTERS * REGISTERS / sum;
        boolean few = raw <= 2.5 * REGISTERS && empty > 0;
        return Math.round(few ? REGISTERS * Math.log((double) REGISTERS / empty) : raw);
    }

    private static long hash(String value) {
        long hash = value.length();
        for (int i = 0; i < value.length(); i++) {
            hash = hash * 0x9E3779B97F4A7C15L + value.charAt(i);
            hash ^= hash >>> 29;
        }
        hash = (hash ^ hash >>> 33) * MIX_1;
        hash = (hash ^ hash >>> 33) * MIX_2;
        return hash ^ hash >>> 33;
    }
}
