// Wires the page: the selected series, its event stream, the status and the controls.

import { AS_MADE, ForecastChart, NO_PAST } from "./chart.js";
import * as client from "./client.js";
import { element, fill, setText } from "./dom.js";
import * as format from "./format.js";
import * as panels from "./panels.js";
import { SeriesData } from "./series-data.js";
import { SeriesList } from "./series-list.js";

const LIST_PERIOD_MS = 10000;
const DETAIL_PERIOD_MS = 30000;
const RETRY_MS = 2000;
const HIDDEN_MS = 60000;
const DAY_MS = 86400000;
const SPAN_HORIZONS = [1, 2, 4, 8, 16];

const part = (id) => document.getElementById(id);
const rates = new panels.Rates();

let status = null;
let models = null;
let health = null;
let data = null;
let stream = null;
let isLocked = false;
let detailTimer = 0;
let readyTimer = 0;
let choicesOf = "";

const chart = new ForecastChart(part("chart"), part("tip"), {
  zoomed: (isZoomed) => {
    part("reset").hidden = !isZoomed;
  },
  pointed: (text) => setText(part("spoken"), text),
});

const list = new SeriesList(
  { input: part("search"), list: part("series"), note: part("series-note") },
  {
    selected: (name) => {
      location.hash = `series=${encodeURIComponent(name)}`;
    },
    loaded: (items, prefix) => {
      if (data === null && items.length > 0 && prefix === "") {
        // The link of the first series does not become a step of the history.
        history.replaceState(null, "", `#series=${encodeURIComponent(items[0].name)}`);
        select();
      } else {
        showNoSeries();
      }
    },
    failed: (error) => failed(error),
  });

function hashSeries() {
  const match = /^#series=(.+)$/.exec(location.hash);
  try {
    return match ? decodeURIComponent(match[1]) : null;
  } catch (error) {
    return null;
  }
}

/** Follows the series of the address. */
function select() {
  const name = hashSeries();
  document.title = name === null ? "Eddy" : `${name} · Eddy`;
  data = name === null ? null : new SeriesData(name);
  list.mark(name);
  chart.show(null);
  part("view").dataset.empty = "true";
  setText(part("name"), name ?? "Forecast");
  fill(part("about"));
  fill(part("latest"));
  fill(part("legend"));
  fill(part("accuracy"));
  panels.showTable(part("forecast"), null);
  showMessage(name === null ? emptyReason() : "Loading…");
  connect();
}

function disconnect() {
  stream?.close();
  clearTimeout(detailTimer);
  clearTimeout(readyTimer);
  stream = null;
}

function connect() {
  disconnect();
  if (isLocked || document.visibilityState === "hidden") {
    return;
  }
  const followed = data;
  showLink("connecting");
  stream = new client.EventStream(
    followed === null ? "stream" : `${client.seriesPath(followed.name)}/stream`,
    {
      opened: () => {
        showLink("live");
        loadStatus();
        list.load();
        if (followed !== null) {
          loadDetail(followed);
        }
      },
      received: (type, message) => {
        if (type === "status") {
          showStatus(message.status, message.models);
        } else if (type === "forecast" && followed !== null && followed === data) {
          followed.receive(message);
          if (followed.detail !== null) {
            showData(followed);
          }
        }
      },
      lost: (error) => {
        if (error instanceof client.ResponseError && error.status === 503) {
          if (followed !== null && followed.detail === null) {
            showMessage(error.message);
          }
          awaitReady();
        } else {
          showLink("reconnecting");
          loadStatus();
        }
      },
      failed: (error) => {
        if (error instanceof client.ResponseError) {
          missing(followed);
        } else {
          failed(error);
        }
      },
    });
}

/** Asks for the health until the forecaster is ready, and connects again. */
async function awaitReady() {
  disconnect();
  showLink("waiting");
  status = null;
  await loadHealth();
  const next = health === null || health.state === "running" ? connect : awaitReady;
  if (stream === null && !isLocked) {
    clearTimeout(readyTimer);
    readyTimer = setTimeout(next, RETRY_MS);
  }
}

async function loadDetail(followed) {
  clearTimeout(detailTimer);
  let nextMs = DETAIL_PERIOD_MS;
  try {
    const detail = await client.get(client.seriesPath(followed.name));
    followed.describe(detail);
    if (followed === data) {
      showData(followed);
    }
  } catch (error) {
    nextMs = RETRY_MS;
    if (followed === data) {
      if (error instanceof client.ResponseError && error.status === 404) {
        missing(followed);
        return;
      }
      failed(error);
      if (followed.detail === null) {
        showMessage(error.message);
      }
    }
  }
  if (followed === data && stream !== null) {
    detailTimer = setTimeout(() => loadDetail(followed), nextMs);
  }
}

async function loadStatus() {
  try {
    const [nextStatus, nextModels] = await Promise.all([client.get("status"), client.get("models")]);
    showStatus(nextStatus, nextModels);
  } catch (error) {
    if (error instanceof client.UnauthorizedError) {
      failed(error);
    } else {
      status = null;
      loadHealth();
    }
  }
}

const header = { state: part("state"), application: part("application"), facts: part("facts") };

function showStatus(nextStatus, nextModels) {
  const wasRunning = state() === "running";
  status = nextStatus;
  models = nextModels ?? models;
  rates.add(status, performance.now());
  const isRunning = state() === "running";
  if (isRunning) {
    showState();
  } else {
    loadHealth();
  }
  panels.showFlow(part("flow"), status, rates);
  panels.showMigration(part("migration"), status.series);
  if (models) {
    panels.showVersions(part("versions"), models);
  }
  if (!wasRunning && isRunning) {
    list.load();
  }
  showNoSeries();
}

