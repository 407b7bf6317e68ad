"use strict";
// The page: the fleet as it is told by events, and a query box.

// ---- the fleet

const opened = new Set();
let heardMs = 0;
let told = "";
let shown = null;

function follow() {
  const events = new EventSource("/api/v1/fleet/events");
  events.onmessage = message => {
    heardMs = Date.now();
    live();
    showFleet(JSON.parse(message.data));
  };
  events.onerror = () => {
    live();
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, 1000);
  };
}

function live() {
  const on = Date.now() - heardMs < 5000;
  const text = on ? "live" : heardMs ? "no word from this query node since " + clock(heardMs) : "connecting";
  const node = byId("live");
  if (node.textContent !== text) node.textContent = text;
  node.className = "live " + (on ? "on" : heardMs ? "off" : "");
}

function showFleet(fleet) {
  // ages change with every event: what people read changes only with states
  const now = JSON.stringify(fleet.cells.map(cell => [cell.cell, cell.stale, cell.degraded, cell.coverage, cell.observers, cell.counts,
    cell.members.map(member => [member.host, member.url, member.state, member.reason, member.sinceMs]),
    cell.services.map(service => [service.host, service.job, service.instance, service.state, service.reason, service.sinceMs])]));
  shown = fleet;
  for (const cell of fleet.cells) {
    const node = document.querySelector(`[data-age="${CSS.escape(cell.cell)}"]`);
    if (node) node.textContent = age(cell);
  }
  if (now === told) return;
  told = now;
  byId("alarms").replaceChildren(...fleet.cells.flatMap(alarms));
  if (fleet.cells.length === 0) return;
  const focused = document.activeElement?.dataset?.host;
  byId("fleet").replaceChildren(...showZones(fleet));
  if (focused) document.querySelector(`[data-host="${CSS.escape(focused)}"]`)?.focus();
}

const CAUSES = {
  AGENT_DOWN: "its agent process is gone",
  AGENT_STALLED: "its agent is silent, though the port takes connections",
  UNREACHABLE: "neither the agent nor its host can be reached",
  PARTIAL: "some agents hear it and some do not: a fault of the network",
  NOT_HEARD: "not heard yet",
  NO_OBSERVER: "nobody is left who could tell",
  SERVICE_DOWN: "it does not answer, or says that it is ill",
  HOST_DOWN: "its host is dead: a quorum does not hear it, and nothing on it answers",
  ONE_WAY: "it hears nobody, though others hear it",
  RACK_DOWN: "its whole rack fell silent at once",
  ZONE_STALE: "much of its zone fell silent at once",
  PARTITION: "those who tell are cut off from too much of the cell to judge",
  MISSING: "it should be there, and nobody knows where it went",
  RESTARTING: "its agent has announced that it starts anew",
  DRAIN: "its host is being emptied",
  MAINT: "its host is worked on",
  CAPACITY: "those who took over have no room to look after it",
  UNPROBEABLE: "it can be reached from its own host only, and its agent is lost",
};
const cause = member => CAUSES[member.cause] || member.reason;

/** Who says how a service is, where it is not its own agent. */
const BY = {peer: "seen by a peer", host: "concluded from its host", inferred: "concluded later", none: "nobody can say"};
const by = service => BY[service.provenance] || "";

/** What became of the services of a host that is down: peers may go on with some of them. */
function withIt(member) {
  const up = member.servicesUp, gone = member.services - up;
  const go = up === 1 ? "1 service goes on, seen by a peer" : up + " services go on, seen by peers";
  return up === 0 ? gone + " services with it" : gone === 0 ? go : gone + " services with it, " + go;
}

/** A few names, and how many more. */
const few = names => names.length > 4 ? names.slice(0, 3).join(", ") + " and " + (names.length - 3) + " more" : names.join(", ");

/** Who found a host down, and who looks after its services. */
function onlookers(member) {
  const witnesses = member.witnesses || [], takers = member.takenBy || [];
  return [witnesses.length ? "found by " + few(witnesses) : "", takers.length ? "services looked after by " + takers.join(", ") : ""]
    .filter(Boolean).join("; ");
}

