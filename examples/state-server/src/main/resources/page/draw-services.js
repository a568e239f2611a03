/** Services as rows, those in trouble first. Below them are tasks without a service, by family. */

import { ago, setAgo } from './ages.js';
import { conditionOf, isTrouble, SHORT_MILLIS } from './condition.js';
import { Bar } from './draw-bar.js';
import { Keyed, make, setAttribute, setHidden, setNumber, setText } from './dom.js';
import { tallyWords } from './facts.js';
import { Roving } from './roving.js';
import { Order } from './sorting.js';
import { groupKeyOf } from './state.js';
import { isEnded, LIVING_PHASES } from './status.js';
import { clusterName, compareNames, count, number } from './words.js';

/** The rows at first. A longer table would push the rest of the page out of reach. */
const SHOWN = 12;

class Row {
  #button = make('button', { type: 'button', class: 'link', tabindex: '-1' });
  #running = make('td', { class: 'count' });
  #pending = make('td', { class: 'pending' });
  #words = make('span', { class: 'unseen' });
  #state = make('span', { class: 'word' });
  #progress = make('span');
  #since = ago(new Date().toISOString());
  #reason = make('span');
  #why = make('span', { class: 'why' }, this.#progress, this.#since, this.#reason);
  #bar;

  constructor(key) {
    const [cluster, group] = key.split('|');
    this.key = key;
    this.group = group;
    const bar = make('span', { class: 'bar', 'aria-hidden': 'true' });
    this.#bar = new Bar(bar, LIVING_PHASES);
    this.node = make('tr', { 'data-select': key },
      make('th', { scope: 'row', class: 'name' }, this.#button, make('small', { class: 'in', 'aria-hidden': 'true' }, clusterName(cluster))),
      this.#running, make('td', { class: 'state' }, this.#state, ' ', this.#why),
      this.#pending, make('td', { class: 'tasks' }, bar, this.#words), make('td', { class: 'cluster' }, clusterName(cluster)));
  }

  draw({ entry, tally, condition, running, pending }) {
    setText(this.#button, entry?.entity.serviceName ?? nameOfGroup(this.group));
    setAttribute(this.node, 'data-arn', entry?.arn ?? this.key);
    this.#bar.draw(phase => tally?.inPhase(phase) ?? 0);
    setText(this.#words, tallyWords(tally) || 'none');
    this.#drawCounts(running, entry?.entity.desiredCount, pending);
    setAttribute(this.node, 'data-condition', condition.name);
    setText(this.#state, condition.words);
    this.#drawWhy(condition);
  }

  #drawWhy({ why, at, progress }) {
    setHidden(this.#why, !why && !progress);
    setText(this.#progress, progress ? `${progress}${why ? '; ' : ''}` : '');
    setHidden(this.#since, !why || !at);
    if (at) {
      setAgo(this.#since, at);
    }
    setText(this.#reason, why ? `${at ? ': ' : ''}${why}` : '');
    setAttribute(this.#reason, 'title', why);
  }

  #drawCounts(running, desired, pending) {
    setText(this.#running, desired === undefined ? number(running) : `${number(running)} / ${number(desired)}`);
    this.#running.toggleAttribute('data-short', desired !== undefined && running < desired);
    setText(this.#pending, number(pending));
    this.#pending.toggleAttribute('data-none', pending === 0);
  }

  choose(selected) {
    setAttribute(this.node, 'aria-selected', selected === this.key ? 'true' : undefined);
    setAttribute(this.#button, 'aria-pressed', selected === this.key);
  }
}

const nameOfGroup = group => (group.startsWith('family:')
  ? group.slice(7)
  : group.startsWith('service:') ? `${group.slice(8)} (service not in the view)` : group);

export class Services {
  #section = document.querySelector('#services');
  #table = this.#section.querySelector('table');
  #count = this.#section.querySelector('[data-count]');
  #note = this.#section.querySelector('small');
  #more = this.#section.querySelector('.all');
  #rows = new Keyed(this.#section.querySelector('[data-rows="services"]'), key => new Row(key), { canWait: true });
  #families = new Keyed(this.#section.querySelector('[data-rows="families"]'), key => new Row(key), { canWait: true });
  #roving = new Roving(this.#table, 'tbody button');
  #order;
  #arns = new Map();
  #lines = new Map();
  #shortSince = new Map();
  #sorted = [];
  #familyKeys = [];
  #isAll = false;
  #isUnsorted = true;
  #state;

  constructor(state, choice, redraw) {
    this.#state = state;
    this.#order = new Order(this.#table, choice);
    this.#table.addEventListener('click', event => {
      const key = event.target.closest('tbody tr')?.dataset.select;
      if (key) {
        choice.go({ select: choice.select === key ? '' : key });
      }
    });
    this.#more.addEventListener('click', () => {
      this.#isAll = !this.#isAll;
      redraw();
    });
  }

  draw(dirty, scope, choice) {
    if (dirty.everything || dirty.kinds.has('service') || dirty.kinds.has('task')) {
      this.#list(dirty);
    }
    this.#look(dirty);
    this.#sort(choice);
    const visible = this.#sorted.filter(({ key, entry }) => scope.hasGroup(key, entry.cluster, entry));
    this.#drawRows(this.#rows, this.#first(visible, choice), dirty, choice);
    const families = this.#familyKeys.filter(key => scope.hasGroup(key, key.split('|')[0]));
    this.#drawRows(this.#families, families.map(key => this.#lineOfFamily(key)), dirty, choice);
    setHidden(this.#section.querySelector('[data-rows="families-title"]'), families.length === 0);
    this.#roving.settle();
    this.#drawWords(scope, visible, families.length);
  }

  /** Takes the members of the table from the state. */
  #list(dirty) {
    this.#arns = new Map([...this.#state.services.values()].map(entry => [groupKeyOf(entry), entry.arn]));
    this.#familyKeys = [...this.#state.groups.keys()].filter(key => !this.#arns.has(key)).sort(compareNames);
    const known = dirty.everything ? new Map() : this.#lines;
    this.#lines = new Map([...this.#arns.keys()].map(key => [key, known.get(key)]));
    this.#isUnsorted = true;
  }

  /** Looks at the services that changed, and at those whose time below desired counts. */
  #look(dirty) {
    for (const [key, arn] of this.#arns) {
      const line = this.#lines.get(key);
      if (!line || dirty.everything || dirty.groups.has(key) || line.condition.name === 'settling') {
        const next = this.#lineOf(key, this.#state.services.get(arn));
        this.#isUnsorted ||= !line || this.#order.differs(line, next);
        this.#lines.set(key, next);
      }
    }
  }

  #lineOf(key, entry) {
    const { runningCount = 0, desiredCount = 0, pendingCount = 0 } = entry.entity;
    const tally = this.#state.groups.get(key)?.tally;
    return {
      key, entry, tally, running: runningCount, pending: pendingCount, name: entry.entity.serviceName, cluster: clusterName(entry.cluster),
      isChanged: true, condition: conditionOf(entry.entity, this.#shortMillis(key, runningCount < desiredCount, runningCount)),
    };
  }

  /** The time since the page first saw the service below its desired count. What it saw at its first look may be old. */
  #shortMillis(key, isShort, running) {
    if (!isShort) {
      this.#shortSince.delete(key);
      return 0;
    }
    if (!this.#shortSince.has(key)) {
      const isOld = !this.#lines.get(key) || running === 0;
      this.#shortSince.set(key, performance.now() - (isOld ? SHORT_MILLIS : 0));
    }
    return Math.max(1, performance.now() - this.#shortSince.get(key));
  }

  #lineOfFamily(key) {
    const tally = this.#state.groups.get(key)?.tally;
    return {
      key, tally, running: tally?.of('RUNNING') ?? 0, pending: tally?.inPhase('starting') ?? 0,
      condition: { name: 'none', words: '' },
    };
  }

  /** Sorts if the order may have changed, but not under the reader's pointer. */
  #sort(choice) {
    const isOther = this.#order.choose(choice.sort);
    if (isOther || (this.#isUnsorted && !this.#isUnderPointer())) {
      this.#isUnsorted = false;
      this.#sorted = this.#order.sort([...this.#lines.values()]);
    } else {
      this.#sorted = this.#sorted.map(({ key }) => this.#lines.get(key)).filter(Boolean);
    }
  }

  #isUnderPointer() {
    return this.#sorted.length > 0 && this.#sorted.every(({ key }) => this.#lines.has(key)) && this.#sorted.length === this.#lines.size
      && matchMedia('(hover: hover)').matches && this.#table.querySelector('tbody:hover') !== null;
  }

  /** The first services, and the selected one. */
  #first(visible, choice) {
    return this.#isAll ? visible : visible.filter(({ key }, i) => i < SHOWN || key === choice.select);
  }

  #drawRows(rows, lines, dirty, choice) {
    rows.place(lines.map(({ key }) => key));
    for (const line of lines) {
      const row = rows.get(line.key);
      if (!row) {
        continue; // a later frame makes it
      }
      if (row.isNew || line.isChanged || dirty.everything || dirty.groups.has(line.key)) {
        row.draw(line);
        row.isNew = false;
        line.isChanged = false;
      }
      row.choose(choice.select);
    }
  }

  #drawWords(scope, visible, families) {
    const totals = this.#state.totals(scope.cluster);
    setNumber(this.#count, totals.services.living, number(totals.services.living));
    setText(this.#note, scope.isSearch ? `${number(visible.length)} match or have a matching task` : this.#troubleIn(scope));
    setHidden(this.#more, visible.length <= SHOWN);
    setText(this.#more, this.#isAll ? `Show the first ${SHOWN}` : `Show all ${count(visible.length, 'service')}`);
    setAttribute(this.#more, 'aria-expanded', this.#isAll);
    const isEmpty = visible.length + families === 0;
    const empty = this.#section.querySelector('.empty');
    setHidden(empty, !isEmpty);
    setHidden(this.#section.querySelector('.scroll'), isEmpty);
    setText(empty, scope.isSearch ? 'No match.' : 'None.');
  }

  /** The numbers of services with a problem. */
  #troubleIn(scope) {
    let [trouble, moving] = [0, 0];
    for (const { entry, condition } of this.#lines.values()) {
      if (scope.has(entry.cluster) && !isEnded(entry.entity.status)) {
        trouble += isTrouble(condition) ? 1 : 0;
        moving += condition.name === 'moving' ? 1 : 0;
      }
    }
    return [[trouble, 'in trouble'], [moving, 'deploying']]
      .filter(([amount]) => amount > 0).map(([amount, words]) => `${number(amount)} ${words}`).join(' · ');
  }
}
