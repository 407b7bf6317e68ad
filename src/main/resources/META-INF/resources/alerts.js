"use strict";
// The page of those on call: what fires and why, silences, who would be called, and the last day.

const PAUSE_MS = 5000;
const HISTORY_MS = 60000;
const ROWS = 1000;
const MANAGER = "alertmanager/api/v2/";
const RANK = {active: 0, unprocessed: 0, pending: 1, suppressed: 2};

let alerts = [];
/** What is unfolded, by alert: kept over the next look, so that charts stay. */
const open = new Map();

async function json(path, options) {
  const response = await fetch(path, options);
  const text = await response.text();
  if (!response.ok) throw new Error(message(text) || path + ": " + response.status);
  return text ? JSON.parse(text) : null;
}

function message(text) {
  try {
    const answer = JSON.parse(text);
    return answer.error || answer.message || (typeof answer === "string" ? answer : text);
  } catch (error) {
    return text;
  }
}

function trouble(error) {
  byId("trouble").replaceChildren(...(error ? [el("p", {class: "alarm warn"}, String(error.message || error))] : []));
}

// ---- matchers: name="value" and its kin, as PromQL and amtool write them

function parseMatchers(text) {
  const found = [];
  const one = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s=!~,"]+))\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)/y;
  const plain = quoted => quoted.replace(/\\n/g, "\n").replace(/\\(.)/g, "$1");
  const whole = text.trim().replace(/^\{/, "").replace(/\}$/, "");
  while (one.lastIndex < whole.length) {
    const at = one.lastIndex;
    const match = one.exec(whole);
    if (!match) throw new Error('a matcher is name="value" (or !=, =~, !~), found: ' + whole.slice(at).trim());
    found.push({name: match[1] === undefined ? match[2] : plain(match[1]), value: match[4] === undefined ? match[5] : plain(match[4]),
      isRegex: match[3].endsWith("~"), isEqual: match[3].startsWith("=")});
  }
  return found;
}

const quote = text => '"' + text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n") + '"';
const operator = matcher => (matcher.isEqual === false ? "!" : "=") + (matcher.isRegex ? "~" : matcher.isEqual === false ? "=" : "");
const written = matchers => matchers.map(one => one.name + operator(one) + quote(one.value)).join(", ");

function holds(matchers, labels) {
  return matchers.every(one => {
    const value = labels[one.name] ?? "";
    const equal = one.isRegex ? new RegExp("^(?:" + one.value + ")$", "s").test(value) : value === one.value;
    return equal === (one.isEqual !== false);
  });
}

// ---- alerts

function cell(...content) {
  return el("td", {}, ...content);
}

function labelText(labels) {
  return Object.entries(labels).filter(([name]) => name !== "alertname").map(([name, value]) => name + "=" + value).join(", ");
}

function reason(annotations) {
  return annotations.summary || annotations.description || annotations.message || Object.values(annotations).join("; ");
}

/** Alerts of the alert manager, and those that rules hold pending; the share of hosts is the rule's. */
function merged(managed, groups) {
  const key = labels => JSON.stringify(Object.entries(labels).sort());
  const rules = new Map();
  for (const group of groups) {
    for (const rule of group.rules) for (const alert of rule.alerts || []) rules.set(key(alert.labels), {alert, rule});
  }
  const list = managed.map(one => ({labels: one.labels, annotations: one.annotations, state: one.status.state, sinceMs: Date.parse(one.startsAt),
    receivers: one.receivers.map(receiver => receiver.name), by: [...one.status.silencedBy, ...one.status.inhibitedBy, ...(one.status.mutedBy || [])],
    status: one.status, of: rules.get(key(one.labels)), url: one.generatorURL, id: one.fingerprint}));
  const seen = new Set(managed.map(one => key(one.labels)));
  for (const [name, of] of rules) {
    if (seen.has(name)) continue;
    list.push({labels: of.alert.labels, annotations: of.alert.annotations, state: of.alert.state === "pending" ? "pending" : "active",
      sinceMs: Date.parse(of.alert.activeAt), receivers: [], by: [], of, id: name});
  }
  return list.sort((a, b) => RANK[a.state] - RANK[b.state] || b.sinceMs - a.sinceMs);
}

