// The parts of the page around the chart: header, accuracy, counts, versions.

import { element, fact, fill, setText } from "./dom.js";
import * as format from "./format.js";
import { centre, centreName, quantilePairs } from "./series-data.js";

const MIN_RATE_MS = 1500;

const BASELINES = {
  "naive": "naive, which repeats the last value",
  "seasonal naive": "seasonal naive, which repeats the last season",
};

const STATES = {
  running: ["running", "The forecaster processes events."],
  waiting: ["waiting for a model", "No version is activated yet."],
  starting: ["starting", "The forecaster is starting or its partitions are being assigned."],
  failed: ["not running", "The forecaster has stopped."],
  unknown: ["no answer", "The forecaster does not answer."],
};

/** The state to show, of the API's status and models or else of the health: a key of STATES. */
export function stateOf(status, models, health) {
  const state = (status?.state ?? health?.state ?? "").toUpperCase();
  switch (state) {
    case "": return "unknown";
    case "WAITING": return "waiting";
    case "STARTING": case "CREATED": case "REBALANCING": return "starting";
    case "RUNNING": return models && models.versions.length === 0 ? "waiting" : "running";
    default: return "failed";
  }
}

/** A sentence for the operator while the forecaster does not run; null if it runs. */
export function noticeOf(state, health) {
  const reason = health?.reason ? `: ${health.reason}` : "";
  switch (state) {
    case "running": return null;
    case "waiting": return "Waiting for the first version. Train one and activate it: eddy train … --activate,"
      + " or eddy models activate VERSION.";
    case "unknown": return "The forecaster does not answer. The page connects again by itself.";
    default: return `The forecaster is ${STATES[state][0]}${reason}.`;
  }
}

/** The version that serves all series, or the first one. */
function servingVersion(models) {
  const serving = (models?.versions ?? []).filter(({ role }) => role === "serves");
  return serving.find(({ scope }) => scope === "all") ?? serving[0] ?? null;
}

/** Rates of counts, from the last statuses. */
export class Rates {
  #samples = [];

  add(status, atMs) {
    const last = this.#samples.at(-1);
    const { events, forecasts } = status.counts;
    if (last && (events < last.events || status.instance !== last.instance)) {
      this.#samples = [];
    }
    this.#samples.push({ atMs, events, forecasts, instance: status.instance });
    // Rates of about ten seconds are steady enough to read.
    while (this.#samples.length > 2 && atMs - this.#samples[1].atMs > 10000) {
      this.#samples.shift();
    }
  }

  /** Increase of a count per second; null if it is not known yet. */
  of(name) {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    return !last || last.atMs - first.atMs < MIN_RATE_MS
      ? null : (last[name] - first[name]) / (last.atMs - first.atMs) * 1000;
  }
}

export function showHeader(parts, state, status, models) {
  const [name, meaning] = STATES[state];
  setText(parts.state, name);
  parts.state.dataset.state = state;
  parts.state.title = meaning;
  if (!status) {
    return;
  }
  const serving = servingVersion(models);
  setText(parts.application, status.application);
  fill(parts.facts,
    fact("model", status.model),
    serving === null ? null : fact("version", element("code", {}, serving.version), `epoch ${serving.epoch}, ${serving.scope}`),
    fact("series", format.count(status.series.active)),
    instances(status));
}

function instances(status) {
  const failing = status.instances.filter(({ error }) => error);
  const count = status.instances.length;
  const text = failing.length === 0 ? format.count(count) : `${count - failing.length} of ${count}`;
  return fact("instances", text,
    status.instances.map(({ host, error }) => error ? `${host}: ${error}` : host).join("\n"));
}

function sum(counts) {
  return Object.values(counts ?? {}).reduce((total, number) => total + number, 0);
}

export function showFlow(parent, status, rates) {
  const { counts } = status;
  const perSecond = (name) => {
    const rate = rates.of(name);
    return rate === null ? null : element("small", {}, `${format.rate(rate)} /s`);
  };
  fill(parent,
    element("dl", { class: "numbers" },
      tile("events", format.count(counts.events), perSecond("events")),
      tile("forecasts", format.count(counts.forecasts), perSecond("forecasts")),
      tile("late", format.count(counts.late ?? 0)),
      tile("pending migrations", format.count(status.series.pendingMigrations))),
    reasons("Dead letters", counts.deadLetters, status.topics?.deadLetters),
    reasons("Dropped observations", counts.dropped));
}

function tile(term, value, more = null) {
  return element("div", {}, element("dt", {}, term), element("dd", {}, value, more ? " " : null, more));
}

function reasons(title, counts, topic = null) {
  const total = sum(counts);
  const entries = Object.entries(counts ?? {}).filter(([, number]) => number > 0)
    .sort(([, a], [, b]) => b - a);
  return element("div", { class: "reasons" },
    element("h3", {}, title, " ", element("span", { class: total > 0 ? "badge warn" : "badge" }, format.count(total))),
    total > 0 && topic ? element("p", { class: "note" }, "topic ", element("code", {}, topic)) : null,
    entries.length === 0 ? null : element("ul", {}, ...entries.map(([reason, number]) =>
      element("li", {}, element("span", {}, reason), element("span", { class: "number" }, format.count(number))))));
}

