/** Why tasks stopped: groups of equal causes, newest stop first. A group opens its newest tasks. */

import { ago, setAgo, since } from './ages.js';
import { ask, Repeater } from './asking.js';
import { exitWords, kindOf } from './causes.js';
import { Keyed, make, setAttribute, setHidden, setText } from './dom.js';
import { phaseOf, TASK_STATUSES } from './status.js';
import { age, brief, count, lastPart, number, placeWords } from './words.js';

const SHOWN = 20;
const TASKS_SHOWN = 10;
const PAUSE_MILLIS = 5_000;
const TYPING_MILLIS = 250;

/** Each of several places has causes of its own. */
const keyOf = ({ stopCode, reason, exitCode, example }) => JSON.stringify([stopCode, reason, exitCode, placeWords(example)]);

/** Whether a later question may be answered: the server did not answer, was busy, or was not ready. */
const isPassing = failure => failure.status === undefined || failure.status >= 429;

/** The time since the first of these stops. */
const spanOf = groups => age(Math.max(...groups.map(group => since(group.firstStoppedAt))));

class Cause {
  #sign = make('i', { class: 'sign', 'aria-hidden': 'true' });
  #kind = make('span', { class: 'kind' });
  #reason = make('span', { class: 'reason' });
  #tasks = make('b');
  #last = ago(new Date().toISOString());
  #services = make('p', { class: 'services' });
  #list = make('ul', { class: 'stopped' });
  #more = make('p', { class: 'more' });
  #records = new Map();
  #lines = new Keyed(this.#list, arn => new TaskLine(this.#records.get(arn)));
  #toggle = make('button', { type: 'button', class: 'toggle', 'aria-expanded': 'false' },
    this.#sign, this.#kind, ' ', this.#reason, ' ', make('span', { class: 'amount' }, this.#tasks, ' ', this.#last));

