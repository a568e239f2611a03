/** All tasks of the chosen clusters by status: a bar and a legend with counts, whose entries search for their statuses. */

import { Bar } from './draw-bar.js';
import { make, setAttribute, setNumber, setText } from './dom.js';
import { phaseOf, TASK_STATUSES } from './status.js';
import { number } from './words.js';

export class Statuses {
  #section = document.querySelector('#statuses');
  #count = this.#section.querySelector('[data-count]');
  #note = this.#section.querySelector('small');
  #bar = new Bar(this.#section.querySelector('.bar'), TASK_STATUSES, phaseOf);
  #buttons = new Map();

  constructor(state, choice) {
    this.state = state;
    for (const status of TASK_STATUSES) {
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
    setText(this.#note, noteOf(tasks, scope));
    for (const [status, { button, value }] of this.#buttons) {
      setNumber(value, tasks.of(status), number(tasks.of(status)));
      setAttribute(button, 'aria-pressed', choice.q === status);
      button.toggleAttribute('data-none', tasks.of(status) === 0);
    }
  }
}

function noteOf(tasks, scope) {
  const parts = [];
  if (tasks.of('STOPPED') > 0) {
    parts.push(`and ${number(tasks.of('STOPPED'))} stopped`);
  }
  if (scope.isSearch) {
    parts.push(`${number(scope.tasks.length)} match`);
  }
  return parts.join(' · ');
}
