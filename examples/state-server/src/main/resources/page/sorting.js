/** The order of a table's rows, chosen by the buttons in its head. */

import { setAttribute } from './dom.js';
import { compareNames } from './words.js';

const byCluster = (a, b) => compareNames(a.cluster, b.cluster) || compareNames(a.name, b.name);

/** The comparators. The first is the order without a choice. A leading minus in a choice reverses. */
const COMPARATORS = {
  state: (a, b) => a.condition.rank - b.condition.rank,
  name: (a, b) => compareNames(a.name, b.name),
  running: (a, b) => a.running - b.running,
  pending: (a, b) => b.pending - a.pending,
  cluster: byCluster,
};

const [DEFAULT] = Object.keys(COMPARATORS);

export class Order {
  #heads;
  #field = DEFAULT;
  #isReverse = false;
  #chosen = undefined;

  constructor(table, choice) {
    this.#heads = [...table.querySelectorAll('th[data-sort]')];
    for (const head of this.#heads) {
      head.querySelector('button').addEventListener('click', () => {
        const { sort } = head.dataset;
        const next = this.#field === sort && !this.#isReverse ? `-${sort}` : sort;
        choice.refine({ sort: next === DEFAULT ? '' : next });
      });
    }
  }

  /** Takes a choice, and returns whether it is another one. */
  choose(sort = '') {
    if (sort === this.#chosen) {
      return false;
    }
    this.#chosen = sort;
    const field = sort.replace('-', '');
    this.#field = field in COMPARATORS ? field : DEFAULT;
    this.#isReverse = sort.startsWith('-');
    for (const head of this.#heads) {
      setAttribute(head, 'aria-sort', head.dataset.sort === this.#field ? (this.#isReverse ? 'descending' : 'ascending') : undefined);
    }
    return true;
  }

  /** Whether a row's new state may change its place. */
  differs(before, after) {
    return COMPARATORS[this.#field](before, after) !== 0;
  }

  sort(lines) {
    const compare = COMPARATORS[this.#field];
    const direction = this.#isReverse ? -1 : 1;
    return lines.sort((a, b) => direction * compare(a, b) || byCluster(a, b));
  }
}
