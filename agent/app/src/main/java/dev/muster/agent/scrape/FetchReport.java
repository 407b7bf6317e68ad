package dev.muster.agent.scrape;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.scrape.fetch.FetchFault;
import dev.muster.agent.scrape.fetch.FetchResult;
import dev.muster.agent.scrape.fetch.HttpExchange;
import java.util.Locale;
import java.util.Optional;

/// How the fetch of a scrape went.
///
/// @param fault kind of the reason why there was no body; empty where there was one
/// @param http how it went over HTTP; empty where that was not tried
/// @param format of the body; empty where there was none
/// @param warning what is odd about the format; empty if nothing is
public record FetchReport(
        Optional<FetchFault> fault, Optional<HttpExchange> http, String format, String warning) {
    /// Of a target that was not fetched yet.
    public static final FetchReport NONE =
            new FetchReport(Optional.empty(), Optional.empty(), "", "");

    static FetchReport of(FetchResult result) {
        return switch (result) {
            case FetchResult.Failed(var fault, _, var http) ->
                    new FetchReport(Optional.of(fault), http, "", "");
            case FetchResult.Received received ->
                    new FetchReport(
                            Optional.empty(),
                            Optional.of(received.exchange()),
                            name(received.format()),
                            received.warning());
            case FetchResult.Written(var format, _) ->
                    new FetchReport(Optional.empty(), Optional.empty(), name(format), "");
            case FetchResult.Kept(var format, _) ->
                    new FetchReport(Optional.empty(), Optional.empty(), name(format), "");
            case FetchResult.Untold _ -> NONE;
        };
    }

    private static String name(ExpositionFormat format) {
        return format.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