/** A share as a bar that is read out as text. */
function bar(share, label, kind = "") {
  const meter = element("span", { class: `meter ${kind}`, role: "img", "aria-label": label });
  const filled = element("i");
  filled.style.width = `${Math.round(100 * Math.max(0, Math.min(1, share)))}%`;
  meter.append(filled);
  return meter;
}

/** How much lower the error is than the baseline's. */
function skill(accuracy) {
  if (!accuracy || accuracy.skill === null || accuracy.skill === undefined) {
    return "–";
  }
  const better = accuracy.skill >= 0;
  return element("span", { class: better ? "good" : "bad" },
    `${format.percent(Math.abs(accuracy.skill))} ${better ? "lower" : "higher"}`);
}

/** Nominal and measured coverage of the bands: [[share, measured]]. */
function coverages(accuracy) {
  const measured = accuracy?.coverage ?? [];
  return quantilePairs(accuracy?.quantileLevels ?? [])
    .filter(({ low, high }) => measured[low] !== null && measured[high] !== null
      && measured[low] !== undefined && measured[high] !== undefined)
    .map(({ low, high, share }) => [share, measured[high] - measured[low]]);
}

export function showAccuracy(parent, accuracy, baselineName) {
  if (!accuracy || accuracy.forecasts === 0) {
    fill(parent, element("p", { class: "note" },
      "No forecast is scored yet. A forecast is scored when its horizon has passed."));
    return;
  }
  fill(parent,
    element("dl", { class: "numbers" },
      tile("error vs baseline", skill(accuracy)),
      tile("MASE", format.fixed(accuracy.mase, 3)),
      tile("baseline MASE", format.fixed(accuracy.baselineMase, 3)),
      tile("scored forecasts", format.count(accuracy.forecasts))),
    element("p", { class: "note" }, `Baseline: ${BASELINES[baselineName] ?? accuracy.baseline}.`),
    coverages(accuracy).length === 0 ? null : element("table", { class: "coverage" },
      element("caption", {}, "Coverage of the bands"),
      element("thead", {}, element("tr", {},
        element("th", { scope: "col", class: "number" }, "band"),
        element("th", { scope: "col", class: "number" }, "values inside"), element("td", {}, ""))),
      element("tbody", {}, ...coverages(accuracy).map(([share, measured]) => element("tr", {},
        element("td", { class: "number" }, format.level(share)),
        element("td", { class: "number" }, format.percent(measured, 1)),
        element("td", { class: "wide" }, coverageBar(share, measured)))))));
}

/** A bar of the measured coverage with a mark at the nominal one. */
function coverageBar(share, measured) {
  const result = bar(measured, `${format.percent(measured, 1)} of the values, ${format.level(share)} expected`);
  const mark = element("b");
  mark.style.left = `${100 * share}%`;
  result.append(mark);
  return result;
}

/** Progress of the migration of series to their versions; empty without one. */
export function showMigration(parent, series) {
  const { active, pendingMigrations } = series;
  if (pendingMigrations === 0) {
    fill(parent);
    return;
  }
  const done = Math.max(0, active - pendingMigrations);
  const text = `${format.count(done)} of ${format.count(active)} series migrated`;
  fill(parent, bar(active === 0 ? 0 : done / active, text, "moving"), ` ${text}`);
}

const VERSION_COLUMNS = [
  ["version", ""], ["role", ""], ["scope", ""], ["series", "number"], ["pending", "number"],
  ["error vs baseline", "number"], ["MASE", "number"], ["coverage", "number"],
  ["scored", "number"], ["epoch", "number"], ["since", ""], ["reason", "reason"],
];

export function showVersions(table, models) {
  if (models.versions.length === 0) {
    fill(table, element("tbody", {}, element("tr", {}, element("td", { class: "note" },
      "No version is activated. Train one and activate it: ",
      element("code", {}, "eddy train --topic TOPIC --out model.safetensors --activate")))));
    return;
  }
  fill(table,
    element("thead", {}, element("tr", {}, ...VERSION_COLUMNS.map(([name, kind]) =>
      element("th", { scope: "col", class: kind || null }, name)))),
    element("tbody", {}, ...models.versions.map((version) => versionRow(version))));
}

function versionRow(version) {
  const [widest] = coverages(version.accuracy);
  const cells = [
    element("code", {}, version.version),
    element("span", { class: `badge ${version.role}` }, version.role),
    version.scope,
    format.count(version.series),
    format.count(version.pendingMigrations),
    skill(version.accuracy),
    format.fixed(version.accuracy?.mase, 3),
    widest ? element("span", { title: `measured coverage of the ${format.level(widest[0])} band` },
      `${format.percent(widest[1], 1)} of ${format.level(widest[0])}`) : "–",
    format.count(version.accuracy?.forecasts ?? 0),
    format.count(version.epoch),
    version.sinceMs === null || version.sinceMs === undefined ? "at once" : format.time(version.sinceMs),
    version.rejected
      ? element("span", { class: "bad" }, `rejected: ${version.rejected}`) : version.reason ?? "",
  ];
  return element("tr", {}, ...cells.map((cell, i) =>
    element(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : null, class: VERSION_COLUMNS[i][1] || null }, cell)));
}

