package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.Reply;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.WechatSettings;
import dev.muster.query.receivers.text.Cut;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// A message of an application of WeChat Work, with a token that is asked for first and holds for a
/// while. Thread-safe.
final class WechatMessage implements Message {
    private static final Duration TOKEN_HOLDS = Duration.ofHours(2);
    private static final int TEXT_BYTES = 2_048;
    private static final int TOKEN_OVER = 42_001;
    private static final int TOKEN_WRONG = 40_014;

    private final WechatSettings settings;
    private final WebClient client;
    private final ReentrantLock lock = new ReentrantLock();

    /// Guarded by the lock.
    private String token = "";

    /// Guarded by the lock.
    private long endNanos;

    /// @param client calls it
    WechatMessage(WechatSettings settings, WebClient client) {
        this.settings = settings;
        this.client = client;
    }

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        String content = Cut.toBytes(texts.of(settings.message()), TEXT_BYTES);
        boolean markdown = settings.messageType().equals("markdown");
        JsonObject none = new JsonObject().put("content", "");
        JsonObject said = new JsonObject().put("content", content);
        JsonObject json = new JsonObject().put("text", markdown ? none : said);
        Parts.put(json, "touser", texts.of(settings.toUser()));
        Parts.put(json, "toparty", texts.of(settings.toParty()));
        Parts.put(json, "totag", texts.of(settings.toTag()));
        Parts.put(json, "agentid", texts.of(settings.agentId()));
        json.put("safe", "0")
                .put("msgtype", settings.messageType())
                .put("markdown", markdown ? said : none);
        URI url = url("message/send", List.of(Map.entry("access_token", token(texts))));
        Reply reply = client.send(Call.json(url, json.encode()));
        Verdicts.check(reply);
        check(body(reply));
    }

    private void check(JsonObject answer) throws RefusedException {
        int code = number(answer);
        if (code == 0) {
            return;
        }
        String message = "errcode " + code + ": " + answer.getValue("errmsg", "");
        if (code == TOKEN_OVER || code == TOKEN_WRONG) {
            forget();
            throw RefusedException.later(FailureReason.CLIENT_ERROR, message, Optional.empty());
        }
        throw RefusedException.forGood(FailureReason.CLIENT_ERROR, message);
    }

    private static int number(JsonObject answer) {
        return answer.getValue("errcode") instanceof Number code ? code.intValue() : 0;
    }

    private void forget() {
        lock.lock();
        try {
            token = "";
        } finally {
            lock.unlock();
        }
    }

    private String token(Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (token.isEmpty() || endNanos - System.nanoTime() < 0) {
                token = fetched(texts);
                endNanos = System.nanoTime() + TOKEN_HOLDS.toNanos();
            }
            return token;
        } finally {
            lock.unlock();
        }
    }

    private String fetched(Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        URI url =
                url(
                        "gettoken",
                        List.of(
                                Map.entry("corpid", Parts.secret(settings.corpId(), texts)),
                                Map.entry(
                                        "corpsecret", Parts.secret(settings.apiSecret(), texts))));
        Reply reply = client.send(new Call("GET", url, new TreeMap<>(), "", Call.USUAL_TIMEOUT));
        Verdicts.check(reply);
        JsonObject answer = body(reply);
        if (answer.getValue("access_token") instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw RefusedException.forGood(
                FailureReason.CLIENT_ERROR,
                "no token is given for corp_id and api_secret: errcode " + number(answer));
    }

    private URI url(String path, List<Map.Entry<String, String>> query) throws IOException {
        String base = settings.apiUrl().toString();
        return Parts.url((base.endsWith("/") ? base : base + "/") + path + "?" + Parts.form(query));
    }

    private static JsonObject body(Reply reply) throws RefusedException {
        try {
            return new JsonObject(reply.body());
        } catch (DecodeException _) {
            throw RefusedException.later(
                    FailureReason.OTHER, "answer must be JSON", Optional.empty());
        }
    }
}
