/** Services as rows. Below them are tasks without a service, by family. */

import { Bar } from './draw-bar.js';
import { Keyed, make, setAttribute, setHidden, setNumber, setText } from './dom.js';
import { tallyWords } from './facts.js';
import { Roving } from './roving.js';
import { groupKeyOf } from './state.js';
import { isEnded, rollout, TASK_PHASES } from './status.js';
import { clusterName, compareNames, number } from './words.js';

class Row {
  #button = make('button', { type: 'button', class: 'link', tabindex: '-1' });
  #running = make('td', { class: 'count' });
  #pending = make('td', { class: 'pending' });
  #words = make('span', { class: 'unseen' });
  #rollout = make('td', { class: 'rollout' });
  #bar;

  constructor(key) {
    const [cluster, group] = key.split('|');
    this.key = key;
    this.cluster = cluster;
    this.group = group;
    const bar = make('span', { class: 'bar', 'aria-hidden': 'true' });
    this.#bar = new Bar(bar, TASK_PHASES);
    this.node = make('tr', { 'data-select': key },
      make('th', { scope: 'row', class: 'name' }, this.#button, make('small', { class: 'in', 'aria-hidden': 'true' }, clusterName(cluster))),
      make('td', { class: 'cluster' }, clusterName(cluster)),
      this.#running, this.#pending, make('td', { class: 'tasks' }, bar, this.#words), this.#rollout);
  }

  draw(entry, tally) {
    setText(this.#button, entry?.entity.serviceName ?? nameOfGroup(this.group));
    setAttribute(this.node, 'data-arn', entry?.arn ?? this.key);
    this.#bar.draw(phase => tally?.inPhase(phase) ?? 0);
    setText(this.#words, tallyWords(tally) || 'none');
    const running = entry ? (entry.entity.runningCount ?? 0) : (tally?.of('RUNNING') ?? 0);
    const pending = entry ? (entry.entity.pendingCount ?? 0) : (tally?.inPhase('starting') ?? 0);
    this.#drawCounts(running, entry?.entity.desiredCount, pending);
    this.#drawRollout(entry ? rollout(entry.entity) : { state: 'none', words: '' });
  }

  #drawCounts(running, desired, pending) {
    setText(this.#running, desired === undefined ? number(running) : `${number(running)} / ${number(desired)}`);
    this.#running.toggleAttribute('data-short', desired !== undefined && running < desired);
    setText(this.#pending, number(pending));
    this.#pending.toggleAttribute('data-none', pending === 0);
  }

  #drawRollout({ state, words, reason }) {
    setAttribute(this.node, 'data-rollout', state);
    setText(this.#rollout, words);
    setAttribute(this.#rollout, 'title', reason);
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
  #rows = new Keyed(this.#section.querySelector('[data-rows="services"]'), key => new Row(key));
  #families = new Keyed(this.#section.querySelector('[data-rows="families"]'), key => new Row(key));
  #roving = new Roving(this.#table, 'button');
  #byKey = new Map();
  #state;

  constructor(state, choice) {
    this.#state = state;
    this.#table.addEventListener('click', event => {
      const key = event.target.closest('tr')?.dataset.select;
      if (key) {
        choice.go({ select: choice.select === key ? '' : key });
      }
    });
  }

  draw(dirty, scope, choice) {
    if (dirty.kinds.has('service') || dirty.kinds.has('task')) {
      this.#place();
    }
    const shown = this.#drawRows(this.#rows, dirty, scope, choice);
    const families = this.#drawRows(this.#families, dirty, scope, choice);
    setHidden(this.#section.querySelector('[data-rows="families-title"]'), families === 0);
    this.#roving.settle();
    const totals = this.#state.totals(scope.cluster);
    setNumber(this.#count, totals.services.living, number(totals.services.living));
    setText(this.#note, scope.isSearch ? `${number(shown)} match or have a matching task` : this.#troubleIn(scope));
    const empty = this.#section.querySelector('.empty');
    setHidden(empty, shown + families > 0);
    setHidden(this.#table, shown + families === 0);
    setText(empty, scope.isSearch ? 'No match.' : 'None.');
  }

  /** The numbers of services with a problem. */
  #troubleIn(scope) {
    let [short, moving, failed] = [0, 0, 0];
    for (const { cluster, entity } of this.#state.services.values()) {
      if (scope.has(cluster) && !isEnded(entity.status)) {
        const { state } = rollout(entity);
        short += (entity.runningCount ?? 0) < (entity.desiredCount ?? 0) ? 1 : 0;
        moving += state === 'moving' ? 1 : 0;
        failed += state === 'failed' ? 1 : 0;
      }
    }
    return [[short, 'below desired'], [moving, 'deploying'], [failed, 'failed to deploy']]
      .filter(([amount]) => amount > 0).map(([amount, words]) => `${amount} ${words}`).join(' · ');
  }

  #place() {
    const services = [...this.#state.services.values()].sort(compareServices);
    this.#byKey = new Map(services.map(entry => [groupKeyOf(entry), entry.arn]));
    this.#rows.place([...this.#byKey.keys()]);
    this.#families.place([...this.#state.groups.keys()].filter(key => !this.#byKey.has(key)).sort(compareNames));
  }

  #drawRows(rows, dirty, scope, choice) {
    let shown = 0;
    for (const [key, row] of rows) {
      const entry = this.#state.services.get(this.#byKey.get(key));
      if (dirty.everything || dirty.groups.has(key)) {
        row.draw(entry, this.#state.groups.get(key)?.tally);
      }
      const isShown = scope.hasGroup(key, row.cluster, entry);
      setHidden(row.node, !isShown);
      row.choose(choice.select);
      shown += isShown ? 1 : 0;
    }
    return shown;
  }
}

/** The order of rows: by cluster, ended services last, by name. */
function compareServices(a, b) {
  return compareNames(a.cluster, b.cluster)
    || isEnded(a.entity.status) - isEnded(b.entity.status)
    || compareNames(a.entity.serviceName, b.entity.serviceName);
}
