/** The last changes of the visible entities, newest first. The list can be paused for reading. */

import { Keyed, make, setAttribute, setHidden, setText, spaced } from './dom.js';
import { brief, clock, number } from './words.js';

const SHOWN = 50;
const SIGNS = { added: '+', changed: '~', removed: '−', note: '·' };

class Line {
  constructor(line) {
    this.node = make('li', { 'data-type': line.type }, ...spaced(
      make('time', { datetime: new Date(line.at).toISOString() }, clock(line.at)),
      make('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[line.type] ?? '~'),
      ...(line.type === 'note' ? [make('span', { class: 'what' }, line.words)] : this.#parts(line))));
    setAttribute(this.node, 'data-change', line.arn);
  }

  #parts(line) {
    this.name = make('button', { type: 'button', class: 'link', 'data-select': line.select, title: line.arn, tabindex: '-1' }, brief(line.name));
    return [
      make('span', { class: 'what' }, ...spaced(
        make('span', {}, line.noun), line.select ? this.name : make('span', {}, brief(line.name)), make('span', { class: 'of' }, line.of))),
      make('span', { class: 'cause', title: `cause: ${line.cause}` }, line.cause.toLowerCase()),
      make('span', { class: 'step' },
        ...(line.from ? [make('span', { class: 'from' }, line.from), ' → '] : []),
        make(line.from ? 'b' : 'span', {}, line.to)),
    ];
  }
}

export class Changes {
  #section = document.querySelector('#log');
  #note = this.#section.querySelector('small');
  #pause = document.querySelector('#pause');
  #empty = this.#section.querySelector('.empty');
  #lines;
  #log;
  #shown = [];
  #pausedAt = undefined;

  constructor(log, choice, redraw) {
    this.#log = log;
    this.#lines = new Keyed(document.querySelector('#changes'), line => new Line(line));
    this.#pause.addEventListener('click', () => {
      this.#pausedAt = this.#pausedAt === undefined ? log.newest : undefined;
      redraw();
    });
    this.#section.addEventListener('click', event => {
      const select = event.target.closest('[data-select]')?.dataset.select;
      if (select) {
        choice.go({ select });
      }
    });
  }

  draw(scope) {
    const isPaused = this.#pausedAt !== undefined;
    setAttribute(this.#pause, 'aria-pressed', isPaused);
    setText(this.#pause, isPaused ? 'Resume' : 'Pause');
    setText(this.#note, isPaused ? `paused; ${number(this.#log.newest - this.#pausedAt)} new` : '');
    if (!isPaused) {
      this.#shown = newest(this.#log, scope);
    }
    this.#lines.place(this.#shown);
    for (const [, { name }] of this.#lines) {
      if (name) {
        setAttribute(name, 'tabindex', isPaused ? '0' : '-1');
      }
    }
    setHidden(this.#empty, this.#shown.length > 0);
    setText(this.#empty, 'No change since the page was opened.');
  }
}

function newest(log, scope) {
  const { lines } = log;
  const found = [];
  for (let i = lines.length - 1; i >= 0 && found.length < SHOWN; i--) {
    const line = lines[i];
    if (line.type === 'note' || (scope.has(line.cluster) && scope.finds(log, line))) {
      found.push(line);
    }
  }
  return found;
}