function alarms(cell) {
  const list = [];
  if (cell.stale) {
    list.push(el("p", {class: "alarm warn"}, el("b", {}, "cell " + cell.cell),
      ": no agent of it answers, nothing can be said of its members"));
  }
  for (const member of cell.members) {
    if (member.state === "down") {
      list.push(el("p", {class: "alarm"}, el("b", {}, member.host + " is down"), ": " + cause(member),
        ", since " + clock(member.sinceMs) + " (", since(member.sinceMs), "), ", withIt(member),
        onlookers(member) ? el("div", {class: "quiet"}, onlookers(member)) : null));
    }
  }
  const down = new Set(cell.members.filter(member => member.state === "down").map(member => member.host));
  for (const service of cell.services) {
    if (service.state === "down" && !down.has(service.host)) {
      list.push(el("p", {class: "alarm"}, el("b", {}, service.job + " at " + service.instance + " is down"), ": " + service.reason,
        ", since " + clock(service.sinceMs) + " (", since(service.sinceMs), "), seen by " + service.host));
    }
  }
  if (list.length > 8) {
    list.splice(8, list.length, el("p", {class: "alarm"}, "and " + (list.length - 8) + " more"));
  }
  return list;
}

const age = cell => "heard " + (cell.ageMs < 2000 ? "just now" : span(cell.ageMs) + " ago");

/** Cells by zone; one without a zone has no headline. Of a large fleet, cells in which all is well are one line. */
function showZones(fleet) {
  const zones = Map.groupBy ? Map.groupBy(fleet.cells, cell => cell.zone) : new Map([["", fleet.cells]]);
  return [...zones].sort(([a], [b]) => a.localeCompare(b)).flatMap(([zone, cells]) => {
    const counts = fleet.zones.find(one => one.zone === zone)?.counts;
    const head = zone ? [el("h3", {class: "zone"}, "Zone " + zone, counts ? el("span", {class: "quiet"},
      ` ${counts.up} of ${counts.hosts} agents up · ${compact(counts.servicesUp)} of ${compact(counts.services)} services up`) : null)] : [];
    const well = cells.filter(cell => cell.members.length === 0 && !cell.stale);
    const rest = cells.filter(cell => !well.includes(cell)).map(showCell);
    const line = well.length ? [el("p", {class: "quiet"}, well.length + (well.length === 1 ? " cell" : " cells") + " in which all is well")] : [];
    return [...head, ...rest, ...line];
  });
}

function showCell(cell) {
  const counts = cell.counts;
  const parts = [`${counts.up} of ${counts.hosts} agents up`, `${compact(counts.servicesUp)} of ${compact(counts.services)} services up`];
  if (counts.servicesUnknown) parts.push(`${compact(counts.servicesUnknown)} services unknown`);
  if (counts.servicesMaint) parts.push(`${compact(counts.servicesMaint)} under maintenance`);
  parts.push(Math.round(cell.coverage * 100) + " % known");
  if (cell.degraded) parts.push("bus degraded");
  if (cell.observers.length) parts.push("told by " + cell.observers.join(", "));
  const rank = {down: 0, suspect: 1, unknown: 2, up: 3, left: 4};
  const members = [...cell.members].sort((a, b) => rank[a.state] - rank[b.state] || a.host.localeCompare(b.host));
  return el("div", {class: "cell"},
    el("div", {class: "head"}, el("h3", {}, "Cell " + cell.cell), el("span", {class: "quiet"}, parts.join(" · "), " · ",
      el("span", {"data-age": cell.cell}, age(cell)))),
    el("div", {class: "agents"}, ...members.map(member => showAgent(cell, member))));
}

function showAgent(cell, member) {
  const key = cell.cell + "/" + member.host;
  const services = cell.services.filter(service => service.host === member.host);
  const wrong = services.filter(service => service.state === "down").length;
  const open = opened.has(key);
  const why = member.state !== "up" && cause(member) ? cause(member) + ", " : "";
  return el("details", {class: "agent " + member.state, open: open ? "" : false,
      toggle: event => {
        if (event.target.open) { opened.add(key); learn(cell.cell, member.host); } else opened.delete(key);
      }},
    el("summary", {"data-host": key},
      el("span", {class: "top"}, el("span", {class: "host"}, member.host), el("span", {class: "badge " + member.state}, member.state)),
      el("span", {class: "sub"},
        el("span", {}, why, member.state === "up" ? "up for " : "for ", since(member.sinceMs)),
        el("span", {}, services.length === 0 ? "no services"
          : wrong ? `${wrong} of ${services.length} services down` : `${services.length} services up`))),
    onlookers(member) ? el("p", {class: "quiet onlookers"}, onlookers(member)) : null,
    services.length ? showServices(cell.cell, services) : null);
}

// ---- what services say of themselves: target_info, asked for the hosts that are open