/** Asks why the forecaster is not running. */
async function loadHealth() {
  health = await client.readiness().catch(() => null);
  showState();
  showNoSeries();
}

function state() {
  return panels.stateOf(status, models, health);
}

function showState() {
  const current = state();
  panels.showHeader(header, current, status, models);
  const notice = part("notice");
  const text = panels.noticeOf(current, health);
  notice.hidden = text === null;
  setText(notice, text ?? "");
}

function showLink(state) {
  const link = part("link");
  link.dataset.link = state;
  setText(link, state);
}

function showData(followed) {
  part("view").dataset.empty = String(followed.firstMs === null);
  showMessage(followed.firstMs === null ? "This series has no values yet." : "");
  panels.showSeries({ name: part("name"), about: part("about"), latest: part("latest") }, followed);
  panels.showAccuracy(part("accuracy"), followed.detail?.accuracy, followed.baselineName);
  showControls(followed);
  panels.showLegend(part("legend"), followed, part("past").value !== NO_PAST && followed.past().length > 0);
  if (part("table").open) {
    panels.showTable(part("forecast"), followed.forecast);
  }
  setText(part("zone"), `Time in ${format.zoneName(followed.last?.[0])}`);
  part("chart").setAttribute("aria-label", describe(followed));
  if (followed.last !== null) {
    list.update(followed.name, followed.last[1]);
  }
  chart.show(followed);
}

function describe(followed) {
  const last = followed.last;
  return last === null ? `Chart of ${followed.name}`
    : `Chart of ${followed.name}: last value ${format.value(last[1])} at ${format.time(last[0])}, `
      + `forecast for ${format.duration(followed.horizon * followed.intervalMs)}`;
}

/** Fills the choices that depend on the interval and the horizon of the series. */
function showControls(followed) {
  const { intervalMs, horizon } = followed;
  if (intervalMs === 0 || horizon === 0) {
    return;
  }
  const key = `${intervalMs} ${horizon}`;
  if (key === choicesOf) {
    return;
  }
  choicesOf = key;
  const spans = SPAN_HORIZONS.map((times) => {
    const ms = times * horizon * intervalMs;
    return ms > 2 * DAY_MS ? Math.round(ms / DAY_MS) * DAY_MS : ms;
  });
  fill(part("span"),
    ...spans.map((ms) => element("option", { value: ms }, format.duration(ms))),
    element("option", { value: "all" }, "all"));
  part("span").value = String(spans[2]);
  chart.span(spans[2]);
  const steps = [...new Set([1, Math.round(horizon / 4), Math.round(horizon / 2), horizon])]
    .filter((step) => step >= 1);
  fill(part("past"),
    element("option", { value: AS_MADE }, "as made"),
    ...steps.map((step) => element("option", { value: step }, `${format.duration(step * intervalMs)} ahead`)),
    element("option", { value: NO_PAST }, "hidden"));
  part("past").value = AS_MADE;
  chart.past(AS_MADE);
}

/** Shows a text in place of the chart; an empty one with the chart. */
function showMessage(text) {
  part("empty").hidden = text === "";
  setText(part("empty"), text);
}

/** Says why no series is shown, if none is selected. */
function showNoSeries() {
  if (data === null) {
    showMessage(emptyReason());
  }
}

function emptyReason() {
  switch (state()) {
    case "running":
      return status === null ? "" : `No series yet. A series appears with its first event on the topic ${status.topics?.events ?? "of events"}.`;
    case "waiting": return "Series appear when the first version is activated.";
    case "unknown": return "The forecaster does not answer.";
    default: return "";
  }
}

function missing(followed) {
  if (followed !== data) {
    return;
  }
  stream?.close();
  stream = null;
  chart.show(null);
  part("view").dataset.empty = "true";
  showMessage(`The series “${followed.name}” is unknown. It may be misspelt, or its first event has not arrived.`);
  // The status goes on without the series.
  data = null;
  connect();
  data = followed;
}

function failed(error) {
  if (error instanceof client.UnauthorizedError && !isLocked) {
    isLocked = true;
    stream?.close();
    stream = null;
    showLink("locked");
    setText(part("login-error"), client.hasToken() ? "The forecaster rejected this token." : "");
    part("login").showModal();
  }
}

part("login").addEventListener("cancel", (event) => event.preventDefault());
part("login-form").addEventListener("submit", (event) => {
  event.preventDefault();
  part("login").close();
  client.setToken(part("token").value.trim());
  part("token").value = "";
  isLocked = false;
  select();
});

part("span").addEventListener("change", ({ target }) =>
  chart.span(target.value === "all" ? null : Number(target.value)));
part("past").addEventListener("change", ({ target }) => {
  chart.past([AS_MADE, NO_PAST].includes(target.value) ? target.value : Number(target.value));
  if (data?.detail) {
    showData(data);
  }
});
part("reset").addEventListener("click", () => chart.reset());
part("table").addEventListener("toggle", () => panels.showTable(part("forecast"), data?.forecast));

part("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  localStorage.setItem("eddy.theme", root.dataset.theme);
  chart.recolour();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.recolour());

window.addEventListener("hashchange", select);
window.addEventListener("online", () => stream?.wake());

// A page in the background gives its connection back after a minute.
let hiddenTimer = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(hiddenTimer);
  if (document.visibilityState === "hidden") {
    hiddenTimer = setTimeout(connect, HIDDEN_MS);
  } else if (stream === null) {
    connect();
  } else {
    stream.wake();
  }
});

// A browser that keeps the page for its back button keeps the connection too, of which it has few.
window.addEventListener("pagehide", disconnect);
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) {
    connect();
  }
});

setInterval(() => {
  if (stream !== null && document.visibilityState === "visible" && part("link").dataset.link === "live") {
    list.load();
  }
}, LIST_PERIOD_MS);

select();