function stateText(alert) {
  if (alert.state === "pending") return "pending";
  if (alert.state !== "suppressed") return "firing";
  const status = alert.status;
  return status.silencedBy.length ? "silenced" : status.inhibitedBy.length ? "inhibited" : "muted";
}

function decidedOn(alert) {
  const share = alert.of?.alert.completeness;
  return share === undefined ? null : el("div", {class: "quiet"}, "decided on " + Math.floor(share * 1000) / 10 + " % of hosts");
}

function alertRows(alert) {
  const opened = open.has(alert.id);
  const row = el("tr", {class: alert.state === "pending" ? "pending" : alert.state === "suppressed" ? "muted" : "firing"},
    el("td", {class: "word"}, stateText(alert)),
    cell(el("button", {type: "button", class: "take", "aria-expanded": String(opened), click: () => {
      if (!open.delete(alert.id)) open.set(alert.id, detail(alert));
      showAlerts();
    }}, (opened ? "▾ " : "▸ ") + alert.labels.alertname)),
    cell(labelText(alert.labels)),
    cell(reason(alert.annotations), decidedOn(alert)),
    el("td", {class: "word"}, since(alert.sinceMs)),
    cell(alert.receivers.join(", ")),
    cell(el("div", {class: "buttons"},
      el("button", {type: "button", click: () => propose(alert.labels, "2h", "")}, "silence"),
      el("button", {type: "button", title: "silences this one alert, so that nobody else is called", click: () => propose(alert.labels, "4h", "acknowledged: ")}, "acknowledge"))));
  return opened ? [row, open.get(alert.id)] : [row];
}

function detail(alert) {
  const box = el("div", {});
  const rest = Object.entries(alert.annotations).map(([name, value]) => el("div", {}, el("span", {class: "quiet"}, name + " "), linked(value)));
  const query = alert.of?.rule.query || queryOf(alert.url);
  if (query) drawQuery(box, query);
  return el("tr", {class: "detail"}, el("td", {colspan: "7"}, ...rest,
    query ? el("p", {class: "quiet"}, "Query: ", el("a", {href: "./#" + new URLSearchParams({q: query})}, query)) : null, box));
}

/** The query behind an alert without a rule here, as links of Prometheus carry it. */
function queryOf(url) {
  try {
    return new URL(url).searchParams.get("g0.expr");
  } catch (error) {
    return null;
  }
}

/** A text that is an address of the web becomes a link; anything else stays text. */
function linked(text) {
  return /^https?:\/\//.test(text) ? el("a", {href: text, target: "_blank", rel: "noopener noreferrer"}, text) : text;
}

/** The query over the last hour, without the comparison at its end where that is all that hides the rest. */
async function drawQuery(box, query) {
  const step = 15, end = Math.floor(Date.now() / 1000 / step) * step, start = end - 3600;
  const shown = query.replace(/\s*(?:==|!=|[<>]=?)\s*[-+]?[0-9.eE]+\s*$/, "");
  try {
    const answer = await json("api/v1/query_range", {method: "POST", body: new URLSearchParams({query: shown, start, end, step})});
    if (answer.data.result.length) chart(box, answer.data.result, start, end, step);
    else box.replaceChildren(el("p", {class: "quiet"}, "No series in the last hour."));
  } catch (error) {
    box.replaceChildren(el("p", {class: "quiet"}, "No chart: " + error.message));
  }
}

function none(columns, text) {
  return el("tr", {}, el("td", {colspan: String(columns), class: "quiet"}, text));
}