const INFO_MS = 30000;
const infos = new Map();
const INFO_FIRST = ["owner", "team", "version"];
const NO_INFO = new Set(["__name__", "job", "instance", "cell", "host", "runbook"]);
const infoKey = (job, instance) => job + "\n" + instance;

async function learn(cell, host) {
  const key = cell + "/" + host;
  const before = infos.get(key);
  if (before && Date.now() - before.atMs < INFO_MS) return;
  const entry = {atMs: Date.now(), of: before?.of || new Map()};
  infos.set(key, entry);
  const text = value => '"' + value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n") + '"';
  try {
    const query = `target_info{cell=${text(cell)},host=${text(host)}}`;
    const answer = await (await fetch("/api/v1/query", {method: "POST", body: new URLSearchParams({query})})).json();
    if (answer.status !== "success" || !Array.isArray(answer.data.result)) return;
    entry.of = new Map(answer.data.result.map(one => [infoKey(one.metric.job, one.metric.instance), one.metric]));
    if (shown) { told = ""; showFleet(shown); }
  } catch (e) {
    live(); // the node does not answer: the badge says so
  }
}

/** Only http and https: a registered text must not become a script. */
function webLink(text) {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch (e) {
    return null;
  }
}

function showInfo(info) {
  if (!info) return null;
  const rest = Object.keys(info).filter(name => !NO_INFO.has(name) && !INFO_FIRST.includes(name));
  const parts = [...INFO_FIRST.filter(name => info[name]), ...rest].slice(0, 8)
    .map(name => el("span", {}, el("span", {class: "quiet"}, name + " "), info[name]));
  const link = info.runbook && webLink(info.runbook);
  if (link) parts.push(el("a", {href: link, target: "_blank", rel: "noopener noreferrer"}, "runbook"));
  else if (info.runbook) parts.push(el("span", {}, el("span", {class: "quiet"}, "runbook "), info.runbook));
  return parts.length ? el("div", {class: "info"}, ...parts) : null;
}

function showServices(cell, services) {
  const sorted = [...services].sort((a, b) => (a.state === "up") - (b.state === "up") || a.job.localeCompare(b.job));
  return el("table", {class: "services"}, el("tbody", {}, ...sorted.map(service =>
    el("tr", {}, el("td", {}, el("span", {class: "badge " + service.state}, service.state)),
      el("td", {}, service.job, " ", el("a", {class: "quiet", title: "Why is it as it is?",
        href: "why?" + new URLSearchParams({cell, host: service.host, target: service.instance, job: service.job})}, service.instance),
        service.reason || by(service) ? el("div", {class: "why"}, [service.reason, by(service)].filter(Boolean).join(", ")) : null,
        showInfo(infos.get(cell + "/" + service.host)?.of.get(infoKey(service.job, service.instance)))),
      el("td", {class: "since"}, since(service.sinceMs))))));
}

async function totals() {
  try {
    const status = await (await fetch("/api/v1/status/muster")).json();
    const counts = (id, up, all) => {
      byId(id).textContent = `${up}/${all}`;
      byId(id).className = up < all ? "bad" : "";
    };
    counts("t-agents", status.agentsUp, status.agents);
    counts("t-targets", status.targetsUp, status.targets);
    byId("t-series").textContent = compact(status.series);
    byId("t-rate").textContent = compact(status.samplesPerSecond);
    byId("t-blocks").textContent = compact(status.blocks);
  } catch (e) {
    live(); // the node does not answer: the badge says so
  }
}

// ---- the query

const EXAMPLES = [
  "up",
  "sum by (host) (rate(node_cpu_seconds_total{mode!=\"idle\"}[1m]))",
  "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
  "sum by (host) (rate(node_network_receive_bytes_total[1m]))",
  "topk(5, scrape_duration_seconds)",
];
const state = {q: "", view: "graph", range: 900, end: ""};
let asked = null;

function load() {
  const hash = new URLSearchParams(location.hash.slice(1));
  state.q = hash.get("q") ?? state.q;
  state.view = hash.get("view") === "table" ? "table" : "graph";
  state.range = Number(hash.get("range")) || 900;
  state.end = hash.get("end") || "";
  byId("expression").value = state.q;
  byId("end").value = state.end;
  press();
}

function save() {
  const hash = new URLSearchParams({q: state.q, view: state.view, range: state.range});
  if (state.end) hash.set("end", state.end);
  history.replaceState(null, "", "#" + hash);
}

