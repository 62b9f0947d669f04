// Formats of numbers, times and durations. Times are in the browser's zone.

const LOCALE = "en-GB";
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const dateTime = new Intl.DateTimeFormat(LOCALE, {
  weekday: "short", day: "numeric", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const dateTimeSeconds = new Intl.DateTimeFormat(LOCALE, {
  weekday: "short", day: "numeric", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const integers = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** Names the zone of all times, with its current offset. */
export function zoneName(timeMs = Date.now()) {
  const offset = new Intl.DateTimeFormat(LOCALE, { timeZoneName: "longOffset" })
    .formatToParts(timeMs)
    .find((part) => part.type === "timeZoneName").value;
  return ZONE === "UTC" ? "UTC" : `${ZONE} (${offset})`;
}

/** A point of time; seconds only if they are not zero. */
export function time(timeMs) {
  return (timeMs % MINUTE === 0 ? dateTime : dateTimeSeconds).format(timeMs);
}

/** A value with about five digits. */
export function value(number) {
  if (number === null || number === undefined || !Number.isFinite(number)) {
    return "–";
  }
  const size = Math.abs(number);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) {
    return number.toExponential(3);
  }
  const digits = size >= 10000 ? 0 : size >= 1000 ? 1 : size >= 100 ? 2 : size >= 1 ? 3 : 5;
  return new Intl.NumberFormat("en", { maximumFractionDigits: digits }).format(number);
}

/** A value with a given number of digits after the point, so that columns align. */
export function fixed(number, digits) {
  return number === null || number === undefined || !Number.isFinite(number)
    ? "–"
    : new Intl.NumberFormat("en", {
        minimumFractionDigits: digits, maximumFractionDigits: digits,
      }).format(number);
}

/** The digits with which the values of a forecast are shown. */
export function forecastDigits(forecast) {
  if (forecast.classes > 0) {
    return 0;
  }
  const values = forecast.quantiles?.length > 0 ? forecast.quantiles.flat() : forecast.mean ?? [];
  return digitsFor(values);
}

/** Digits after the point that show about five digits of the largest of the values. */
export function digitsFor(values) {
  const largest = Math.max(...values.filter(Number.isFinite).map(Math.abs), 0);
  return largest === 0 ? 0 : Math.max(0, Math.min(6, 4 - Math.floor(Math.log10(largest))));
}

export function count(number) {
  return number === null || number === undefined ? "–" : integers.format(number);
}

export function rate(perSecond) {
  return perSecond < 10
    ? perSecond.toFixed(1)
    : perSecond < 10000 ? integers.format(perSecond) : compact.format(perSecond);
}

export function percent(share, digits = 0) {
  return share === null || share === undefined || !Number.isFinite(share)
    ? "–"
    : `${(100 * share).toFixed(digits)} %`;
}

/** The nominal coverage of a band, or a quantile level, without superfluous zeros. */
export function level(share) {
  return `${Number((100 * share).toFixed(2))} %`;
}

/** A duration in its largest fitting units: 45 s, 24 h, 2 d 6 h. */
export function duration(ms) {
  const units = [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"], [SECOND, "s"]];
  if (ms < SECOND) {
    return `${Math.round(ms)} ms`;
  }
  // Two days and less are more readable in hours.
  const first = units.findIndex(([size], i) => ms >= (i === 0 ? 2 * DAY + 1 : size));
  const [size, unit] = units[first];
  const whole = Math.floor(ms / size);
  const rest = ms - whole * size;
  const next = units[first + 1];
  const smaller = next ? Math.floor(rest / next[0]) : 0;
  return smaller > 0 ? `${whole} ${unit} ${smaller} ${next[1]}` : `${whole} ${unit}`;
}