function showAlerts() {
  let matchers = [];
  try {
    matchers = parseMatchers(byId("only").value);
    alerts.some(alert => holds(matchers, alert.labels));
    trouble();
  } catch (error) {
    trouble(error);
  }
  const shown = alerts.filter(alert => (byId("muted").checked || alert.state !== "suppressed") && holds(matchers, alert.labels));
  const rest = shown.length > ROWS ? [none(7, "and " + (shown.length - ROWS) + " more")] : [];
  byId("alerts").replaceChildren(...(shown.length ? shown.slice(0, ROWS).flatMap(alertRows) : [none(7, "Nothing is pending or firing.")]), ...rest);
  const count = state => alerts.filter(alert => stateText(alert) === state).length;
  const firing = count("firing"), pending = count("pending");
  byId("state").textContent = `${firing} firing, ${pending} pending, ${alerts.length - firing - pending} muted`;
  byId("state").className = "live " + (firing ? "off" : "on");
}

function showFailing(groups) {
  const rows = groups.flatMap(group => group.rules.filter(rule => rule.health === "err").map(rule =>
    el("tr", {}, el("td", {title: group.file}, group.name), el("td", {title: rule.query}, rule.name), cell(rule.lastError))));
  byId("failing").replaceChildren(...(rows.length ? rows : [none(3, "None.")]));
}

// ---- silences

function propose(labels, duration, why) {
  byId("silence-section").hidden = false;
  byId("matchers").value = labels ? written(Object.entries(labels).map(([name, value]) => ({name, value, isRegex: false, isEqual: true}))) : "";
  byId("hours").value = duration;
  byId("by").value ||= remembered();
  byId("why").value = why;
  matched();
  byId("silence-section").scrollIntoView({block: "nearest"});
  byId(byId("by").value ? "why" : "by").focus();
}

function remembered() {
  try {
    return localStorage.getItem("by") || "";
  } catch (error) {
    return ""; // a browser without storage: the name is typed again
  }
}

function matched() {
  try {
    const matchers = parseMatchers(byId("matchers").value);
    const hit = alerts.filter(alert => matchers.length && holds(matchers, alert.labels));
    byId("matched").textContent = hit.length + (hit.length === 1 ? " alert of now is" : " alerts of now are") + " silenced by this"
      + (hit.length ? ": " + [...new Set(hit.map(alert => alert.labels.alertname))].slice(0, 5).join(", ") : "");
  } catch (error) {
    byId("matched").textContent = error.message;
  }
}

const UNITS = {w: 604800e3, d: 86400e3, h: 3600e3, m: 60e3};
const duration = text => [...text.matchAll(/(\d+)([wdhm])/g)].reduce((sum, [, count, unit]) => sum + count * UNITS[unit], 0);

async function silence(event) {
  event.preventDefault();
  try {
    const now = Date.now();
    await json(MANAGER + "silences", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({
      matchers: parseMatchers(byId("matchers").value), startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + duration(byId("hours").value)).toISOString(), createdBy: byId("by").value, comment: byId("why").value})});
    try {
      localStorage.setItem("by", byId("by").value);
    } catch (error) {
      // only a convenience
    }
    byId("silence-section").hidden = true;
    look();
  } catch (error) {
    byId("matched").textContent = error.message;
  }
}

function silenceRow(one) {
  const state = one.status.state;
  return el("tr", {class: state}, cell(state), cell(written(one.matchers)), cell(one.comment), cell(one.createdBy),
    el("td", {title: one.endsAt}, state === "expired" ? since(Date.parse(one.endsAt)) : "in " + span(Date.parse(one.endsAt) - Date.now()), state === "expired" ? " ago" : ""),
    cell(state === "expired" ? null : el("button", {type: "button", click: async () => {
      try {
        await json(MANAGER + "silence/" + encodeURIComponent(one.id), {method: "DELETE"});
        look();
      } catch (error) {
        trouble(error);
      }
    }}, "expire")));
}

function showSilences(list) {
  const rank = {active: 0, pending: 1, expired: 2};
  const rows = list.sort((a, b) => rank[a.status.state] - rank[b.status.state] || Date.parse(b.endsAt) - Date.parse(a.endsAt))
    .slice(0, 50).map(silenceRow);
  byId("silences").replaceChildren(...(rows.length ? rows : [none(6, "None.")]));
}

// ---- who would be called