  constructor(key) {
    this.key = key;
    this.node = make('li', {}, this.#toggle, this.#services, this.#list, this.#more);
    this.open(false);
  }

  draw(group) {
    this.group = group;
    const { words, isFailure } = kindOf(group);
    setAttribute(this.node, 'data-failure', isFailure ? '' : undefined);
    setText(this.#sign, isFailure ? '✕' : '·');
    setText(this.#kind, group.exitCode === undefined ? words : `${words}, ${exitWords(group.exitCode)}`);
    setAttribute(this.#kind, 'title', group.stopCode);
    setText(this.#reason, group.reason ?? '');
    setText(this.#tasks, count(group.tasks, 'task'));
    setAgo(this.#last, group.lastStoppedAt);
    const services = group.services.length === 0 ? '' : `${group.services.join(', ')}${group.services.length === 5 ? ', …' : ''}`;
    const where = [services, placeWords(group.example)].filter(Boolean).join(' · ');
    setText(this.#services, where ? `in ${where}` : '');
  }

  open(isOpen) {
    this.isOpen = isOpen;
    setAttribute(this.#toggle, 'aria-expanded', isOpen);
    setHidden(this.#list, !isOpen);
    setHidden(this.#more, !isOpen || this.#more.textContent === '');
  }

  show(records, total) {
    this.#records = new Map(records.map(record => [record.taskARN, record]));
    this.#lines.place([...this.#records.keys()]);
    this.#say(total > records.length ? `and ${number(total - records.length)} more` : '');
  }

  complain(words) {
    this.#say(words);
  }

  #say(words) {
    setText(this.#more, words);
    setHidden(this.#more, !this.isOpen || words === '');
  }
}

/** A stopped task. It does not change any more. */
class TaskLine {
  constructor(record) {
    this.node = lineOf(record);
  }
}

function lineOf(record) {
  const ended = record.containers?.find(each => each.exitCode) ?? record.containers?.find(each => each.reason);
  const words = [ended && ended.name !== record.service && `container ${ended.name}`,
    ended?.exitCode === undefined ? undefined : exitWords(ended.exitCode), ended?.reason ?? record.stoppedReason].filter(Boolean).join(', ');
  return make('li', {},
    make('button', { type: 'button', class: 'link', 'data-select': record.taskARN, title: record.taskARN }, brief(lastPart(record.taskARN))), ' ',
    record.stoppedAt ? ago(record.stoppedAt) : make('span'), ' ',
    make('span', { class: 'detail' }, make('b', {}, record.service ?? record.family ?? record.group ?? ''), words ? ` · ${words}` : ''));
}

export class Stops {
  #section = document.querySelector('#stops');
  #search = document.querySelector('#stops-search');
  #note = this.#section.querySelector('h2 small');
  #empty = this.#section.querySelector('.empty');
  #causes = new Keyed(this.#section.querySelector('.causes'), key => new Cause(key));
  #repeater = new Repeater(signal => this.#ask(signal), PAUSE_MILLIS);
  #filters = {};
  #choice;
  #isInSight = false;
  #isStale = true;
  #typing = undefined;

  constructor(choice) {
    this.#choice = choice;
    this.#section.addEventListener('click', event => this.#click(event));
    this.#search.addEventListener('input', () => this.#later());
    this.#search.addEventListener('keydown', event => {
      if (event.key === 'Escape' && this.#search.value) {
        event.stopPropagation();
        this.#search.value = '';
        this.#later();
      }
    });
    new IntersectionObserver(([{ isIntersecting }]) => {
      this.#isInSight = isIntersecting;
      this.#refresh();
    }).observe(this.#section);
    document.querySelector('#to-stops').addEventListener('click', () => {
      this.#section.scrollIntoView({ block: 'start' });
      this.#section.focus({ preventScroll: true });
    });
    document.addEventListener('visibilitychange', () => this.#refresh());
  }

  /** Notes that tasks have stopped. The panel asks again while it is in sight. */
  hear(changes) {
    if (changes.some(({ kind, entity }) => kind === 'task' && phaseOf(entity?.lastStatus) === 'stopped')) {
      this.#isStale = true;
      this.#refresh();
    }
  }

  /** Follows the choice of a cluster and the search of the page. */
  draw(choice) {
    const filters = { cluster: choice.cluster, q: [this.#search.value, TASK_STATUSES.includes(choice.q.trim().toUpperCase()) ? '' : choice.q]
      .join(' ').trim() };
    if (JSON.stringify(filters) !== JSON.stringify(this.#filters)) {
      this.#filters = filters;
      this.#isStale = true;
      if (this.#isInSight) {
        this.#repeater.now();
      }
    }
  }

  /** Asks when the reader pauses. */
  #later() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.draw(this.#choice), TYPING_MILLIS);
  }

  #refresh() {
    if (this.#isStale && this.#isInSight && !document.hidden) {
      this.#repeater.soon();
    }
  }

  async #ask(signal) {
    this.#isStale = false;
    try {
      this.#show(await ask('v1/history/reasons', this.#filters, signal));
    } catch (failure) {
      if (!signal.aborted) {
        this.#isStale = true;
        this.#complain(failure);
        if (isPassing(failure)) {
          this.#refresh();
        }
      }
    }
    [...this.#causes].filter(([, cause]) => cause.isOpen).forEach(([, cause]) => this.#fill(cause));
  }

  #show({ items: found, total, source, missing = [] }) {
    const items = found.slice(0, SHOWN);
    this.#causes.place(items.map(keyOf));
    items.forEach(group => this.#causes.get(keyOf(group)).draw(group));
    const tasks = found.reduce((sum, group) => sum + group.tasks, 0);
    setText(this.#note, items.length === 0 ? '' : `${count(tasks, 'task')} in ${spanOf(found)}, ${count(total, 'cause')}`
      + (total > items.length ? `, the newest ${items.length} shown` : '')
      + (missing.length > 0 ? `, without ${missing.join(', ')}` : ''));
    setAttribute(this.#note, 'title', source === 'archive' ? 'From the archive' : 'ECS forgets stopped tasks after about an hour');
    setHidden(this.#empty, items.length > 0);
    setText(this.#empty, this.#filters.q ? 'No stopped task matches.' : 'No stopped task is known.');
  }

  #complain(failure) {
    setHidden(this.#empty, false);
    setText(this.#empty, failure.status === 404 ? 'This server does not serve the history of tasks.'
      : isPassing(failure) ? 'The causes are not known now.' : failure.message);
  }

  #click(event) {
    const select = event.target.closest('[data-select]')?.dataset.select;
    if (select) {
      this.#choice.go({ select });
      return;
    }
    const node = event.target.closest('.toggle')?.closest('li');
    const found = node && [...this.#causes].find(([, cause]) => cause.node === node)?.[1];
    if (found) {
      found.open(!found.isOpen);
      if (found.isOpen) {
        this.#fill(found);
      }
    }
  }

  async #fill(cause) {
    try {
      const { items, total } = await ask('v1/history/tasks',
        { ...this.#filters, sameCauseAs: cause.group.example, limit: TASKS_SHOWN });
      cause.show(items, total);
    } catch (failure) {
      cause.complain(`Its tasks are not known now: ${failure.message}`);
    }
  }
}
