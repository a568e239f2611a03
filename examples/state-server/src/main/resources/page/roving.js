/** Makes many controls a single stop of the tab key. The arrow keys move among them. */

const SIDEWAYS = { ArrowLeft: -1, ArrowRight: 1 };
const UP_OR_DOWN = { ArrowUp: -1, ArrowDown: 1 };

export class Roving {
  #container;
  #selector;
  #current = undefined;

  constructor(container, selector) {
    this.#container = container;
    this.#selector = selector;
    container.addEventListener('focusin', event => this.#stopAt(event.target.closest(selector)));
    container.addEventListener('keydown', event => this.#move(event));
  }

  /** Call this when controls were added, removed or hidden. */
  settle() {
    if (!this.#current?.isConnected || this.#current.closest('[hidden]')) {
      this.#stopAt(this.#visible()[0]);
    }
  }

  #visible() {
    return [...this.#container.querySelectorAll(this.#selector)].filter(each => !each.closest('[hidden]'));
  }

  #stopAt(control) {
    if (control && control !== this.#current) {
      this.#current?.setAttribute('tabindex', '-1');
      control.setAttribute('tabindex', '0');
      this.#current = control;
    }
  }

  #move(event) {
    const from = event.target.closest(this.#selector);
    if (!from || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const to = this.#target(event.key, from);
    if (to) {
      event.preventDefault();
      to.focus();
    }
  }

  #target(key, from) {
    const all = this.#visible();
    if (key in SIDEWAYS) {
      return all[all.indexOf(from) + SIDEWAYS[key]];
    }
    if (key in UP_OR_DOWN) {
      return nearest(from, all, UP_OR_DOWN[key]);
    }
    return { Home: all[0], End: all.at(-1) }[key];
  }
}

/** The horizontally nearest control of the next row in that direction. */
function nearest(from, all, direction) {
  const box = from.getBoundingClientRect();
  let best;
  for (const each of all) {
    const other = each.getBoundingClientRect();
    const down = (other.top - box.top) * direction;
    const aside = Math.abs(other.left - box.left);
    if (down > 2 && (!best || down < best.down - 2 || (down < best.down + 2 && aside < best.aside))) {
      best = { each, down, aside };
    }
  }
  return best?.each;
}