function press() {
  for (const button of document.querySelectorAll("[data-view]"))
    button.setAttribute("aria-pressed", button.dataset.view === state.view);
  for (const button of document.querySelectorAll("[data-range]"))
    button.setAttribute("aria-pressed", Number(button.dataset.range) === state.range);
}

async function run(quietly) {
  state.q = byId("expression").value.trim();
  state.end = byId("end").value;
  save();
  if (!state.q) return;
  asked?.abort();
  const mine = asked = new AbortController();
  const end = state.end ? new Date(state.end).getTime() / 1000 : Date.now() / 1000;
  const form = new URLSearchParams({query: state.q});
  let path = "/api/v1/query";
  const step = niceStep(state.range / 300);
  if (state.view === "graph") {
    path = "/api/v1/query_range";
    const last = Math.floor(end / step) * step;
    form.set("start", last - Math.floor(state.range / step) * step);
    form.set("end", last);
    form.set("step", step);
  } else {
    form.set("time", end);
  }
  if (!quietly) byId("answer").classList.add("busy");
  const began = performance.now();
  try {
    const response = await fetch(path, {method: "POST", body: form, signal: mine.signal});
    const answer = await response.json();
    if (mine !== asked) return;
    show(answer, form, step, performance.now() - began);
  } catch (e) {
    if (e.name !== "AbortError") problem([["The query node does not answer", String(e.message || e)]], []);
  } finally {
    if (mine === asked) byId("answer").classList.remove("busy");
  }
}

function problem(errors, warnings) {
  byId("problem").replaceChildren(
    ...errors.map(([title, text]) => el("div", {class: "alarm"}, el("b", {}, title), el("pre", {}, text))),
    ...warnings.slice(0, 5).map(text => el("div", {class: "alarm warn"}, el("b", {}, "Not the whole answer: "), text)));
}

function show(answer, form, step, ms) {
  if (answer.status !== "success") {
    problem([[answer.errorType === "bad_data" ? "This query is not understood" : "No answer (" + answer.errorType + ")", answer.error]], []);
    return;
  }
  problem([], answer.warnings || []);
  const {resultType, result} = answer.data;
  const box = byId("answer");
  const many = resultType === "vector" || resultType === "matrix";
  const size = many ? result.length : 1;
  byId("foot").textContent = `${size} series in ${Math.round(ms)} ms. `;
  if (many && size === 0) {
    box.replaceChildren(el("p", {class: "quiet"}, "No series match. Metric names may be completed in the box above."));
  } else if (resultType === "matrix" && state.view === "graph") {
    chart(box, result, Number(form.get("start")), Number(form.get("end")), step);
  } else {
    table(box, resultType, result);
  }
}

function table(box, type, result) {
  const rows = type === "scalar" || type === "string" ? [{metric: {}, value: result}] : result;
  const body = rows.slice(0, 2000).map(row => el("tr", {},
    el("td", {}, el("b", {}, row.metric.__name__ || ""), ...Object.entries(row.metric).filter(([key]) => key !== "__name__")
      .flatMap(([key, value], i) => [i ? ", " : row.metric.__name__ ? " " : "", key + "=", el("i", {}, `"${value}"`)])),
    el("td", {}, row.value ? row.value[1] : row.values.map(([t, v]) => `${v} @${t}`).slice(-20).join("\n"))));
  box.replaceChildren(el("table", {class: "answers"},
    el("thead", {}, el("tr", {}, el("th", {scope: "col"}, rows.length > 2000 ? "Series (the first 2000)" : "Series"), el("th", {scope: "col"}, "Value"))),
    el("tbody", {}, ...body)));
}

// ---- what queries cost

const LOAD_MS = 2000;
let topBy = "topBySumDuration";

/** A table with a header; a cell is a text or an element. */
function costs(head, rows, none) {
  if (!rows.length) return el("p", {class: "quiet"}, none);
  return el("table", {class: "costs"},
    el("thead", {}, el("tr", {}, ...head.map(text => el("th", {}, text)))),
    el("tbody", {}, ...rows.map(row => el("tr", {}, ...row.map(cell => el("td", {}, cell))))));
}

/** Takes a query into the box, where it can be looked at and run. */
function takeable(query) {
  if (!query) return el("span", {class: "quiet"}, "no query");
  return el("button", {type: "button", class: "take", title: "take into the query box", click: () => {
    byId("expression").value = query;
    byId("expression").focus();
  }}, query);
}

async function stopQuery(id, event) {
  event.target.disabled = true;
  try {
    await fetch("/api/v1/status/active_queries/" + encodeURIComponent(id) + "/cancel", {method: "POST"});
  } finally {
    loadOfQueries();
  }
}

