package dev.muster.agent.services.listener;

import java.util.List;

/// Which listeners may be asked for metrics. Refusals come first; what no rule allows is refused.
///
/// @param allow rules that allow; none of them allows nothing
/// @param deny rules that refuse, whatever allows
/// @param ports beyond these all is refused
public record ListenerPolicy(List<PolicyRule> allow, List<PolicyRule> deny, Ports ports) {
    public ListenerPolicy {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /// What the policy says of a listener.
    ///
    /// @param allowed may it be asked?
    /// @param rule the rule that says so
    record Verdict(boolean allowed, String rule) {}

    /// The policy with its expressions compiled.
    Judge judge() {
        List<PolicyRule.Matcher> allowing = allow.stream().map(PolicyRule::matcher).toList();
        List<PolicyRule.Matcher> denying = deny.stream().map(PolicyRule::matcher).toList();
        return listener -> {
            if (!ports.has(listener.port())) {
                return new Verdict(false, "ports=" + ports);
            }
            int refusing = first(denying, listener);
            if (refusing >= 0) {
                return new Verdict(false, "deny[" + refusing + "] " + deny.get(refusing));
            }
            int permitting = first(allowing, listener);
            if (permitting >= 0) {
                return new Verdict(true, "allow[" + permitting + "] " + allow.get(permitting));
            }
            return new Verdict(false, "allow: none of " + allow.size() + " rules matches");
        };
    }

    private static int first(List<PolicyRule.Matcher> rules, Listener listener) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).matches(listener)) {
                return i;
            }
        }
        return -1;
    }

    /// A policy at work. Thread-safe.
    @FunctionalInterface
    interface Judge {
        Verdict judge(Listener listener);
    }
}
