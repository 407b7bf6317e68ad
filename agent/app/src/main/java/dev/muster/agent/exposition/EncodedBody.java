package dev.muster.agent.exposition;

import java.util.List;

/// A body as families, each name once.
///
/// @param families in the order of the body
/// @param hasTimestamps does a sample carry a time of its own?
/// @param tooLarge was its encoding larger than it may be? Then there are no families
/// @param repeated a metric that the body has twice, in words; empty if there is none
public record EncodedBody(
        List<EncodedFamily> families, boolean hasTimestamps, boolean tooLarge, String repeated) {
    static final EncodedBody TOO_LARGE = new EncodedBody(List.of(), false, true, "");

    public EncodedBody {
        families = List.copyOf(families);
    }
}
