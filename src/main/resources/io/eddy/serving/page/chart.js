// The chart of one series: history, forecast with nested bands, past forecasts.

import uPlot from "../webjars/uplot/uPlot.esm.js";
import * as format from "./format.js";
import { centre, centreName, quantilePairs } from "./series-data.js";

const HEADROOM = 0.06;
const HOUR = 3600000;
const DAY = 24 * HOUR;
const LINES_PER_HORIZON = 8;

const AXIS_TIMES = [
  [365 * DAY, "{YYYY}", null, null, null, null, null, null, 1],
  [28 * DAY, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [DAY, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [HOUR, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [60000, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [1000, "{HH}:{mm}:{ss}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [1, "{ss}.{fff}", "\n{HH}:{mm}", null, null, null, "\n{HH}:{mm}", null, 1],
];

/** Past forecasts as they were made; other modes are numbers of steps ahead. */
export const AS_MADE = "as-made";
export const NO_PAST = "none";

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export class ForecastChart {
  #root;
  #tip;
  #plot = null;
  #shape = "";
  #data = null;
  #spanMs = null;
  #past = AS_MADE;
  #zoomed = false;
  #colours = {};
  #frame = 0;

  /** listener.zoomed(isZoomed) and listener.pointed(description). */
  constructor(root, tip, listener) {
    this.#root = root;
    this.#tip = tip;
    this.listener = listener;
    new ResizeObserver(() => this.#resize()).observe(root);
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("blur", () => this.#leave());
    this.recolour();
  }

  /** Shows a series; null for none. */
  show(data) {
    if (this.#data?.name !== data?.name) {
      this.#zoomed = false;
      this.listener.zoomed(false);
    }
    this.#data = data;
    this.#later();
  }

  /** Sets the visible history; null for all of it. */
  span(ms) {
    this.#spanMs = ms;
    this.reset();
  }

  past(mode) {
    this.#past = mode;
    this.#later();
  }

  reset() {
    this.#zoomed = false;
    this.listener.zoomed(false);
    this.#later();
  }

  /** Reads the colours of the style sheet again. */
  recolour() {
    for (const name of ["text", "muted", "line", "surface", "observed", "forecast", "baseline", "past",
      "anomaly"]) {
      this.#colours[name] = colour(name);
    }
    this.#plot?.redraw(false, true);
  }

  #later() {
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#draw();
      });
    }
  }

  #draw() {
    const data = this.#data;
    if (!data || data.firstMs === null) {
      this.#plot?.destroy();
      this.#plot = null;
      this.#shape = "";
      this.#tip.hidden = true;
      return;
    }
    const shape = JSON.stringify([data.name, data.forecast?.quantileLevels ?? []]);
    const columns = data.columns();
    if (this.#plot === null || shape !== this.#shape) {
      this.#plot?.destroy();
      this.#shape = shape;
      this.#plot = new uPlot(this.#options(data), columns, this.#root);
      this.#root.dataset.drawn = "true";
    } else {
      this.#plot.setData(columns, false);
    }
    const [min, max] = this.#zoomed ? this.#window() : this.#following();
    this.#plot.setScale("x", { min, max });
  }

  #window() {
    return [this.#plot.scales.x.min, this.#plot.scales.x.max];
  }

  /** The window that moves with the events. */
  #following() {
    const data = this.#data;
    const lastMs = data.forecast?.originMs ?? data.last?.[0] ?? data.firstMs;
    const endMs = data.forecast?.timesMs.at(-1) ?? lastMs;
    const startMs = this.#spanMs === null
      ? data.firstMs : Math.max(data.firstMs, lastMs - this.#spanMs);
    return startMs < endMs ? [startMs, endMs] : [startMs - HOUR, startMs + HOUR];
  }

  #resize() {
    this.#plot?.setSize(this.#size());
  }

  #size() {
    return { width: this.#root.clientWidth, height: this.#root.clientHeight };
  }

  #options(data) {
    const line = (name, width, dash) => ({
      stroke: () => this.#colours[name], width, dash, points: { show: false },
    });
    const levels = data.forecast?.quantileLevels ?? [];
    const axis = {
      stroke: () => this.#colours.muted,
      font: "12px system-ui, sans-serif",
      grid: { stroke: () => this.#colours.line, width: 1 },
      ticks: { stroke: () => this.#colours.line, width: 1, size: 5 },
    };
    return {
      ...this.#size(),
      ms: 1,
      padding: [10, 20, 0, 4],
      legend: { show: false },
      scales: { x: { time: true }, y: { range: (u, min, max) => this.#yRange(min, max) } },
      axes: [
        { ...axis, values: AXIS_TIMES, space: 70 },
        { ...axis, size: (u, values) => this.#axisSize(values), values: (u, splits) => this.#ticks(splits) },
      ],
      series: [
        {},
        { ...line("observed", 1.6), points: { show: this.#sparse, size: 4, fill: () => this.#colours.observed } },
        line("forecast", 2),
        line("baseline", 1.5, [6, 4]),
        ...levels.map(() => ({ stroke: "transparent", width: 0, points: { show: false } })),
      ],
      bands: quantilePairs(levels).map(({ low, high }) => ({
        series: [4 + high, 4 + low], fill: () => this.#translucent("forecast", 0.16),
      })),
      cursor: {
        drag: { x: true, y: false, dist: 8 },
        points: { size: 7 },
        y: false,
        bind: { dblclick: () => () => {
          this.reset();
          return null;
        } },
      },
      hooks: {
        drawAxes: [(u) => this.#drawPast(u)],
        draw: [(u) => this.#drawMarks(u)],
        setCursor: [(u) => this.#point(u)],
        setSelect: [(u) => {
          if (u.select.width > 0) {
            this.#zoomed = true;
            this.listener.zoomed(true);
          }
        }],
      },
    };
  }

  /** Draws points where a line would not show: values between gaps, or few values. */
  #sparse = (u, seriesIndex, first, last) => {
    const pixels = u.bbox.width / devicePixelRatio;
    return last - first < pixels / 24;
  };

  #axisSize(values) {
    const widest = Math.max(...(values ?? [""]).map((text) => String(text ?? "").length));
    return Math.max(36, 16 + 7.2 * widest);
  }

  #ticks(splits) {
    const step = splits.length > 1 ? splits[1] - splits[0] : 1;
    const digits = Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)));
    return splits.map((tick) => format.fixed(tick, digits));
  }

  #yRange(min, max) {
    let low = min ?? Infinity;
    let high = max ?? -Infinity;
    const [from, to] = this.#plot ? this.#window() : this.#following();
    for (const value of this.#pastValues(from, to)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (!Number.isFinite(low) || !Number.isFinite(high)) {
      return [0, 1];
    }
    const room = (high - low) * HEADROOM || Math.abs(high) * HEADROOM || 1;
    return [low - room, high + room];
  }

  /**
   * The past forecasts that are drawn as lines, oldest first. Neighbours overlap, so that only some
   * are drawn: always the same ones while time goes on.
   */
  #drawn() {
    const { intervalMs, horizon } = this.#data;
    const strideMs = Math.max(1, Math.floor(horizon / LINES_PER_HORIZON)) * intervalMs;
    return this.#data.past().filter(({ originMs }) => originMs % strideMs < intervalMs);
  }

  * #pastValues(from, to) {
    const data = this.#data;
    const endMs = data.forecast?.originMs ?? Infinity;
    if (this.#past === AS_MADE) {
      for (const forecast of this.#drawn()) {
        const values = centre(forecast);
        for (let i = 0; i < values.length; i++) {
          if (forecast.timesMs[i] >= from && forecast.timesMs[i] <= Math.min(to, endMs)) {
            yield values[i];
          }
        }
      }
    } else if (this.#past !== NO_PAST) {
      for (const { timeMs, forecast, step } of data.ahead(this.#past)) {
        if (timeMs >= from && timeMs <= to) {
          yield* forecast.quantiles?.length
            ? [forecast.quantiles[0][step], forecast.quantiles.at(-1)[step]] : [centre(forecast)[step]];
        }
      }
    }
  }

  #translucent(name, alpha) {
    return `color-mix(in srgb, ${this.#colours[name]} ${Math.round(100 * alpha)}%, transparent)`;
  }

  /** Draws past forecasts below the lines. */
  #drawPast(u) {
    if (this.#past === NO_PAST || !this.#data) {
      return;
    }
    const context = u.ctx;
    context.save();
    context.beginPath();
    // They are compared with what came, so that they end at the last step.
    const right = Math.min(u.bbox.left + u.bbox.width,
      this.#data.forecast ? u.valToPos(this.#data.forecast.originMs, "x", true) : Infinity);
    context.rect(u.bbox.left, u.bbox.top, Math.max(0, right - u.bbox.left), u.bbox.height);
    context.clip();
    if (this.#past === AS_MADE) {
      this.#drawAsMade(u, context);
    } else {
      this.#drawAhead(u, context, this.#past);
    }
    context.restore();
  }

  #drawAsMade(u, context) {
    const drawn = this.#drawn();
    context.strokeStyle = this.#colours.past;
    context.lineWidth = 1.2 * devicePixelRatio;
    drawn.forEach((forecast) => {
      context.globalAlpha = 0.55;
      context.beginPath();
      const values = centre(forecast);
      const origin = this.#data.observed(forecast.originMs);
      if (origin !== null) {
        context.moveTo(u.valToPos(forecast.originMs, "x", true), u.valToPos(origin, "y", true));
      }
      values.forEach((value, step) => {
        const x = u.valToPos(forecast.timesMs[step], "x", true);
        const y = u.valToPos(value, "y", true);
        if (step === 0 && origin === null) {
          context.moveTo(x, y);
        } else {
          context.lineTo(x, y);
        }
      });
      context.stroke();
    });
  }

  /** Draws what was forecast a number of steps before each step, as a band and a line. */
  #drawAhead(u, context, step) {
    const points = this.#data.ahead(step);
    // A missing forecast interrupts the band.
    const parts = [];
    let before = -Infinity;
    points.forEach((point) => {
      if (point.timeMs - before > 1.5 * this.#data.intervalMs) {
        parts.push([]);
      }
      parts.at(-1).push(point);
      before = point.timeMs;
    });
    const x = ({ timeMs }) => u.valToPos(timeMs, "x", true);
    const y = (value) => u.valToPos(value, "y", true);
    for (const part of parts) {
      const bands = part[0].forecast.quantiles ?? [];
      if (bands.length > 1 && part.every(({ forecast }) => forecast.quantiles?.length > 1)) {
        context.fillStyle = this.#translucent("past", 0.22);
        context.beginPath();
        part.forEach((point) => context.lineTo(x(point), y(point.forecast.quantiles.at(-1)[point.step])));
        [...part].reverse()
          .forEach((point) => context.lineTo(x(point), y(point.forecast.quantiles[0][point.step])));
        context.fill();
      }
      context.strokeStyle = this.#colours.past;
      context.lineWidth = 1.4 * devicePixelRatio;
      context.beginPath();
      part.forEach((point) => context.lineTo(x(point), y(centre(point.forecast)[point.step])));
      context.stroke();
    }
  }

  /** Draws the last step and anomalies above the lines. */
  #drawMarks(u) {
    const data = this.#data;
    const context = u.ctx;
    const { left, top, width, height } = u.bbox;
    const scale = devicePixelRatio;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    for (const anomaly of data?.detail?.anomalies ?? []) {
      const value = anomaly.value ?? data.observed(anomaly.timeMs);
      if (value !== null) {
        context.strokeStyle = this.#colours.anomaly;
        context.lineWidth = 2 * scale;
        context.beginPath();
        context.arc(u.valToPos(anomaly.timeMs, "x", true), u.valToPos(value, "y", true), 5 * scale, 0, 7);
        context.stroke();
      }
    }
    if (data?.forecast) {
      const x = Math.round(u.valToPos(data.forecast.originMs, "x", true)) + 0.5;
      context.strokeStyle = this.#colours.muted;
      context.lineWidth = scale;
      context.setLineDash([3 * scale, 3 * scale]);
      context.beginPath();
      context.moveTo(x, top);
      context.lineTo(x, top + height);
      context.stroke();
      context.fillStyle = this.#colours.muted;
      context.font = `${11 * scale}px system-ui, sans-serif`;
      context.textAlign = "right";
      context.textBaseline = "top";
      context.fillText(this.#isNow() ? "now" : "last step", x - 5 * scale, top + 3 * scale);
    }
    context.restore();
  }

  /** Returns whether the last step is as recent as it can be, not that of replayed events. */
  #isNow() {
    return Math.abs(Date.now() - this.#data.forecast.originMs) < 3 * this.#data.intervalMs;
  }

  #point(u) {
    const index = u.cursor.idx;
    if (index === null || index === undefined || u.cursor.left < 0) {
      this.#tip.hidden = true;
      return;
    }
    const rows = this.#rows(u, index);
    this.#tip.replaceChildren(...rows.map(([name, text, kind]) => {
      const row = document.createElement("div");
      row.className = kind;
      const label = document.createElement("span");
      label.textContent = name;
      const number = document.createElement("b");
      number.textContent = text;
      row.append(label, number);
      return row;
    }));
    this.#tip.hidden = false;
    const x = u.over.offsetLeft + u.cursor.left;
    const width = this.#tip.offsetWidth;
    const left = x + 16 + width > this.#root.clientWidth ? Math.max(0, x - 16 - width) : x + 16;
    this.#tip.style.transform = `translate(${Math.round(left)}px, 14px)`;
  }

  /** The texts of the step under the cursor: [[name, text, kind]]. */
  #rows(u, index) {
    const data = this.#data;
    const timeMs = u.data[0][index];
    const rows = [[format.time(timeMs), "", "time"]];
    const digits = data.forecast ? format.forecastDigits(data.forecast) : 0;
    const observed = u.data[1][index];
    if (observed !== null) {
      rows.push(["observed", format.value(observed), "observed"]);
    }
    const forecast = data.forecast;
    const step = forecast ? forecast.timesMs.indexOf(timeMs) : -1;
    if (step >= 0) {
      rows[0][1] = `+${format.duration(timeMs - forecast.originMs)}`;
      rows.push([centreName(forecast), format.fixed(u.data[2][index], digits), "forecast"]);
      for (const { low, high, share } of [...quantilePairs(forecast.quantileLevels ?? [])].reverse()) {
        rows.push([`${format.level(share)} band`,
          `${format.fixed(u.data[4 + low][index], digits)} … ${format.fixed(u.data[4 + high][index], digits)}`, "band"]);
      }
      if (u.data[3][index] !== null) {
        rows.push([data.baselineName, format.fixed(u.data[3][index], digits), "baseline"]);
      }
    }
    rows.push(...this.#pastRows(timeMs, digits));
    const anomaly = (data.detail?.anomalies ?? []).find((found) => found.timeMs === timeMs);
    if (anomaly) {
      rows.push(["anomaly", anomaly.reason ?? (anomaly.score === undefined ? "" : format.value(anomaly.score)), "anomaly"]);
    }
    return rows;
  }

  #pastRows(timeMs, digits) {
    if (this.#past === NO_PAST) {
      return [];
    }
    const points = this.#past === AS_MADE
      ? this.#drawn().map((forecast) => ({ forecast, step: forecast.timesMs.indexOf(timeMs) }))
          .filter(({ step }) => step >= 0 && timeMs <= this.#data.forecast.originMs).slice(0, 1)
      : this.#data.ahead(this.#past).filter((point) => point.timeMs === timeMs);
    return points.map(({ forecast, step }) => [
      `forecast ${format.duration(timeMs - forecast.originMs)} before`,
      format.fixed(centre(forecast)[step], digits), "past"]);
  }

  #key(event) {
    const u = this.#plot;
    if (!u || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const { key } = event;
    if (key === "Escape") {
      this.reset();
      this.#leave();
    } else if (key === "ArrowLeft" || key === "ArrowRight" || key === "Home" || key === "End") {
      this.#move(u, key);
    } else if (key === "+" || key === "-") {
      this.#zoom(u, key === "+" ? 0.5 : 2);
    } else {
      return;
    }
    event.preventDefault();
  }

  #move(u, key) {
    const [min, max] = this.#window();
    const x = u.data[0];
    const first = x.findIndex((timeMs) => timeMs >= min);
    const last = x.findLastIndex((timeMs) => timeMs <= max);
    const origin = x.indexOf(this.#data.forecast?.originMs);
    const at = u.cursor.idx ?? (origin < 0 ? last : origin);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: first, End: last }[key];
    const index = Math.max(first, Math.min(last, next));
    u.setCursor({ left: u.valToPos(x[index], "x"), top: 0 });
    this.listener.pointed(this.#rows(u, index).map(([name, text]) => `${name} ${text}`.trim()).join(", "));
  }

  #zoom(u, factor) {
    const [min, max] = this.#window();
    const middle = u.cursor.idx == null ? (min + max) / 2 : u.data[0][u.cursor.idx];
    const x = u.data[0];
    const next = {
      min: Math.max(x[0], middle - (middle - min) * factor),
      max: Math.min(x.at(-1), middle + (max - middle) * factor),
    };
    if (next.max - next.min > 2 * this.#data.intervalMs) {
      this.#zoomed = true;
      this.listener.zoomed(true);
      u.setScale("x", next);
    }
  }

  #leave() {
    this.#plot?.setCursor({ left: -10, top: -10 });
    this.#tip.hidden = true;
  }
}
