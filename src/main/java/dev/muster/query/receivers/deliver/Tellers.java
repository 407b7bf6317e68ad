package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Receiver;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.DiscordSettings;
import dev.muster.query.receivers.settings.EmailSettings;
import dev.muster.query.receivers.settings.HttpSettings;
import dev.muster.query.receivers.settings.Integration;
import dev.muster.query.receivers.settings.MattermostSettings;
import dev.muster.query.receivers.settings.OldTeamsSettings;
import dev.muster.query.receivers.settings.OpsgenieSettings;
import dev.muster.query.receivers.settings.PagerdutySettings;
import dev.muster.query.receivers.settings.PushoverSettings;
import dev.muster.query.receivers.settings.SlackSettings;
import dev.muster.query.receivers.settings.SnsSettings;
import dev.muster.query.receivers.settings.TeamsSettings;
import dev.muster.query.receivers.settings.TelegramSettings;
import dev.muster.query.receivers.settings.VictoropsSettings;
import dev.muster.query.receivers.settings.WebexSettings;
import dev.muster.query.receivers.settings.WebhookSettings;
import dev.muster.query.receivers.settings.WechatSettings;
import dev.muster.query.template.TemplateSet;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Makes receivers of their settings. Those with the same `http_config` share a client. Confined to
/// one thread, but for `close`.
public final class Tellers implements AutoCloseable {
    private final TemplateSet templates;
    private final Vertx vertx;
    private final DeliveryMetrics metrics;
    private final InstantSource clock;
    private final Map<HttpSettings, WebClient> clients = new HashMap<>();

    /// @param templates that texts may call
    /// @param vertx sends mails
    public Tellers(
            TemplateSet templates, Vertx vertx, DeliveryMetrics metrics, InstantSource clock) {
        this.templates = templates;
        this.vertx = vertx;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// @throws IOException if a file of its TLS is wrong
    public Receiver receiver(Integration settings) throws IOException {
        return new Teller(settings, message(settings), templates, metrics);
    }

    private Message message(Integration settings) throws IOException {
        return switch (settings) {
            case DiscordSettings each -> new DiscordMessage(each, client(each.http()));
            case EmailSettings each -> new EmailMessage(each, vertx);
            case MattermostSettings each -> new MattermostMessage(each, client(each.http()));
            case OldTeamsSettings each -> new OldTeamsMessage(each, client(each.http()));
            case OpsgenieSettings each -> new OpsgenieMessage(each, client(each.http()));
            case PagerdutySettings each -> new PagerdutyMessage(each, client(each.http()));
            case PushoverSettings each -> new PushoverMessage(each, client(each.http()));
            case SlackSettings each -> new SlackMessage(each, client(each.http()));
            case SnsSettings each ->
                    new SnsMessage(each, client(each.http()), System.getenv(), clock);
            case TeamsSettings each -> new TeamsMessage(each, client(each.http()));
            case TelegramSettings each -> new TelegramMessage(each, client(each.http()));
            case VictoropsSettings each -> new VictoropsMessage(each, client(each.http()));
            case WebexSettings each -> new WebexMessage(each, client(each.http()));
            case WebhookSettings each -> new WebhookMessage(each, client(each.http()));
            case WechatSettings each -> new WechatMessage(each, client(each.http()));
        };
    }

    private WebClient client(HttpSettings settings) throws IOException {
        WebClient known = clients.get(settings);
        if (known != null) {
            return known;
        }
        WebClient client = new WebClient(settings);
        clients.put(settings, client);
        return client;
    }

    @Override
    public void close() {
        clients.values().forEach(WebClient::close);
    }
}
