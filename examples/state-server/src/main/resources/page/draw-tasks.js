/** A list of tasks of readable length, and the number of further tasks. */

import { Keyed, make, setAttribute, setHidden, setText } from './dom.js';
import { Roving } from './roving.js';
import { phaseOf, rank } from './status.js';
import { brief, lastPart, number } from './words.js';

const SHOWN = 200;

class Line {
  #status = make('span', { class: 'status' });
  #sign = make('i', { 'aria-hidden': 'true' });
  #of = make('span', { class: 'of' });

  constructor(arn) {
    this.node = make('li', {},
      make('button', { type: 'button', 'data-arn': arn, 'data-select': arn, tabindex: '-1', title: arn },
        this.#sign, this.#status, ' ', make('span', { class: 'id' }, brief(lastPart(arn))), ' ', this.#of));
  }

  draw({ entity }) {
    setAttribute(this.#sign, 'data-phase', phaseOf(entity.lastStatus));
    setText(this.#status, entity.lastStatus ?? 'unknown');
    setText(this.#of, (entity.group ?? '').replace(/^(service|family):/, ''));
  }
}

export class TaskList {
  #list;
  #more;
  #lines;
  #roving;

  constructor(section) {
    this.#list = section.querySelector('.tasks');
    this.#more = section.querySelector('.more');
    this.#lines = new Keyed(this.#list, arn => new Line(arn), { canWait: true });
    this.#roving = new Roving(this.#list, 'button');
  }

  /** @param tasks the tasks' entries, in any order */
  draw(tasks) {
    const shown = first(tasks, SHOWN);
    this.#lines.place(shown.map(entry => entry.arn));
    shown.forEach(entry => this.#lines.get(entry.arn)?.draw(entry));
    this.#roving.settle();
    setHidden(this.#list, shown.length === 0);
    setHidden(this.#more, tasks.length <= SHOWN);
    setText(this.#more, `and ${number(tasks.length - SHOWN)} more`);
  }
}

/** The first tasks in the list's order, without sorting many thousands. */
function first(tasks, limit) {
  const found = [];
  for (const task of tasks) {
    if (found.length < limit || compare(task, found.at(-1)) < 0) {
      found.splice(placeFor(task, found), 0, task);
      found.length = Math.min(found.length, limit);
    }
  }
  return found;
}

function placeFor(task, sorted) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    [low, high] = compare(task, sorted[middle]) < 0 ? [low, middle] : [middle + 1, high];
  }
  return low;
}

/** Tasks in motion come first, then the newest. */
function compare(a, b) {
  const byRank = rank(a.entity.lastStatus) - rank(b.entity.lastStatus);
  if (byRank !== 0) {
    return byRank;
  }
  const [first, second] = [a.entity.createdAt ?? '', b.entity.createdAt ?? ''];
  return first === second ? (a.arn < b.arn ? -1 : 1) : (first > second ? -1 : 1);
}
