package dev.muster.federation.view;

import java.util.List;
import java.util.Map;

/// What others say of a cell that cannot speak for itself.
///
/// @param dead hosts that cells watching it found dead, with those cells' names
/// @param zoneSilent whether much of its zone fell silent at once
public record Outside(Map<String, List<String>> dead, boolean zoneSilent) {
    /// How a cell that is a witness is named, beside hosts.
    static final String WITNESS = "cell ";

    /// Nothing.
    public static final Outside NOTHING = new Outside(Map.of(), false);

    public Outside {
        dead = Map.copyOf(dead);
    }
}
