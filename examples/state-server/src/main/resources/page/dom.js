/** Small helpers that change the document only where something differs. Data becomes text, never markup. */

/** Makes an element: `make('p', { class: 'empty' }, 'words', anotherElement)`. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Nodes with a space between each two, since a screen reader and a copied text run neighbours without one together. */
export const spaced = (...nodes) => nodes.flatMap((node, at) => (at === 0 ? [node] : [' ', node]));

export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setAttribute(element, name, value) {
  if (value === undefined || value === null || value === false) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

export function setHidden(element, isHidden) {
  if (element.hidden !== isHidden) {
    element.hidden = isHidden;
  }
}

export function setStyle(element, property, value) {
  if (element.style.getPropertyValue(property) !== value) {
    element.style.setProperty(property, value);
  }
}

export function setNumber(element, value, text) {
  setAttribute(element, 'value', value);
  setText(element, text);
}

/** The children of an element by their keys: made once, moved only if out of place, removed when no longer wanted. */
export class Keyed {
  #parent;
  #make;
  #parts = new Map();

  /** @param make makes the object of a key, with the node in its field `node` */
  constructor(parent, make) {
    this.#parent = parent;
    this.#make = make;
  }

  get(key) {
    return this.#parts.get(key);
  }

  place(keys) {
    const focused = document.activeElement;
    this.#arrange(new Set(keys));
    if (focused !== document.activeElement && focused?.isConnected) {
      focused.focus({ preventScroll: true });
    }
  }

  #arrange(wanted) {
    for (const [key, part] of this.#parts) {
      if (!wanted.has(key)) {
        part.node.remove();
        this.#parts.delete(key);
      }
    }
    let next = this.#parent.firstElementChild;
    for (const key of wanted) {
      const node = this.#part(key).node;
      if (node === next) {
        next = next.nextElementSibling;
      } else {
        this.#parent.insertBefore(node, next);
      }
    }
  }

  #part(key) {
    let part = this.#parts.get(key);
    if (part === undefined) {
      part = this.#make(key);
      this.#parts.set(key, part);
    }
    return part;
  }

  [Symbol.iterator]() {
    return this.#parts[Symbol.iterator]();
  }
}
