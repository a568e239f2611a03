/** The history of the selected entity: events and changes, newest first, fetched while it is open. */

import { ago } from './ages.js';
import { ask, Repeater } from './asking.js';
import { make, setHidden, setText } from './dom.js';
import { groupKeyOf } from './state.js';
import { count } from './words.js';

const SHOWN = 100;
const PAUSE_MILLIS = 3_000;

export class History {
  #part = document.querySelector('#history');
  #note = this.#part.querySelector('small');
  #list = this.#part.querySelector('ol');
  #empty = this.#part.querySelector('.empty');
  #repeater = new Repeater(signal => this.#ask(signal), PAUSE_MILLIS);
  #state;
  #arn = undefined;
  #revision = undefined;

  constructor(state) {
    this.#state = state;
    this.#part.addEventListener('toggle', () => this.#changed());
  }

  draw(choice) {
    const entry = this.#entryOf(choice.select);
    const arn = entry?.arn ?? (choice.select.startsWith('arn:') ? choice.select : undefined);
    const isOther = arn !== this.#arn;
    if (isOther || entry?.revision !== this.#revision) {
      this.#arn = arn;
      this.#revision = entry?.revision;
      if (isOther) {
        this.#list.replaceChildren();
        setHidden(this.#empty, true);
        setText(this.#note, '');
      }
      this.#changed(isOther);
    }
    setHidden(this.#part, arn === undefined);
  }

  #changed(isOther = true) {
    if (this.#part.open && this.#arn) {
      if (isOther) {
        this.#repeater.now();
      } else {
        this.#repeater.soon();
      }
    }
  }

  #entryOf(key) {
    const { tasks, instances, services, clusters } = this.#state;
    return tasks.get(key) ?? instances.get(key) ?? services.get(key) ?? clusters.get(key)
      ?? (key ? [...services.values()].find(each => groupKeyOf(each) === key) : undefined);
  }

  async #ask(signal) {
    if (!this.#arn) {
      return;
    }
    try {
      const { items } = await ask('v1/history', { arn: this.#arn }, signal);
      this.#show(items);
    } catch (failure) {
      if (!signal.aborted) {
        this.#list.replaceChildren();
        setHidden(this.#empty, false);
        setText(this.#empty, failure.status === 404 ? 'Nothing is known of its past.' : 'Its past is not known now.');
      }
    }
  }

  #show(items) {
    this.#list.replaceChildren(...items.slice(-SHOWN).reverse().map(lineOf));
    setHidden(this.#empty, items.length > 0);
    setText(this.#empty, 'Nothing is known of its past.');
    setText(this.#note, items.length > SHOWN ? `the newest ${SHOWN} of ${count(items.length, 'entry', 'entries')}` : '');
  }
}

const SIGNS = { added: '+', removed: '−', status: '~', change: '~', notice: '!', event: '·' };

const lineOf = ({ at, what, text, reason }) => make('li', { 'data-what': what },
  ago(at), ' ', make('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[what] ?? '·'), ' ',
  make('span', { class: 'text' }, make('span', { class: 'unseen' }, `${what}: `), text, ...(reason ? [make('span', { class: 'reason' }, ` ${reason}`)] : [])));