async function route(event) {
  event.preventDefault();
  try {
    const labels = {};
    for (const one of parseMatchers(byId("labels").value)) {
      if (one.isRegex || !one.isEqual) throw new Error('an alert has labels, such as team="db", found: ' + written([one]));
      labels[one.name] = one.value;
    }
    const answer = await json("alertmanager/route", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({labels})});
    const held = [...answer.silencedBy.map(id => "silence " + id), ...(answer.inhibited ? ["another alert that inhibits it"] : [])];
    byId("called").replaceChildren(...(held.length ? [el("p", {class: "alarm warn"}, "Nobody is called now: held back by " + held.join(", "))] : []),
      ...answer.routes.map(called));
  } catch (error) {
    byId("called").replaceChildren(el("p", {class: "alarm warn"}, error.message));
  }
}

const within = seconds => seconds < 60 ? seconds + " s" : span(seconds * 1000).replace(/ 0 (s|min|h)$/, "");

function called(one) {
  const parts = ["grouped by " + (one.groupBy.join(", ") || "nothing"), "called after " + within(one.groupWait),
    "told of changes every " + within(one.groupInterval), "reminded every " + within(one.repeatInterval)];
  return el("p", {}, el("b", {}, one.receiver), one.integrations.length ? " by " + one.integrations.join(", ") : ": shown here, nobody is called",
    one.mutedBy.length ? el("div", {class: "alarm warn"}, "muted now: " + one.mutedBy.join(", ")) : null,
    el("div", {class: "quiet"}, parts.join(" · ")), el("div", {class: "quiet"}, "by the route " + one.path));
}

// ---- the last day

const DAY_MS = 86400e3;
const EVENTS = 100;

/** From what query nodes wrote down, which knows of alerts of the fleet, too, and from the series ALERTS, which is there without a directory. */
async function historyOfAlerts() {
  const end = Date.now(), start = end - DAY_MS;
  const [told, sampled] = await Promise.allSettled([json("alertmanager/history?limit=5000"), alertSeries(start, end)]);
  const rows = told.status === "fulfilled" ? told.value.rows : [];
  const spans = [...transitions(rows, end), ...(sampled.status === "fulfilled" ? sampled.value : [])];
  const failed = [told, sampled].filter(one => one.status === "rejected").map(one => el("p", {class: "quiet"}, "Not readable: " + one.reason.message));
  const cut = told.value?.cut ? [el("p", {class: "quiet"}, "More has happened than is shown.")] : [];
  byId("history").replaceChildren(...failed, spans.length ? bars(spans, start, end) : el("p", {class: "quiet"}, "Nothing has fired."), ...cut);
  byId("events").replaceChildren(...(rows.length ? rows.slice(0, EVENTS).map(eventRow)
    : [none(4, told.value?.kept === false ? "Not kept: muster.alertmanager.dir is not set." : "Nothing.")]));
}

/** Times at which rules' alerts were pending or fired, by their samples. */
async function alertSeries(startMs, endMs) {
  const step = 300, end = Math.ceil(endMs / 1000 / step) * step, start = Math.floor(startMs / 1000 / step) * step;
  const query = 'max by (alertname, alertstate) (max_over_time(ALERTS[5m]))';
  const answer = await json("api/v1/query_range", {method: "POST", body: new URLSearchParams({query, start, end, step})});
  return answer.data.result.flatMap(one => one.values.map(([t]) =>
    ({name: one.metric.alertname, state: one.metric.alertstate, from: (t - step) * 1000, to: t * 1000})));
}

/** Times at which alerts were pending or fired, by what was written down of them. */
function transitions(rows, now) {
  const spans = [], begun = new Map();
  for (const row of rows.filter(one => one.kind === "alert").reverse()) {
    const at = Date.parse(row.ts), before = begun.get(row.fingerprint);
    const name = row.labels.alertname;
    if (before) spans.push({name, state: before.state, from: before.at, to: at});
    else if (row.event === "resolved" || row.event === "inactive") {
      spans.push({name, state: row.event === "resolved" ? "firing" : "pending", from: Date.parse(row.startsAt), to: at});
    }
    if (row.event === "firing" || row.event === "pending") begun.set(row.fingerprint, {state: row.event, at, name});
    else begun.delete(row.fingerprint);
  }
  for (const one of begun.values()) spans.push({name: one.name, state: one.state, from: one.at, to: now});
  return spans;
}

