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

async function historyOfAlerts() {
  const step = 300, end = Math.ceil(Date.now() / 1000 / step) * step, start = end - 86400;
  try {
    const query = 'max by (alertname, alertstate) (max_over_time(ALERTS[5m]))';
    const answer = await json("api/v1/query_range", {method: "POST", body: new URLSearchParams({query, start, end, step})});
    const names = [...new Set(answer.data.result.map(one => one.metric.alertname))].sort();
    byId("history").replaceChildren(names.length ? bars(names, answer.data.result, start, end, step)
      : el("p", {class: "quiet"}, "No rule has had an alert."));
  } catch (error) {
    byId("history").replaceChildren(el("p", {class: "quiet"}, "Not readable: " + error.message));
  }
}

/** A line for each alert: pale where it was pending, dark where it fired. */
function bars(names, result, start, end, step) {
  return el("table", {class: "list bars"}, el("tbody", {}, ...names.map(alertname => {
    const svg = el("svg", {viewBox: "0 0 288 12", preserveAspectRatio: "none", role: "img", "aria-label": alertname + " over the last day"});
    let firing = 0;
    for (const state of ["pending", "firing"]) {
      for (const one of result.filter(some => some.metric.alertname === alertname && some.metric.alertstate === state)) {
        if (state === "firing") firing += one.values.length * step;
        for (const [t] of one.values) svg.append(el("rect", {class: state, x: (t - start) / step - 1, y: 0, width: 1.05, height: 12}));
      }
    }
    return el("tr", {}, cell(alertname), cell(svg), cell(firing ? "fired for " + span(firing * 1000) : "only pending"));
  })));
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
