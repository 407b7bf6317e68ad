"use strict";
// What the pages share: elements, numbers and times as text, and the chart. No libraries, no build.

const byId = id => document.getElementById(id);

/** An element; attributes that are functions become listeners, children that are texts become text. */
function el(tag, attributes, ...children) {
  const node = document.createElementNS(
    SVG_TAGS.has(tag) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml", tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}
const SVG_TAGS = new Set(["svg", "path", "line", "text", "g", "rect"]);

function compact(number) {
  if (!Number.isFinite(number)) return String(number);
  const size = Math.abs(number);
  for (const [unit, symbol] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
    if (size >= unit) return trim(number / unit) + symbol;
  }
  if (size !== 0 && size < 0.001) return number.toExponential(1);
  return trim(number);
}
const trim = number => String(Number(number.toPrecision(3)));

function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return seconds + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min " + (seconds % 60) + " s";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h " + Math.floor(seconds % 3600 / 60) + " min";
  return Math.floor(seconds / 86400) + " d " + Math.floor(seconds % 86400 / 3600) + " h";
}
const clock = ms => new Date(ms).toLocaleTimeString([], {hour12: false});
const since = ms => el("span", {class: "since", "data-since": ms, title: new Date(ms).toISOString()}, span(Date.now() - ms));

function name(metric) {
  const labels = Object.entries(metric).filter(([key]) => key !== "__name__").map(([key, value]) => `${key}="${value}"`);
  return (metric.__name__ || "") + (labels.length || !metric.__name__ ? "{" + labels.join(", ") + "}" : "");
}

// ---- the chart

const COLOURS = ["#3b6fe0", "#e0662c", "#2c9a5b", "#b14fc5", "#c79a1b", "#d63c5e", "#1d9aa8", "#7c7f88", "#8a5a2b", "#5a55d6"];
const SERIES_SHOWN = 100;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
const niceStep = seconds => STEPS.find(step => step >= seconds) ?? 86400 * Math.ceil(seconds / 86400);

const hidden = new Set();

function chart(box, result, start, end, step) {
  const series = result.slice(0, SERIES_SHOWN).map((one, i) => ({
    name: name(one.metric), colour: COLOURS[i % COLOURS.length], dash: ["", "6 3", "2 2", "8 2 2 2"][Math.floor(i / COLOURS.length) % 4],
    points: one.values.map(([t, v]) => [t, Number(v.replace("Inf", "Infinity"))])}));
  const holder = el("div", {class: "chart"});
  const legend = el("div", {class: "legend", role: "group", "aria-label": "Series: press to show or hide"});
  const paths = new Map();
  const draw = () => drawChart(holder, series.filter(one => !hidden.has(one.name)), start, end, step, paths);
  for (const one of series) {
    legend.append(el("button", {type: "button", "aria-pressed": String(!hidden.has(one.name)), click: event => {
      if (!hidden.delete(one.name)) hidden.add(one.name);
      event.currentTarget.setAttribute("aria-pressed", String(!hidden.has(one.name)));
      draw();
    }, mouseenter: () => emphasise(paths, one.name), mouseleave: () => emphasise(paths, null),
      focus: () => emphasise(paths, one.name), blur: () => emphasise(paths, null)},
      el("span", {class: "swatch", style: "background:" + one.colour}), one.name));
  }
  const scrolled = box.querySelector(".legend")?.scrollTop || 0;
  const focus = [...box.querySelectorAll(".legend button")].indexOf(document.activeElement);
  box.replaceChildren(holder, legend);
  if (result.length > SERIES_SHOWN) legend.append(el("span", {class: "quiet"}, `and ${result.length - SERIES_SHOWN} more, not drawn`));
  legend.scrollTop = scrolled;
  if (focus >= 0) legend.querySelectorAll("button")[focus]?.focus();
  draw();
}

function emphasise(paths, which) {
  for (const [key, path] of paths) path.setAttribute("class", which === null ? "" : key === which ? "strong" : "dim");
}

function ticks(low, high, count) {
  const rough = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].map(factor => factor * unit).find(factor => factor >= rough);
  const list = [];
  for (let at = Math.ceil(low / size - 1e-9) * size; at <= high + size * 1e-9; at += size) list.push(Math.abs(at) < size * 1e-9 ? 0 : at);
  return list;
}

