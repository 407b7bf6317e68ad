package dev.muster.agent.why;

import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.upload.Shipment;
import dev.muster.blocks.schema.BlockId;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.CellView;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.TimeRange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The steps from series to the stored object and to those who look at it.
final class StoringSteps {
    private static final int SHIPMENTS = 5;

    private StoringSteps() {}

    static Step.Stored stored(AgentFacts facts) {
        AgentFacts.HeadFacts head = facts.head();
        String since =
                head.oldestMs() == Long.MAX_VALUE
                        ? "The head is empty"
                        : "The head holds samples since " + Words.time(head.oldestMs());
        return new Step.Stored(
                Mark.NEUTRAL,
                since
                        + "; its log stands at segment "
                        + head.walSegment()
                        + ", byte "
                        + head.walOffsetBytes()
                        + ", record "
                        + head.walSequence()
                        + ".",
                head);
    }

    static Step.Shipped shipped(AgentFacts facts) {
        AgentFacts.ShipmentFacts shipping = facts.shipping();
        long windowMs = facts.head().windowMs();
        long startMs = Math.floorDiv(facts.nowMs(), windowMs) * windowMs;
        TimeRange window = new TimeRange(startMs, startMs + windowMs);
        List<Shipment> last = shipping.shipments().reversed().stream().limit(SHIPMENTS).toList();
        if (shipping.store().isEmpty()) {
            return new Step.Shipped(
                    Mark.NEUTRAL,
                    "No object store is configured (muster.store.url): samples stay in the head.",
                    window,
                    "",
                    last);
        }
        String key = new BlockId(facts.cell(), facts.host(), window).seriesKey();
        String text =
                "Samples of now go into the block of "
                        + Words.time(startMs)
                        + " to "
                        + Words.time(window.endMs())
                        + ", which is shipped to "
                        + shipping.store()
                        + " "
                        + Words.ago(window.endMs() + shipping.closeDelayMs(), facts.nowMs())
                        + " or soon after."
                        + lastText(last);
        return shipping.error().isEmpty()
                ? new Step.Shipped(Mark.GOOD, text, window, key, last)
                : new Step.Shipped(
                        Mark.BAD,
                        text
                                + " Shipping fails now and is tried again: "
                                + Words.cut(shipping.error()),
                        window,
                        key,
                        last);
    }

    private static String lastText(List<Shipment> last) {
        if (last.isEmpty()) {
            return " No window has been closed since the agent started.";
        }
        Shipment newest = last.getFirst();
        String which = " The one before, from " + Words.time(newest.window().startMs()) + ", ";
        return switch (newest.state()) {
            case PENDING -> which + "waits to be shipped.";
            case SHIPPED, RELEASED -> which + "is in the store as " + newest.key() + ".";
            case EMPTY -> which + "was empty.";
        };
    }

    static Step.Reported reported(AgentFacts facts, Target target) {
        CellView view = facts.cellView();
        Optional<Member> self = view.member(facts.host());
        String job = target.labels().valueOf("job");
        Optional<ServiceState> service =
                self.stream()
                        .flatMap(member -> member.services().stream())
                        .filter(s -> s.job().equals(job) && s.instance().equals(target.instance()))
                        .findFirst();
        String cell =
                "Cell "
                        + view.cell()
                        + " has "
                        + view.membersUp()
                        + " of "
                        + Words.count(view.members().size(), "member", "members")
                        + " up";
        String said =
                service.map(s ->
                                "its members are told that the target is "
                                        + (s.up() ? "up" : "down: " + s.reason()))
                        .orElse("its members have not been told of the target yet");
        return new Step.Reported(
                service.isPresent() && service.get().up() ? Mark.GOOD : Mark.NEUTRAL,
                cell + "; " + said + (view.degraded() ? ". The cell's bus is degraded." : "."),
                view.cell(),
                self.map(member -> member.upness().label()).orElse("unknown"),
                view.membersUp(),
                view.members().size(),
                service.isPresent(),
                service.map(ServiceState::up).orElse(false),
                service.map(ServiceState::reason).orElse(""),
                service.map(ServiceState::sinceMs).orElse(0L));
    }

    static Step.Linked linked(AgentFacts facts, String selector) {
        String encoded = URLEncoder.encode(selector, StandardCharsets.UTF_8);
        String url =
                facts.queryUrl().isEmpty()
                        ? "/why?series=" + encoded
                        : facts.queryUrl() + "/#q=" + encoded;
        return new Step.Linked(
                Mark.NEUTRAL,
                facts.queryUrl().isEmpty()
                        ? "Ask this agent for its series: " + selector
                        : "Query it: " + selector,
                selector,
                url);
    }

    /// A selector of all series of a target, as they are stored.
    static String selector(AgentFacts facts, Target target) {
        return selector(facts, facts.host(), target.labels().valueOf("job"), target.instance());
    }

    /// The same of a target of any host of the cell.
    static String selector(AgentFacts facts, String host, String job, String instance) {
        return Labels.of("cell", facts.cell(), "host", host, "instance", instance, "job", job)
                .toString();
    }
}
