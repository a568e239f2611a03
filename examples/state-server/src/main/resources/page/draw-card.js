/** The card beside the block with the pointer or the focus. The block's label has the same content. */

import { instanceName, reserved } from './draw-instances.js';
import { make, setHidden } from './dom.js';
import { factsOf } from './facts.js';

const GAP = 6;

export class HoverCard {
  #card = document.querySelector('#card');
  #state;
  #block = undefined;

  constructor(state) {
    this.#state = state;
    const grids = document.querySelector('#instances .grids');
    grids.addEventListener('pointerover', event => {
      if (event.pointerType === 'mouse') {
        this.#show(event.target.closest('.block'));
      }
    });
    grids.addEventListener('pointerleave', () => this.hide());
    grids.addEventListener('focusin', event => {
      if (event.target.matches(':focus-visible')) {
        this.#show(event.target.closest('.block'));
      }
    });
    grids.addEventListener('focusout', () => this.hide());
    addEventListener('scroll', () => this.hide(), { passive: true });
  }

  /** Returns whether the card was shown. */
  hide() {
    const wasShown = this.#block !== undefined;
    this.#block = undefined;
    setHidden(this.#card, true);
    return wasShown;
  }

  /** Redraws the card if it is shown. */
  draw(dirty) {
    if (this.#block && (dirty.everything || dirty.instances.has(this.#block.dataset.arn))) {
      this.#show(this.#block);
    }
  }

  #show(block) {
    const entry = block?.isConnected && !block.hidden ? this.#state.instances.get(block.dataset.arn) : undefined;
    if (!entry) {
      this.hide();
      return;
    }
    this.#block = block;
    const facts = factsOf(entry, this.#state, reserved).filter(fact => fact.isBrief);
    this.#card.replaceChildren(make('strong', {}, instanceName(entry)),
      make('dl', {}, ...facts.flatMap(({ name, value }) => [make('dt', {}, name), make('dd', {}, value)])));
    setHidden(this.#card, false);
    this.#place(block.getBoundingClientRect());
  }

  #place(box) {
    const { offsetWidth: width, offsetHeight: height } = this.#card;
    const below = box.bottom + GAP + height <= innerHeight;
    this.#card.style.left = `${Math.max(GAP, Math.min(box.left, document.documentElement.clientWidth - width - GAP))}px`;
    this.#card.style.top = `${below ? box.bottom + GAP : Math.max(GAP, box.top - GAP - height)}px`;
  }
}
