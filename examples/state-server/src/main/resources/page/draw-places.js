/** The clusters of a place under a heading: the place's name, how fresh it is, and what is wrong with it. */

import { Keyed, make, setAttribute, setHidden, setText, spaced } from './dom.js';
import { age, duration, sentence } from './words.js';

const WORDS = { live: 'live', stale: 'stale', loading: 'not ready', again: 'loading again', cut: 'not connected' };

/** The state of a place: a word of `WORDS`. */
export function stateOf(place, link) {
  return !link.current ? 'cut'
    : !place.ready ? 'loading'
      : link.behind.has(place.name) ? 'again'
        : place.fresh ? 'live' : 'stale';
}

export class Place {
  #title = make('h2');
  #state = make('span', { class: 'state' });
  #fresh = make('time');
  #facts = { fresh: make('span', {}, 'confirmed ', this.#fresh, ' ago'), lag: make('span'), role: make('span') };
  #problems = make('ul', { class: 'problems', 'aria-live': 'polite' });
  #none = make('p', { class: 'empty' }, 'No cluster is known here.');
  #drawn = '';

  /** @param makeCard makes the card of a cluster */
  constructor(name, makeCard) {
    const id = `place-${name.replace(/\W/g, '-')}`;
    const cards = make('div', { class: 'cards' });
    this.#title.id = id;
    this.node = make('section', { class: 'place', 'data-place': name, 'aria-labelledby': id },
      make('header', {}, this.#title, ' ', make('p', {}, ...spaced(this.#state, ...Object.values(this.#facts)))),
      this.#problems, cards, this.#none);
    this.cards = new Keyed(cards, makeCard);
  }

  place(clusters) {
    this.cards.place(clusters);
    setHidden(this.#none, clusters.length > 0);
  }

  /** @param place the place's part of the freshness */
  draw(place, link) {
    const state = stateOf(place, link);
    setAttribute(this.node, 'data-state', state);
    setText(this.#title, [place.region, place.account].filter(Boolean).join(' · '));
    setText(this.#state, WORDS[state]);
    this.#fact('fresh', place.freshUpTo, () => {
      setText(this.#fresh, age(Math.max(0, Date.now() + link.skew - Date.parse(place.freshUpTo))));
      setAttribute(this.#fresh, 'datetime', place.freshUpTo);
      setAttribute(this.#fresh, 'title', place.freshUpTo);
    });
    this.#fact('lag', place.eventLagMillis !== undefined,
      () => setText(this.#facts.lag, `event lag ${duration(place.eventLagMillis)}`));
    this.#fact('role', place.role, () => setText(this.#facts.role, place.role.toLowerCase()));
    this.#drawProblems([...place.unmet, ...place.problems].map(sentence));
  }

  #fact(name, isKnown, draw) {
    setHidden(this.#facts[name], !isKnown);
    if (isKnown) {
      draw();
    }
  }

  #drawProblems(problems) {
    const words = problems.join('\n');
    if (words !== this.#drawn) {
      this.#drawn = words;
      this.#problems.replaceChildren(...problems.map(each => make('li', {}, each)));
    }
    setHidden(this.#problems, problems.length === 0);
  }
}
