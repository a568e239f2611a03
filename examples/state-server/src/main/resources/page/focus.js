/**
 * Keeps the keyboard's focus with the user when a drawing takes the focused element away: with the selection after a choice in
 * it, and with what was chosen after the selection is closed.
 */

const FOCUSABLE = 'a, button, input, summary, [tabindex]';

const isThere = element => element?.isConnected && !element.closest('[hidden]');

const isIn = (element, section) => element?.origin === section;

export class Focus {
  #section = document.querySelector('#selection');
  #title = document.querySelector('#selection-title');
  /** What had the focus last: the element, its section, and what it chooses. */
  #last = undefined;
  #opener = undefined;
  #selected = '';

  constructor() {
    addEventListener('focusin', event => this.#note(event.target));
    addEventListener('pointerdown', event => {
      if (!event.target.closest?.(FOCUSABLE)) {
        this.#last = undefined; // the user has left it
      }
    });
  }

  #note(element) {
    const origin = element.closest('section, nav, header');
    this.#last = { element, origin, key: element.closest('[data-select]')?.dataset.select };
    if (origin !== this.#section) {
      this.#opener = this.#last;
    }
  }

  /** Call this after each drawing. */
  settle(choice) {
    const closed = choice.select ? '' : this.#selected;
    this.#selected = choice.select;
    if (!this.#last) {
      return;
    }
    if (closed && isIn(this.#last, this.#section)) {
      this.#go([...this.#showing(closed), this.#opener?.element, ...this.#stops()]);
    } else if (!isThere(this.#last.element) && (document.activeElement === document.body || !isThere(document.activeElement))) {
      this.#go([...this.#equals(), this.#title, this.#opener?.element, ...this.#showing(closed), ...this.#stops()]);
    }
  }

  #go(candidates) {
    candidates.find(isThere)?.focus({ preventScroll: true });
  }

  /** What chooses the same in the same section, such as a link that was drawn anew. */
  #equals() {
    const { origin, key } = this.#last;
    return key && origin ? controls(origin, key) : [];
  }

  /** What chooses an entity, anywhere: in the list that is open again, as a block, as a row. */
  #showing(key) {
    return key ? controls(document, key) : [];
  }

  /** Where the tab key stops in the section of the opener, or in the first one. */
  #stops() {
    const from = this.#opener?.origin?.isConnected ? [...this.#opener.origin.querySelectorAll('[tabindex="0"], button')] : [];
    return [...from, ...document.querySelectorAll('#content [tabindex="0"]')];
  }
}

function controls(root, key) {
  const name = CSS.escape(key);
  return [...root.querySelectorAll(`[data-select="${name}"], .block[data-arn="${name}"]`)]
    .map(each => (each.matches('tr') ? each.querySelector('button') : each))
    .filter(isThere);
}
