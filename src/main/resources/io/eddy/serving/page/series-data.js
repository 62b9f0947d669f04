// What the page knows of one series: observed values, the current forecast and earlier ones.

const MAX_VALUES = 5000;
const MAX_FORECASTS = 400;

/** Pairs the quantile levels from the outermost inwards: [{low, high, share}], indexes into levels. */
export function quantilePairs(levels) {
  const pairs = [];
  for (let low = 0, high = levels.length - 1; low < high; low++, high--) {
    pairs.push({ low, high, share: levels[high] - levels[low] });
  }
  return pairs;
}

/** The line of a forecast: the median, or the mean or the likeliest class of a model without one. */
export function centre(forecast) {
  if (forecast.classes > 0) {
    return forecast.timesMs.map((timeMs, step) => {
      const probabilities = forecast.probabilities.map((steps) => steps[step]);
      return probabilities.indexOf(Math.max(...probabilities));
    });
  }
  const median = (forecast.quantileLevels ?? []).indexOf(0.5);
  return median < 0 ? forecast.mean ?? [] : forecast.quantiles[median];
}

/** The name of the line of a forecast. */
export function centreName(forecast) {
  return forecast.classes > 0 ? "likeliest class"
    : (forecast.quantileLevels ?? []).includes(0.5) ? "median" : "mean";
}

export class SeriesData {
  #observed = new Map();
  #forecasts = new Map();

  constructor(name) {
    this.name = name;
    this.detail = null;
    this.forecast = null;
  }

  /** Takes over a description of the series, as of GET /api/series/{name}. */
  describe(detail) {
    this.detail = detail;
    (detail.history ?? []).forEach(([timeMs, value]) => this.#observe(timeMs, value));
    // Newest first, so that they are added in order of time.
    [...(detail.pastForecasts ?? [])].reverse().forEach((forecast) => this.#keep(forecast));
    if (detail.forecast) {
      this.#keep(detail.forecast);
    }
  }

  /** Takes over a committed forecast, as of the event stream. */
  receive(forecast) {
    (forecast.steps ?? []).forEach(([timeMs, value]) => this.#observe(timeMs, value));
    this.#keep(forecast);
  }

  #observe(timeMs, value) {
    this.#observed.set(timeMs, value);
    if (this.#observed.size > MAX_VALUES) {
      this.#observed.delete(Math.min(...this.#observed.keys()));
    }
  }

  #keep(forecast) {
    this.#forecasts.set(forecast.originMs, forecast);
    if (this.#forecasts.size > MAX_FORECASTS) {
      this.#forecasts.delete(Math.min(...this.#forecasts.keys()));
    }
    if (!this.forecast || forecast.originMs >= this.forecast.originMs) {
      this.forecast = forecast;
    }
  }

  get intervalMs() {
    return this.detail?.intervalMs ?? 0;
  }

  /** The calendar interval, such as P1M; empty if all steps have the same length. */
  get calendarInterval() {
    const interval = this.detail?.interval ?? "";
    return interval.startsWith("PT") ? "" : interval;
  }

  get horizon() {
    return this.forecast?.timesMs.length ?? 0;
  }

  /** The last observed step: [timeMs, value], or null. */
  get last() {
    let last = null;
    for (const [timeMs, value] of this.#observed) {
      if (value !== null && (last === null || timeMs > last[0])) {
        last = [timeMs, value];
      }
    }
    return last;
  }

  /** The first step that is known. */
  get firstMs() {
    return this.#observed.size === 0 ? null : Math.min(...this.#observed.keys());
  }

  /**
   * The seasonal naive forecast from the origin of the current one, or the naive one without a
   * season; null if the season is unknown.
   */
  get baseline() {
    const seasonSteps = this.detail?.seasonSteps;
    const forecast = this.forecast;
    if (seasonSteps === null || seasonSteps === undefined || !forecast || forecast.classes > 0) {
      return null;
    }
    const seasons = (i) => Math.ceil((i + 1) / seasonSteps) * seasonSteps;
    if (seasonSteps === 0) {
      return forecast.timesMs.map(() => this.observed(forecast.originMs));
    }
    if (this.calendarInterval === "") {
      return forecast.timesMs.map((timeMs, i) => this.observed(timeMs - seasons(i) * this.intervalMs));
    }
    // Steps of a calendar differ in length: a season is counted in steps, which history has all.
    const steps = [...this.#observed.keys()].filter((timeMs) => timeMs <= forecast.originMs)
      .sort((a, b) => a - b);
    const last = steps.indexOf(forecast.originMs);
    return forecast.timesMs.map((timeMs, i) => this.observed(steps[last + i + 1 - seasons(i)]));
  }

  /** The name of the baseline that the stream scores against; null if its season is unknown. */
  get baselineName() {
    const seasonSteps = this.detail?.seasonSteps ?? null;
    return seasonSteps === null ? null : seasonSteps > 0 ? "seasonal naive" : "naive";
  }

  observed(timeMs) {
    return this.#observed.get(timeMs) ?? null;
  }

  /** Earlier forecasts, oldest first. */
  past() {
    return [...this.#forecasts.values()]
      .filter((forecast) => forecast !== this.forecast)
      .sort((a, b) => a.originMs - b.originMs);
  }

  /** What was forecast a number of steps before each step: [{timeMs, forecast, step}]. */
  ahead(step) {
    return this.past()
      .concat(this.forecast && step <= 0 ? [this.forecast] : [])
      .filter((forecast) => forecast.timesMs.length >= step)
      .map((forecast) => ({ timeMs: forecast.timesMs[step - 1], forecast, step: step - 1 }))
      .filter((point) => !this.forecast || point.timeMs <= this.forecast.originMs);
  }

  /** Aligned columns for the chart: times, observed, centre, baseline and one per quantile. */
  columns() {
    const forecast = this.forecast;
    const times = new Set(this.#observed.keys());
    forecast?.timesMs.forEach((timeMs) => times.add(timeMs));
    if (forecast) {
      times.add(forecast.originMs);
    }
    const x = [...times].sort((a, b) => a - b);
    const step = new Map(forecast?.timesMs.map((timeMs, i) => [timeMs, i]) ?? []);
    // The bands open at the last value, so that forecast and history are one line.
    const joint = forecast ? this.#observed.get(forecast.originMs) ?? null : null;
    const column = (values) => x.map((timeMs) =>
      step.has(timeMs) ? values?.[step.get(timeMs)] ?? null
        : forecast && timeMs === forecast.originMs ? joint : null);
    return [
      x,
      x.map((timeMs) => this.#observed.get(timeMs) ?? null),
      forecast ? column(centre(forecast)) : x.map(() => null),
      forecast && this.baseline ? column(this.baseline) : x.map(() => null),
      ...(forecast?.quantiles ?? []).map((quantile) => column(quantile)),
    ];
  }
}
