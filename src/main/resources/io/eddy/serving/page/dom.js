// Builds elements. Text is never parsed as HTML.

/** element("td", {class: "number"}, "1", child…) */
export function element(tag, attributes = {}, ...children) {
  const result = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) {
      result.setAttribute(name, value);
    }
  }
  result.append(...children.filter((child) => child !== null && child !== undefined));
  return result;
}

/** Replaces the children only if they differ, so that a selection of text and the focus stay. */
export function fill(parent, ...children) {
  const next = parent.cloneNode(false);
  next.append(...children.filter((child) => child !== null && child !== undefined));
  if (!parent.isEqualNode(next)) {
    parent.replaceChildren(...next.childNodes);
  }
}

/** Sets a text only if it differs, so that screen readers announce changes alone. */
export function setText(parent, text) {
  if (parent.textContent !== text) {
    parent.textContent = text;
  }
}

/** A row of a description list: a term and its value. */
export function fact(term, value, title = null) {
  return element("div", { title }, element("dt", {}, term), element("dd", {}, value));
}
