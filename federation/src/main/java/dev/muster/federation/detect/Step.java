package dev.muster.federation.detect;

import java.util.List;

/// What an event leads to.
///
/// @param state the state after it
/// @param effects what is to be done, in this order
public record Step(DetectorState state, List<Effect> effects) {
    public Step {
        effects = List.copyOf(effects);
    }
}
