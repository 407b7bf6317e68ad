"use strict";

// Firing and pending alerts with their reason, and rules that fail: read again every few seconds.

const PAUSE_MS = 5000;
const order = {firing: 0, pending: 1};

function cell(row, text, title) {
  const td = document.createElement("td");
  td.textContent = text;
  if (title) td.title = title;
  row.append(td);
  return td;
}

function since(time) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1000));
  if (seconds < 90) return seconds + " s";
  if (seconds < 5400) return Math.round(seconds / 60) + " min";
  return seconds < 129600 ? Math.round(seconds / 3600) + " h" : Math.round(seconds / 86400) + " d";
}

function reason(annotations) {
  return annotations.summary || annotations.description || annotations.message || Object.values(annotations).join("; ");
}

function labels(all) {
  return Object.entries(all).filter(([name]) => name !== "alertname").map(([name, value]) => name + "=" + value).join(", ");
}

function alertRow(alert, rule) {
  const row = document.createElement("tr");
  row.className = alert.state;
  cell(row, alert.state + (alert.keepFiringSince ? ", kept" : ""));
  const link = document.createElement("a");
  link.href = "./?q=" + encodeURIComponent(rule.query);
  link.textContent = alert.labels.alertname;
  cell(row, "", rule.query).append(link);
  cell(row, labels(alert.labels));
  cell(row, reason(alert.annotations));
  cell(row, String(Number(alert.value)), alert.value);
  cell(row, since(alert.activeAt), alert.activeAt);
  cell(row, alert.completeness === undefined ? "" : Math.floor(alert.completeness * 1000) / 10 + " % of hosts");
  return row;
}

function empty(body, columns, text) {
  const row = document.createElement("tr");
  cell(row, text).colSpan = columns;
  body.replaceChildren(row);
}

function show(groups) {
  const found = [];
  const failing = [];
  for (const group of groups) {
    for (const rule of group.rules) {
      for (const alert of rule.alerts || []) found.push([alert, rule]);
      if (rule.health === "err") failing.push([group, rule]);
    }
  }
  found.sort(([a], [b]) => order[a.state] - order[b.state] || Date.parse(b.activeAt) - Date.parse(a.activeAt));
  const alerts = document.getElementById("alerts");
  if (found.length === 0) empty(alerts, 7, "Nothing is pending or firing.");
  else alerts.replaceChildren(...found.slice(0, 1000).map(([alert, rule]) => alertRow(alert, rule)));
  const errors = document.getElementById("failing");
  if (failing.length === 0) empty(errors, 3, "None.");
  else errors.replaceChildren(...failing.map(([group, rule]) => {
    const row = document.createElement("tr");
    cell(row, group.name, group.file);
    cell(row, rule.name, rule.query);
    cell(row, rule.lastError);
    return row;
  }));
  const firing = found.filter(([alert]) => alert.state === "firing").length;
  document.getElementById("state").textContent = firing + " firing, " + (found.length - firing) + " pending";
}

async function look() {
  try {
    const answer = await (await fetch("api/v1/rules")).json();
    show(answer.data.groups);
  } catch (error) {
    document.getElementById("state").textContent = "rules cannot be read: " + error.message;
  }
  setTimeout(look, PAUSE_MS);
}

look();
