// The search box and the list of series: an ARIA combobox with a list box.

import { get } from "./client.js";
import { element, setText } from "./dom.js";
import * as format from "./format.js";

const LIMIT = 50;
const TYPING_MS = 120;

export class SeriesList {
  #input;
  #list;
  #note;
  #items = [];
  #active = -1;
  #selected = null;
  #timer = 0;
  #request = null;

  /** listener.selected(name), listener.loaded(items), listener.failed(error). */
  constructor({ input, list, note }, listener) {
    this.#input = input;
    this.#list = list;
    this.#note = note;
    this.listener = listener;
    input.addEventListener("input", () => {
      this.#active = -1;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.load(), TYPING_MS);
      this.#open(true);
    });
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("focus", () => this.#open(true));
    input.addEventListener("blur", () => this.#open(false));
    // The input keeps the focus while an option is clicked.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        this.#choose(option.dataset.name);
      }
    });
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.closest("input, select, textarea, dialog");
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        input.focus();
        input.select();
      }
    });
  }

  get items() {
    return this.#items;
  }

  /** Marks the series that is shown. */
  mark(name) {
    this.#selected = name;
    this.#render();
  }

  /** Shows a newer value of a series. */
  update(name, value) {
    const item = this.#items.find((listed) => listed.name === name);
    if (item) {
      item.lastValue = value;
      this.#render();
    }
  }

  /** Requests the series that match the text of the search box. */
  async load() {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const prefix = this.#input.value.trim();
    try {
      const answer = await get(
        `series?prefix=${encodeURIComponent(prefix)}&limit=${LIMIT}`, request.signal);
      this.#items = answer.series;
      this.#active = Math.min(this.#active, this.#items.length - 1);
      this.#render();
      setText(this.#note, this.#describe(prefix, answer.truncated));
      this.listener.loaded(this.#items, prefix);
    } catch (error) {
      if (!request.signal.aborted) {
        this.listener.failed(error);
      }
    }
  }

  #describe(prefix, truncated) {
    if (this.#items.length === 0) {
      return prefix === "" ? "No series yet." : `No series begins with “${prefix}”.`;
    }
    return truncated
      ? `The first ${this.#items.length}; type to find others.`
      : `${format.count(this.#items.length)} series`;
  }

  /** Changes the list in place: an option that is being clicked must not be replaced. */
  #render() {
    while (this.#list.children.length > this.#items.length) {
      this.#list.lastChild.remove();
    }
    this.#items.forEach((item, i) => {
      const option = this.#list.children[i] ?? this.#list.appendChild(this.#option(i));
      option.dataset.name = item.name;
      option.setAttribute("aria-selected", String(item.name === this.#selected));
      option.classList.toggle("active", i === this.#active);
      setText(option.firstChild, item.name);
      setText(option.lastChild, format.value(item.lastValue));
    });
    if (this.#active >= 0) {
      this.#input.setAttribute("aria-activedescendant", `series-${this.#active}`);
      this.#list.children[this.#active].scrollIntoView({ block: "nearest" });
    } else {
      this.#input.removeAttribute("aria-activedescendant");
    }
  }

  #option(i) {
    return element("li", { id: `series-${i}`, role: "option" },
      element("span", { class: "name" }), element("span", { class: "number" }));
  }

  #open(isOpen) {
    this.#input.setAttribute("aria-expanded", String(isOpen));
    this.#list.parentElement.classList.toggle("open", isOpen);
    if (!isOpen) {
      this.#active = -1;
      this.#render();
    }
  }

  #key(event) {
    const last = this.#items.length - 1;
    switch (event.key) {
      case "ArrowDown": this.#active = this.#active >= last ? 0 : this.#active + 1; break;
      case "ArrowUp": this.#active = this.#active <= 0 ? last : this.#active - 1; break;
      case "Enter": this.#enter(); break;
      case "Escape":
        this.#input.value = "";
        this.load();
        this.#input.blur();
        break;
      default: return;
    }
    event.preventDefault();
    this.#open(document.activeElement === this.#input);
    this.#render();
  }

  /** Chooses the marked series, the only one, or the one whose name was typed. */
  #enter() {
    const typed = this.#input.value.trim();
    if (this.#active >= 0) {
      this.#choose(this.#items[this.#active].name);
    } else if (this.#items.length > 0 && !this.#items.some(({ name }) => name === typed)
        && this.#items[0].name.startsWith(typed)) {
      this.#choose(this.#items[0].name);
    } else if (typed !== "") {
      this.#choose(typed);
    }
  }

  #choose(name) {
    this.#input.blur();
    this.listener.selected(name);
  }
}