function drawChart(holder, series, start, end, step, paths) {
  const width = holder.clientWidth || 900, height = 352, left = 58, right = 12, top = 10, bottom = 26;
  let low = Infinity, high = -Infinity;
  for (const one of series) for (const [, v] of one.points) if (Number.isFinite(v)) { low = Math.min(low, v); high = Math.max(high, v); }
  if (low > high) { low = 0; high = 1; }
  if (low > 0 && low < (high - low) * 2) low = 0;
  if (low === high) { const room = Math.abs(low) * 0.1 || 1; low -= low > 0 && low - room < 0 ? low : room; high += room; }
  const x = t => left + (t - start) / Math.max(1, end - start) * (width - left - right);
  const y = v => top + (high - v) / (high - low) * (height - top - bottom);
  const svg = el("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${series.length} series from ${new Date(start * 1000).toLocaleString()} to ${new Date(end * 1000).toLocaleString()}`});
  for (const v of ticks(low, high, 6)) {
    svg.append(el("line", {class: "grid", x1: left, x2: width - right, y1: y(v), y2: y(v)}),
      el("text", {x: left - 7, y: y(v) + 4, "text-anchor": "end"}, compact(v)));
  }
  const every = niceStep((end - start) / Math.max(2, Math.floor(width / 110)));
  const offset = new Date(start * 1000).getTimezoneOffset() * 60;
  for (let t = Math.ceil((start - offset) / every) * every + offset; t <= end; t += every) {
    const date = new Date(t * 1000);
    const text = every >= 86400 ? date.toLocaleDateString([], {month: "short", day: "numeric"})
      : date.toLocaleTimeString([], {hour12: false, hour: "2-digit", minute: "2-digit", second: every < 60 ? "2-digit" : undefined});
    svg.append(el("line", {class: "grid", x1: x(t), x2: x(t), y1: top, y2: height - bottom}),
      el("text", {x: x(t), y: height - 8, "text-anchor": "middle"}, text));
  }
  svg.append(el("line", {class: "axis", x1: left, x2: width - right, y1: height - bottom, y2: height - bottom}));
  paths.clear();
  for (const one of series) {
    let d = "", last = null;
    for (const [t, v] of one.points) {
      if (!Number.isFinite(v)) { last = null; continue; }
      const joined = last !== null && t - last < step * 1.5;
      d += (joined ? "L" : "M") + x(t).toFixed(1) + " " + y(v).toFixed(1) + (joined ? "" : "h.1");
      last = t;
    }
    const path = el("path", {d, stroke: one.colour, "stroke-dasharray": one.dash, "stroke-linecap": "round"});
    paths.set(one.name, path);
    svg.append(path);
  }
  const cross = el("line", {class: "cross", y1: top, y2: height - bottom, visibility: "hidden"});
  const tip = el("div", {class: "tip", hidden: ""});
  svg.append(cross);
  svg.addEventListener("pointermove", event => {
    const box = svg.getBoundingClientRect();
    const t = start + Math.round((((event.clientX - box.left) / box.width * width - left) / (width - left - right) * (end - start)) / step) * step;
    point(tip, cross, series, Math.min(end, Math.max(start, t)), x, width);
  });
  svg.addEventListener("pointerleave", () => { tip.hidden = true; cross.setAttribute("visibility", "hidden"); });
  holder.replaceChildren(svg, tip);
}

function point(tip, cross, series, t, x, width) {
  const rows = series.map(one => ({one, value: one.points.find(([at]) => Math.abs(at - t) < 1e-6)?.[1]}))
    .filter(row => row.value !== undefined).sort((a, b) => b.value - a.value);
  cross.setAttribute("x1", x(t));
  cross.setAttribute("x2", x(t));
  cross.setAttribute("visibility", "visible");
  tip.hidden = rows.length === 0;
  tip.replaceChildren(el("div", {class: "quiet"}, new Date(t * 1000).toLocaleString([], {hour12: false})),
    el("table", {}, ...rows.slice(0, 12).map(row => el("tr", {},
      el("td", {}, el("span", {class: "swatch", style: "display:inline-block;background:" + row.one.colour})),
      el("td", {}, row.one.name), el("td", {}, String(Number(row.value.toPrecision(6))))))),
    rows.length > 12 ? el("div", {class: "quiet"}, `and ${rows.length - 12} more`) : "");
  const share = x(t) / width;
  tip.style.left = share < 0.5 ? `calc(${share * 100}% + 14px)` : "auto";
  tip.style.right = share < 0.5 ? "auto" : `calc(${(1 - share) * 100}% + 14px)`;
  tip.style.top = "10px";
}