/** Spans without what they have in common. */
function united(spans) {
  const all = [];
  for (const one of spans.sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && one.from <= last.to) last.to = Math.max(last.to, one.to);
    else all.push({from: one.from, to: one.to});
  }
  return all;
}

/** A line for each alert: pale where it was pending, dark where it fired. */
function bars(spans, start, end) {
  const names = [...new Set(spans.map(one => one.name))].sort();
  return el("table", {class: "list bars"}, el("tbody", {}, ...names.map(name => {
    const svg = el("svg", {viewBox: "0 0 1440 12", preserveAspectRatio: "none", role: "img", "aria-label": name + " over the last day"});
    let fired = 0;
    for (const state of ["pending", "firing"]) {
      for (const one of united(spans.filter(some => some.name === name && some.state === state))) {
        const from = Math.max(one.from, start), to = Math.min(one.to, end);
        if (to < from) continue;
        if (state === "firing") fired += to - from;
        svg.append(el("rect", {class: state, x: (from - start) / 60000, y: 0, width: Math.max((to - from) / 60000, 2), height: 12}));
      }
    }
    return el("tr", {}, cell(name), cell(svg), cell(fired ? "fired for " + span(fired) : "only pending"));
  })));
}

const PLACE = {alert: row => [row.labels.alertname, labelText(row.labels)],
  notification: row => [row.receiver + " by " + row.integration, labelText(row.labels) || row.groupKey],
  silence: row => [row.acknowledgement ? "acknowledgement" : "silence", row.matchers.join(", ")]};

function eventRow(row) {
  const [what, where] = PLACE[row.kind](row);
  const details = {
    alert: () => [row.reason || reason(row.annotations), row.hostsShare === undefined ? "" : "decided on " + Math.floor(row.hostsShare * 1000) / 10 + " % of hosts"],
    notification: () => [row.firing + " firing, " + row.resolved + " resolved", row.attempts > 1 ? row.attempts + " tries" : "", row.maybeDuplicate ? "maybe told before" : "", row.reason],
    silence: () => [row.createdBy, row.comment, row.event === "expired" ? "" : "until " + new Date(row.endsAt).toLocaleString()]}[row.kind]();
  return el("tr", {class: row.kind}, el("td", {class: "word", title: row.ts}, new Date(row.ts).toLocaleTimeString()), el("td", {class: "word"}, row.event),
    cell(el("b", {}, what), el("div", {class: "quiet"}, where)), cell(details.filter(Boolean).join(" · ")));
}

// ---- start

async function look() {
  try {
    const [managed, silences, rules] = await Promise.all([json(MANAGER + "alerts"), json(MANAGER + "silences"), json("api/v1/rules")]);
    alerts = merged(managed, rules.data.groups);
    showAlerts();
    showSilences(silences);
    showFailing(rules.data.groups);
  } catch (error) {
    byId("state").textContent = "cannot be read";
    byId("state").className = "live off";
    trouble(error);
  }
}

addEventListener("DOMContentLoaded", () => {
  byId("only").addEventListener("input", showAlerts);
  byId("muted").addEventListener("change", showAlerts);
  byId("silence").addEventListener("submit", silence);
  byId("matchers").addEventListener("input", matched);
  byId("dismiss").addEventListener("click", () => { byId("silence-section").hidden = true; });
  byId("new-silence").addEventListener("click", () => propose(null, "2h", ""));
  byId("route").addEventListener("submit", route);
  setInterval(() => { if (!document.hidden) look(); }, PAUSE_MS);
  setInterval(() => { if (!document.hidden) historyOfAlerts(); }, HISTORY_MS);
  setInterval(() => {
    for (const node of document.querySelectorAll("[data-since]")) node.textContent = span(Date.now() - Number(node.dataset.since));
  }, 1000);
  look();
  historyOfAlerts();
});
