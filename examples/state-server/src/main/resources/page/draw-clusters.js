/**
 * A card for each cluster and a card for all. Each is a link, which can be opened in a new tab and shared. The clusters of several
 * places are grouped by place.
 */

import { addressOf } from './choice.js';
import { Bar } from './draw-bar.js';
import { Keyed, make, setAttribute, setText, spaced } from './dom.js';
import { Place } from './draw-places.js';
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

  /** @param key the cluster's name or ARN in an address; empty for all */
  constructor(name, key) {
    this.key = key;
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
    setAttribute(this.node, 'href', addressOf({ ...choice, cluster: this.key, select: '' }));
    setAttribute(this.node, 'aria-current', choice.cluster === this.key ? 'true' : undefined);
  }
}

export class Clusters {
  #nav = document.querySelector('#clusters');
  #state;
  #parts;
  #isGrouped = undefined;

  constructor(state) {
    this.#state = state;
  }

  draw(dirty, choice, link) {
    const places = link.freshness?.places;
    const isNew = this.#group(places);
    if (isNew || dirty.kinds.has('cluster') || places?.some(({ name }) => !this.#parts.get(name))) {
      this.#place(places);
    }
    for (const [arn, card] of this.#cards()) {
      if (dirty.everything || arn === ALL || dirty.clusters.has(arn)) {
        card.draw(this.#state.totals(arn));
      }
      card.choose(choice);
    }
    this.drawPlaces(link);
  }

  /** Draws the headings of the places, whose ages grow. */
  drawPlaces(link) {
    for (const place of link.freshness?.places ?? []) {
      this.#parts?.get(place.name)?.draw(place, link);
    }
  }

  /** Begins anew if the server shows several places and did not before, or the other way round. */
  #group(places) {
    const isGrouped = places !== undefined;
    if (isGrouped === this.#isGrouped) {
      return false;
    }
    this.#isGrouped = isGrouped;
    this.#nav.replaceChildren();
    this.#nav.toggleAttribute('data-grouped', isGrouped);
    document.body.toggleAttribute('data-places', isGrouped);
    this.#parts = new Keyed(this.#nav, isGrouped
      ? name => (name === ALL ? this.#make(ALL) : new Place(name, arn => this.#make(arn)))
      : arn => this.#make(arn));
    return true;
  }

  #place(places) {
    const entries = [...this.#state.clusters.values()];
    const sorted = found => found.map(each => each.arn).sort(compareNames);
    if (!places) {
      this.#parts.place([ALL, ...sorted(entries)]);
      return;
    }
    const byPlace = Map.groupBy(entries, each => each.place);
    const byRegion = [...places].sort((a, b) => compareNames(a.region, b.region) || compareNames(a.account ?? '', b.account ?? ''));
    this.#parts.place([ALL, ...byRegion.map(each => each.name)]);
    places.forEach(({ name }) => this.#parts.get(name).place(sorted(byPlace.get(name) ?? [])));
  }

  /** All cards, by ARN. */
  *#cards() {
    for (const [key, part] of this.#parts) {
      if (part.cards) {
        yield* part.cards;
      } else {
        yield [key, part];
      }
    }
  }

  #make(arn) {
    const name = this.#state.clusters.get(arn)?.entity.clusterName ?? lastPart(arn);
    const card = new Card(name, this.#isGrouped ? arn : name);
    setAttribute(card.node, 'data-arn', arn || undefined);
    card.draw(this.#state.totals(arn));
    return card;
  }
}
