/** The living tasks of the chosen clusters by status: a bar and a legend with counts, whose entries search for their statuses. */

import { Bar } from './draw-bar.js';
import { make, setAttribute, setNumber, setText } from './dom.js';
import { isEnded, phaseOf, TASK_STATUSES } from './status.js';
import { number } from './words.js';

/** Stopped tasks are history. They have a panel of their own. */
const LIVING = TASK_STATUSES.filter(status => !isEnded(status));

export class Statuses {
  #section = document.querySelector('#statuses');
  #count = this.#section.querySelector('[data-count]');
  #note = this.#section.querySelector('small');
  #bar = new Bar(this.#section.querySelector('.bar'), LIVING, phaseOf);
  #stopped = this.#section.querySelector('#to-stops data');
  #buttons = new Map();

  constructor(state, choice) {
    this.state = state;
    for (const status of LIVING) {
      const value = make('data', { 'data-count': `tasks-${status.toLowerCase()}` });
      const button = make('button', { type: 'button', 'data-status': status },
        make('i', { 'data-phase': phaseOf(status), 'aria-hidden': 'true' }), `${status} `, value);
      button.addEventListener('click', () => choice.go({ q: choice.q === status ? '' : status }));
      this.#section.querySelector('.legend').append(make('li', {}, button));
      this.#buttons.set(status, { button, value });
    }
  }

  draw(scope, choice) {
    const { tasks } = this.state.totals(scope.cluster);
    this.#bar.draw(status => tasks.of(status));
    setNumber(this.#count, tasks.living, number(tasks.living));
    setNumber(this.#stopped, tasks.of('STOPPED'), number(tasks.of('STOPPED')));
    setText(this.#note, noteOf(scope));
    for (const [status, { button, value }] of this.#buttons) {
      setNumber(value, tasks.of(status), number(tasks.of(status)));
      setAttribute(button, 'aria-pressed', choice.q === status);
      button.toggleAttribute('data-none', tasks.of(status) === 0);
    }
  }
}

const noteOf = scope => (scope.isSearch ? `${number(scope.tasks.length)} match` : '');
