package dev.muster.query.api;

import dev.muster.query.alerts.Alertmanagers;
import dev.muster.query.rules.Alert;
import dev.muster.query.rules.GroupRun;
import dev.muster.query.rules.live.GroupView;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Rules and their alerts: `rules`, `alerts`, `alertmanagers`.
final class RuleCalls {
    private final Supplier<List<GroupView>> local;
    private final Supplier<List<GroupView>> groups;
    private final Alertmanagers alertmanagers;

    /// @param local groups as this node knows them
    /// @param groups as they are now, of those that other nodes evaluate what these say
    RuleCalls(
            Supplier<List<GroupView>> local,
            Supplier<List<GroupView>> groups,
            Alertmanagers alertmanagers) {
        this.local = local;
        this.groups = groups;
        this.alertmanagers = alertmanagers;
    }

    /// Some groups, of each the rules that are asked for.
    private record Chosen(GroupView group, List<GroupRun.Status> rules) {}

    /// A page of groups.
    ///
    /// @param limit most groups; negative for all
    /// @param token of the first group; empty for the first of all
    private record Page(int limit, String token) {
        static Page of(Parameters parameters) throws ApiException {
            String token = parameters.text("group_next_token");
            if (!parameters.has("group_limit")) {
                if (!token.isEmpty()) {
                    throw ApiException.invalid(
                            "group_next_token",
                            "group_limit needs to be present in order to paginate over the groups");
                }
                return new Page(-1, "");
            }
            return new Page(limit(parameters.text("group_limit")), token);
        }

        private static int limit(String text) throws ApiException {
            int limit;
            try {
                limit = Integer.parseInt(text);
            } catch (NumberFormatException e) {
                String why = text.matches("[+-]?[0-9]+") ? "value out of range" : "invalid syntax";
                throw ApiException.invalid(
                        "group_limit",
                        "group_limit needs to be a valid number: strconv.ParseInt: parsing "
                                + Times.quoted(text)
                                + ": "
                                + why);
            }
            if (limit <= 0) {
                throw ApiException.invalid("group_limit", "group_limit needs to be greater than 0");
            }
            return limit;
        }
    }

    Answer rules(Call call) throws ApiException {
        Parameters parameters = call.parameters();
        RuleFilter filter = RuleFilter.of(parameters);
        RuleJson shape = new RuleJson(!excludesAlerts(parameters));
        Page page = Page.of(parameters);
        List<Chosen> chosen = new ArrayList<>();
        boolean own = parameters.has(PeerGroups.LOCAL);
        Optional<GroupView> next = choose(own ? own() : sorted(), page, filter, chosen);
        return Answer.of(json -> {
            json.beginObject().name("groups").beginArray();
            for (Chosen one : chosen) {
                shape.group(json, one.group, one.rules);
            }
            json.endArray();
            if (next.isPresent()) {
                json.name("groupNextToken").value(token(next.get()));
            }
            json.endObject();
        });
    }

    /// @return the group that the next page begins with; empty if there is none
    private static Optional<GroupView> choose(
            List<GroupView> groups, Page page, RuleFilter filter, List<Chosen> into)
            throws ApiException {
        boolean found = page.token.isEmpty();
        for (GroupView group : groups) {
            found = found || page.token.equals(token(group));
            if (!found || !filter.holds(group)) {
                continue;
            }
            List<GroupRun.Status> rules = group.rules().stream().filter(filter::holds).toList();
            if (rules.isEmpty()) {
                continue;
            }
            if (into.size() == page.limit) {
                return Optional.of(group);
            }
            into.add(new Chosen(group, rules));
        }
        if (!found) {
            throw ApiException.invalid(
                    "group_next_token",
                    "invalid group_next_token '" + page.token + "'. were rule groups changed?");
        }
        return Optional.empty();
    }

    /// Those that this node evaluates.
    private List<GroupView> own() {
        return local.get().stream().filter(GroupView::local).toList();
    }

    private List<GroupView> sorted() {
        return groups.get().stream()
                .sorted(Comparator.comparing(GroupView::file).thenComparing(GroupView::name))
                .toList();
    }

    private static boolean excludesAlerts(Parameters parameters) throws ApiException {
        String text = parameters.text("exclude_alerts");
        return switch (text) {
            case "" -> false;
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            case "0", "f", "F", "FALSE", "false", "False" -> false;
            default ->
                    throw ApiException.invalid(
                            "exclude_alerts",
                            "error converting exclude_alerts: strconv.ParseBool: parsing "
                                    + Times.quoted(text)
                                    + ": invalid syntax");
        };
    }

    private static String token(GroupView group) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            String text = group.file() + ";" + group.name();
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every platform has SHA-1", e);
        }
    }

    Answer alerts(Call call) {
        List<Alert> alerts =
                groups.get().stream()
                        .flatMap(group -> group.rules().stream())
                        .flatMap(rule -> rule.alerts().stream())
                        .sorted(Comparator.comparing(Alert::state).reversed())
                        .toList();
        return Answer.of(json -> {
            json.beginObject().name("alerts");
            RuleJson.alerts(json, alerts);
            json.endObject();
        });
    }

    Answer alertmanagers(Call call) {
        return Answer.of(json -> {
            json.beginObject().name("activeAlertmanagers").beginArray();
            for (URI url : alertmanagers.urls()) {
                json.beginObject().name("url").value(url.toString()).endObject();
            }
            json.endArray().name("droppedAlertmanagers").beginArray().endArray().endObject();
        });
    }
}
