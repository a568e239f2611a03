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

/** The number of parts that a frame may still make, of those that can wait for the next one. */
const frame = { left: Infinity, isShort: false };

/** Begins a frame that makes at most so many parts that can wait. */
export function beginFrame(parts) {
  frame.left = parts;
  frame.isShort = false;
}

/** Whether parts wait for the next frame. */
export const isFrameShort = () => frame.isShort;

/**
 * The children of an element by their keys: made once, moved only if out of place, removed when no longer wanted. A new part has
 * `isNew`, until its first drawing takes that back.
 */
export class Keyed {
  #parent;
  #make;
  #canWait;
  #parts = new Map();

  /**
   * @param make makes the object of a key, with the node in its field `node`
   * @param canWait whether new parts may be made in later frames, so that thousands do not stop the browser
   */
  constructor(parent, make, { canWait = false } = {}) {
    this.#parent = parent;
    this.#make = make;
    this.#canWait = canWait;
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
      const node = this.#part(key)?.node;
      if (!node) {
        continue;
      }
      if (node === next) {
        next = next.nextElementSibling;
      } else {
        this.#parent.insertBefore(node, next);
      }
    }
  }

  #part(key) {
    let part = this.#parts.get(key);
    if (part === undefined && this.#mayMake()) {
      part = this.#make(key);
      part.isNew = true;
      this.#parts.set(key, part);
    }
    return part;
  }

  #mayMake() {
    if (this.#canWait && frame.left <= 0) {
      frame.isShort = true;
      return false;
    }
    frame.left -= this.#canWait ? 1 : 0;
    return true;
  }

  [Symbol.iterator]() {
    return this.#parts[Symbol.iterator]();
  }
}