function mainComponents(forecast) {
  const groups = forecast.mainComponents.map(main =>
    `to step ${main.lastStep}: ${main.name} ${format.percent(main.weight, 0)}`);
  return `The component with the largest weight by steps ahead, ${groups.join(", ")}.`;
}

export function showSeries(parts, data) {
  const { detail, forecast } = data;
  const last = data.last;
  setText(parts.name, data.name);
  fill(parts.about,
    "version ", element("code", {}, forecast?.version ?? detail?.version ?? "–"),
    ` · epoch ${forecast?.epoch ?? detail?.epoch ?? "–"}`,
    detail?.partition === undefined ? null : ` · partition ${detail.partition}`,
    ` · step ${data.calendarInterval || format.duration(data.intervalMs)} · horizon ${format.duration(data.horizon * data.intervalMs)}`,
    detail?.pendingMigration ? element("span", { class: "badge warn" },
      `migrates to ${detail.pendingMigration.version}`) : null,
    forecast && forecast.warm === false ? element("span", { class: "badge warn", title:
      "The model has not seen as many steps as its context length." }, "warming up") : null,
    forecast?.provisional ? element("span", { class: "badge", title:
      "The forecast includes a step that is still open." }, "provisional") : null,
    forecast?.mainComponents?.length ? element("span", { class: "badge", title: mainComponents(forecast) },
      `mainly ${forecast.mainComponents[0].name}`) : null);
  const values = forecast ? centre(forecast) : [];
  const digits = forecast ? format.forecastDigits(forecast) : 0;
  const [outer] = quantilePairs(forecast?.quantileLevels ?? []);
  fill(parts.latest,
    last ? tile("last value", element("span", { id: "last-value" }, format.value(last[1]))) : null,
    values.length > 0 ? tile(`in ${format.duration(forecast.timesMs[0] - forecast.originMs)}`,
      format.fixed(values[0], digits), outer ? element("small", {},
        `${format.fixed(forecast.quantiles[outer.low][0], digits)} … ${format.fixed(forecast.quantiles[outer.high][0], digits)}`) : null) : null,
    last ? tile("last step", element("time", { datetime: new Date(last[0]).toISOString() }, format.time(last[0]))) : null);
}

export function showLegend(list, data, isPastShown) {
  const forecast = data.forecast;
  const entries = [["observed", "line observed"]];
  if (forecast) {
    entries.push([centreName(forecast), "line forecast"]);
    const pairs = quantilePairs(forecast.quantileLevels ?? []);
    if (pairs.length > 0) {
      const shares = pairs.map(({ share }) => Number((100 * share).toFixed(2))).reverse();
      entries.push([`${shares.join(", ")} % bands`, ...pairs.map((pair, i) => `area depth-${Math.min(4, pairs.length - i)}`)]);
    }
    if (data.baseline) {
      entries.push([data.baselineName, "line baseline"]);
    }
  }
  if (isPastShown) {
    entries.push(["past forecasts", "line past"]);
  }
  if (data.detail?.anomalies?.length > 0) {
    entries.push(["anomaly", "ring"]);
  }
  fill(list, ...entries.map(([name, ...kinds]) => element("li", {},
    element("span", { class: "keys", "aria-hidden": "true" }, ...kinds.map((kind) => element("i", { class: kind }))),
    name)));
}

export function showTable(table, forecast) {
  if (!forecast) {
    fill(table);
    return;
  }
  const levels = forecast.quantileLevels ?? [];
  const classes = forecast.probabilities ?? [];
  const columns = levels.length > 0
    ? levels.map((level, i) => [level === 0.5 ? "median" : format.level(level), forecast.quantiles[i]])
    : classes.length > 0
      ? classes.map((probabilities, i) => [`class ${i}`, probabilities])
      : [["mean", forecast.mean]];
  const digits = format.digitsFor(columns.flatMap(([, values]) => values));
  fill(table,
    element("thead", {}, element("tr", {},
      element("th", { scope: "col" }, "time"), element("th", { scope: "col", class: "number" }, "ahead"),
      ...columns.map(([name]) => element("th", { scope: "col", class: "number" }, name)))),
    element("tbody", {}, ...forecast.timesMs.map((timeMs, step) => element("tr", {},
      element("th", { scope: "row" }, format.time(timeMs)),
      element("td", { class: "number" }, `+${format.duration(timeMs - forecast.originMs)}`),
      ...columns.map(([, values]) => element("td", { class: "number" }, format.fixed(values[step], digits)))))));
}
