/** A bar that shows the parts of a whole. The text beside it has the same content. */

import { make, setAttribute, setHidden, setStyle } from './dom.js';

export class Bar {
  #segments;

  /** @param phaseOfKey the phase that gives a key's segment its colour and pattern */
  constructor(node, keys, phaseOfKey = key => key) {
    this.#segments = new Map(keys.map(key => [key, make('span', { 'data-phase': phaseOfKey(key) })]));
    node.append(...this.#segments.values());
  }

  draw(countOf) {
    for (const [key, segment] of this.#segments) {
      const count = countOf(key);
      setHidden(segment, count === 0);
      setStyle(segment, 'flex-grow', String(count));
      setAttribute(segment, 'title', count === 0 ? undefined : `${count} ${key}`);
    }
  }
}
