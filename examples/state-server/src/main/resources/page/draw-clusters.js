/** A card for each cluster and a card for all. Each is a link, which can be opened in a new tab and shared. */

import { addressOf } from './choice.js';
import { Bar } from './draw-bar.js';
import { Keyed, make, setAttribute, setText, spaced } from './dom.js';
import { ALL } from './state.js';
import { LIVING_PHASES } from './status.js';
import { compareNames, lastPart, number } from './words.js';

const FIGURES = {
  running: totals => totals.tasks.of('RUNNING'),
  pending: totals => totals.tasks.inPhase('starting'),
  instances: totals => totals.instances.living,
  services: totals => totals.services.living,
};

class Card {
  #figures;
  #bar;

  constructor(name) {
    this.name = name;
    this.#figures = Object.fromEntries(Object.keys(FIGURES).map(each => [each, make('b')]));
    const bar = make('span', { class: 'bar', 'aria-hidden': 'true' });
    this.#bar = new Bar(bar, LIVING_PHASES);
    this.node = make('a', { class: 'card' },
      make('span', { class: 'name' }, name || 'All'), ' ',
      make('span', { class: 'figures' },
        ...spaced(...Object.entries(this.#figures).map(([label, value]) => make('span', {}, value, ` ${label}`)))),
      bar);
  }

  draw(totals) {
    for (const [name, element] of Object.entries(this.#figures)) {
      setText(element, number(FIGURES[name](totals)));
    }
    this.#bar.draw(phase => totals.tasks.inPhase(phase));
  }

  choose(choice) {
    setAttribute(this.node, 'href', addressOf({ ...choice, cluster: this.name, select: '' }));
    setAttribute(this.node, 'aria-current', choice.cluster === this.name ? 'true' : undefined);
  }
}

export class Clusters {
  #cards;
  #state;

  constructor(state) {
    this.#state = state;
    this.#cards = new Keyed(document.querySelector('#clusters'), arn => this.#make(arn));
  }

  draw(dirty, choice) {
    if (dirty.kinds.has('cluster')) {
      this.#cards.place([ALL, ...[...this.#state.clusters.keys()].sort(compareNames)]);
    }
    for (const [arn, card] of this.#cards) {
      if (dirty.everything || arn === ALL || dirty.clusters.has(arn)) {
        card.draw(this.#state.totals(arn));
      }
      card.choose(choice);
    }
  }

  #make(arn) {
    const card = new Card(this.#state.clusters.get(arn)?.entity.clusterName ?? lastPart(arn));
    setAttribute(card.node, 'data-arn', arn || undefined);
    card.draw(this.#state.totals(arn));
    return card;
  }
}
