// Requests and event streams of Eddy's HTTP API. EventSource cannot send a token, so streams are
// read by fetch.

const API = new URL("../api/", import.meta.url);
const TOKEN = "eddy.token";
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 5000;
// The server sends a heartbeat every 15 seconds.
const SILENCE_MS = 40000;

/** The server asks for a token, or rejects the one that was sent. */
export class UnauthorizedError extends Error {}

/** An answer with an error status. */
export class ResponseError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

export function setToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

function headers(more = {}) {
  const token = sessionStorage.getItem(TOKEN);
  return token === null ? more : { ...more, Authorization: `Bearer ${token}` };
}

async function requireOk(response) {
  if (response.status === 401 || response.status === 403) {
    throw new UnauthorizedError("unauthorized");
  }
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    throw new ResponseError(response.status, body.error ?? `status ${response.status}`);
  }
}

/** The path of a series below the API's address. */
export function seriesPath(name) {
  return `series/${encodeURIComponent(name)}`;
}

/** Reads a JSON document. */
export async function get(path, signal) {
  const response = await fetch(new URL(path, API), { headers: headers(), cache: "no-store", signal });
  await requireOk(response);
  return response.json();
}

/** Asks whether the forecaster is ready, which needs no token: {status, reason, state}. */
export async function readiness() {
  return (await fetch(new URL("../health/ready", import.meta.url), { cache: "no-store" })).json();
}

/** Splits a stream of server-sent events. */
export class EventParser {
  #buffer = "";
  #event = { type: "message", data: [] };

  constructor(onEvent, onRetry) {
    this.onEvent = onEvent;
    this.onRetry = onRetry;
    this.lastId = null;
  }

  push(text) {
    this.#buffer += text;
    const lines = this.#buffer.split(/\r\n|\n|\r(?!$)/);
    this.#buffer = lines.pop();
    lines.forEach((line) => this.#line(line));
  }

  #line(line) {
    if (line === "") {
      if (this.#event.data.length > 0) {
        this.onEvent(this.#event.type, this.#event.data.join("\n"));
      }
      this.#event = { type: "message", data: [] };
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) {
      return;
    }
    const field = colon < 0 ? line : line.slice(0, colon);
    const text = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    switch (field) {
      case "event": this.#event.type = text; break;
      case "data": this.#event.data.push(text); break;
      case "id": this.lastId = text; break;
      case "retry": this.onRetry(Number(text)); break;
      default:
    }
  }
}

/**
 * An event stream that reconnects until it is closed.
 *
 * listener.opened() after each connection, listener.received(type, data), listener.lost(error) when
 * the connection fails or ends, listener.failed(error) when connecting again would not help.
 */
export class EventStream {
  #abort = new AbortController();
  #retryMs = FIRST_RETRY_MS;
  #lastId = null;
  #wake = () => {};

  constructor(path, listener) {
    this.path = path;
    this.listener = listener;
    this.#run();
  }

  close() {
    this.#abort.abort();
    this.#wake();
  }

  /** Connects at once instead of waiting for the next attempt. */
  wake() {
    this.#wake();
  }

  async #run() {
    let delayMs = this.#retryMs;
    while (!this.#abort.signal.aborted) {
      const connection = new AbortController();
      const closed = () => connection.abort();
      this.#abort.signal.addEventListener("abort", closed);
      let reason = null;
      try {
        await this.#read(connection, () => {
          delayMs = this.#retryMs;
        });
      } catch (error) {
        reason = error;
        if (error instanceof UnauthorizedError
            || (error instanceof ResponseError && error.status === 404)) {
          if (!this.#abort.signal.aborted) {
            this.listener.failed(error);
          }
          return;
        }
      } finally {
        this.#abort.signal.removeEventListener("abort", closed);
      }
      if (this.#abort.signal.aborted) {
        return;
      }
      this.listener.lost(reason);
      await this.#pause(delayMs);
      delayMs = Math.min(MAX_RETRY_MS, delayMs * 2);
    }
  }

  #pause(ms) {
    return new Promise((resolve) => {
      // Many pages must not connect at the same moment after a restart.
      const timer = setTimeout(resolve, ms * (0.8 + 0.4 * Math.random()));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #read(connection, onOpened) {
    let watchdog = setTimeout(() => connection.abort(), SILENCE_MS);
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => connection.abort(), SILENCE_MS);
    };
    try {
      const more = { Accept: "text/event-stream" };
      if (this.#lastId !== null) {
        more["Last-Event-ID"] = this.#lastId;
      }
      const response = await fetch(new URL(this.path, API), {
        headers: headers(more), cache: "no-store", signal: connection.signal,
      });
      await requireOk(response);
      // It may have been closed while the answer was on its way.
      connection.signal.throwIfAborted();
      onOpened();
      this.listener.opened();
      const parser = new EventParser(
        (type, data) => this.listener.received(type, JSON.parse(data)),
        (ms) => {
          this.#retryMs = Number.isFinite(ms) && ms > 0 ? Math.min(MAX_RETRY_MS, ms) : this.#retryMs;
        });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          return;
        }
        alive();
        parser.push(value);
        this.#lastId = parser.lastId ?? this.#lastId;
      }
    } finally {
      clearTimeout(watchdog);
    }
  }
}
