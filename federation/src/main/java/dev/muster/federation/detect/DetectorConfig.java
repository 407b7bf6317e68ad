package dev.muster.federation.detect;

import java.time.Duration;

/// Times of the detector.
///
/// @param beatInterval between two beats of an agent
/// @param window an agent not heard for so long is flagged; grows by itself while beats are lost
/// @param smallWindow the same in a cell of fewer than eight
/// @param busWindow the same for an agent whose beats come by the bus only
/// @param windowLimit the window grows no further
/// @param hintWindow the window once the bus has lost its connection to the agent
/// @param probeAfter an agent not heard for so long is probed
/// @param probeInterval between two probes of a silent agent; five times that once it is down
/// @param pauseLimit a gap between ticks from which on this process itself is taken to have stood
///   still
/// @param recovery how long after such a pause the window is longer, up to three times
/// @param settle how long after its start an agent listens before it judges
/// @param downSettled an agent down for so long no longer counts in the quorum
/// @param answerGrace for so long beyond the window nothing is made of it that a host has not
///   answered a probe: a packet may have been lost
/// @param probeLimit nor is it for so long after this agent first asked, until a probe has ended:
///   it may be this agent that is slow
/// @param confirm a host not heard for so long beyond the window, and on which nothing answered, is
///   dead
/// @param takenFresh what a peer that took over said speaks for so long
/// @param rerunGrace how long after the start of a run services of the one before are still
///   expected
/// @param forget an agent down for so long is no longer expected; so long it is remembered that one
///   left
public record DetectorConfig(
        Duration beatInterval,
        Duration window,
        Duration smallWindow,
        Duration busWindow,
        Duration windowLimit,
        Duration hintWindow,
        Duration probeAfter,
        Duration probeInterval,
        Duration pauseLimit,
        Duration recovery,
        Duration settle,
        Duration downSettled,
        Duration answerGrace,
        Duration probeLimit,
        Duration confirm,
        Duration takenFresh,
        Duration rerunGrace,
        Duration forget) {
    /// Chance, per pair of agents, that as many beats in a row are lost as the window is long: what
    /// the window is grown for.
    static final double LOST_BY_CHANCE = 1e-6;

    public DetectorConfig {
        if (beatInterval.compareTo(Duration.ofMillis(50)) < 0
                || window.compareTo(beatInterval.multipliedBy(3)) < 0
                || windowLimit.compareTo(window) < 0) {
            throw new IllegalArgumentException(
                    "beat interval must be at least 50 ms, window three of it, limit no less than"
                            + " window: beatInterval="
                            + beatInterval
                            + ", window="
                            + window
                            + ", windowLimit="
                            + windowLimit);
        }
    }

    /// The defaults, for beats at 2 Hz.
    public static DetectorConfig defaults() {
        return new DetectorConfig(
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMillis(1000),
                Duration.ofMillis(1000),
                Duration.ofSeconds(1),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMillis(400),
                Duration.ofSeconds(2),
                Duration.ofMillis(900),
                Duration.ofMillis(3500),
                Duration.ofSeconds(8),
                Duration.ofHours(24));
    }

    /// The same with another time to settle.
    public DetectorConfig withSettle(Duration other) {
        return new DetectorConfig(
                beatInterval,
                window,
                smallWindow,
                busWindow,
                windowLimit,
                hintWindow,
                probeAfter,
                probeInterval,
                pauseLimit,
                recovery,
                other,
                downSettled,
                answerGrace,
                probeLimit,
                confirm,
                takenFresh,
                rerunGrace,
                forget);
    }
}