async function loadOfQueries() {
  if (!byId("load").open || document.hidden) return;
  try {
    const [active, top] = await Promise.all(["/api/v1/status/active_queries", "/api/v1/status/top_queries?topN=15"]
      .map(async path => (await fetch(path)).json()));
    byId("active").replaceChildren(costs(
      ["call", "class", "phase", "for", "series", "samples", "fetched", "memory", "who", "query", ""],
      active.data.map(one => [one.call, one.class, one.phase, trim(one.seconds) + " s", compact(one.series), compact(one.samples),
        compact(one.fetchedBytes) + "B", compact(one.memoryBytes) + "B", one.client, takeable(one.query),
        el("button", {type: "button", "aria-label": "cancel query " + one.id, click: event => stopQuery(one.id, event)}, "cancel")]),
      "No query runs or waits."));
    const sum = one => one.sumDurationSeconds !== undefined ? trim(one.sumDurationSeconds) + " s" :
      one.avgDurationSeconds !== undefined ? trim(one.avgDurationSeconds) + " s" :
      one.avgMemoryBytes !== undefined ? compact(one.avgMemoryBytes) + "B" : "";
    byId("top-since").textContent = "of the last " + span(1000 * parseFloat(top.maxLifetime));
    byId("top").replaceChildren(costs(["cost", "times", "samples", "range", "query"],
      top[topBy].map(one => [sum(one), String(one.count), compact(one.samples), span(1000 * one.timeRangeSeconds), takeable(one.query)]),
      "No query has been answered lately."));
  } catch (e) {
    byId("active").replaceChildren(el("p", {class: "quiet"}, "This node does not answer."));
  }
}

// ---- start

async function metrics() {
  const list = byId("metrics");
  if (list.children.length) return;
  try {
    const answer = await (await fetch("/api/v1/label/__name__/values?limit=3000&start=" + (Date.now() / 1000 - 600))).json();
    list.replaceChildren(...(answer.data || []).map(value => el("option", {value})));
  } catch (e) {
    list.replaceChildren(); // only a convenience
  }
}

addEventListener("DOMContentLoaded", () => {
  for (const example of EXAMPLES) {
    byId("examples").append(el("button", {type: "button", click: () => { byId("expression").value = example; run(); }}, example));
  }
  byId("query").addEventListener("submit", event => { event.preventDefault(); run(); });
  byId("expression").addEventListener("focus", metrics);
  byId("end").addEventListener("change", () => run());
  for (const button of document.querySelectorAll("[data-view]"))
    button.addEventListener("click", () => { state.view = button.dataset.view; press(); run(); });
  for (const button of document.querySelectorAll("[data-range]"))
    button.addEventListener("click", () => { state.range = Number(button.dataset.range); press(); run(); });
  addEventListener("keydown", event => {
    const typing = ["INPUT", "TEXTAREA"].includes(document.activeElement?.tagName);
    if (event.key === "/" && !typing) { event.preventDefault(); byId("expression").select(); }
    if (event.key === "Escape" && document.activeElement === byId("expression")) byId("expression").value = "";
  });
  addEventListener("hashchange", () => { load(); run(); });
  byId("load").addEventListener("toggle", loadOfQueries);
  for (const button of document.querySelectorAll("[data-top]")) button.addEventListener("click", () => {
    topBy = button.dataset.top;
    for (const other of document.querySelectorAll("[data-top]")) other.setAttribute("aria-pressed", String(other === button));
    loadOfQueries();
  });
  setInterval(loadOfQueries, LOAD_MS);
  let resizing = 0;
  addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(() => run(true), 200); });
  setInterval(() => {
    live();
    for (const node of document.querySelectorAll("[data-since]")) node.textContent = span(Date.now() - Number(node.dataset.since));
  }, 1000);
  setInterval(() => { if (byId("follow").checked && !byId("end").value && !document.hidden && !byId("problem").querySelector(".alarm:not(.warn)")) run(true); }, 5000);
  setInterval(() => { if (!document.hidden) totals(); }, 2000);
  setInterval(() => {
    if (document.hidden || !shown) return;
    for (const cell of shown.cells) for (const member of cell.members)
      if (opened.has(cell.cell + "/" + member.host)) learn(cell.cell, member.host);
  }, INFO_MS);
  load();
  if (!state.q) { byId("expression").value = EXAMPLES[0]; }
  totals();
  follow();
  run();
});
