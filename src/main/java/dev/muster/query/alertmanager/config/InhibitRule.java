package dev.muster.query.alertmanager.config;

import dev.muster.query.alertmanager.match.Matcher;
import java.util.List;

/// While an alert of the sources fires, nobody is told of the targets that are equal to it.
///
/// @param source what an alert must satisfy that inhibits
/// @param target what an alert must satisfy that is inhibited
/// @param equal names of the labels that must be the same in both; one that is not there is empty
public record InhibitRule(List<Matcher> source, List<Matcher> target, List<String> equal) {
    public InhibitRule {
        source = List.copyOf(source);
        target = List.copyOf(target);
        equal = List.copyOf(equal);
    }
}
