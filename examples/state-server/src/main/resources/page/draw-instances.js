/** Container instances as blocks: their fill shows the share of cpu (left) and memory (right) that tasks have reserved. */

import { Keyed, make, setAttribute, setHidden, setNumber, setStyle, setText } from './dom.js';
import { Roving } from './roving.js';
import { INSTANCE_LETTERS } from './status.js';
import { clusterName, compareNames, count, lastPart, number, percent } from './words.js';

const numberOf = (resources, name) => Number(resources?.find(each => each.name === name)?.value || NaN);

/** The reserved and the registered amount of a resource; nothing if the instance has not reported it. */
export function reserved(instance, name) {
  const all = numberOf(instance.registeredResources, name);
  const free = numberOf(instance.remainingResources, name);
  return all > 0 && free >= 0 ? { used: all - free, all, share: (all - free) / all } : undefined;
}

const shareOf = part => (part ? percent(part.share) : 'unknown');

/** Whether an instance has ended, or has lost its agent and has no task. Its block hides behind a count. */
const isGone = ({ entity }, tasks) => entity.status === 'INACTIVE' || (entity.agentConnected === false && tasks === 0);

const isDisconnected = instance => instance.agentConnected === false && instance.status !== 'INACTIVE';

export const instanceName = ({ arn, entity }) => entity.EC2InstanceID ?? lastPart(arn);

class Block {
  #tasks = make('span', { class: 'tasks' });
  #letter = make('span', { class: 'letter' });
  #fills = { CPU: make('i'), MEMORY: make('i') };

  constructor(arn) {
    this.node = make('button', { type: 'button', class: 'block', 'data-arn': arn, tabindex: '-1' },
      make('span', { class: 'head' }, this.#letter, this.#tasks),
      make('span', { class: 'fills' }, ...Object.values(this.#fills)));
  }

  draw(entry, tasks) {
    const { entity } = entry;
    const parts = Object.keys(this.#fills).map(name => [name, reserved(entity, name)]);
    parts.forEach(([name, part]) => setStyle(this.#fills[name], 'height', part ? percent(part.share) : '0'));
    setAttribute(this.node, 'data-status', entity.status);
    setAttribute(this.node, 'data-agent', isDisconnected(entity) ? 'disconnected' : undefined);
    setText(this.#letter, (INSTANCE_LETTERS[entity.status] ?? '?') + (isDisconnected(entity) ? '!' : ''));
    setText(this.#tasks, String(tasks));
    setAttribute(this.node, 'aria-label', [instanceName(entry), entity.status,
      ...(isDisconnected(entity) ? ['agent disconnected'] : []),
      ...parts.map(([name, part]) => `${name.toLowerCase()} ${shareOf(part)} reserved`), count(tasks, 'task')].join(', '));
  }
}

/** The blocks of a cluster. */
class Grid {
  #title = make('span');
  #count = make('small');

  #gone = make('button', { type: 'button', class: 'link gone', 'aria-expanded': 'false' });

  constructor(arn, redraw) {
    this.name = clusterName(arn);
    this.isOpen = false;
    this.#gone.addEventListener('click', () => {
      this.isOpen = !this.isOpen;
      redraw();
    });
    const blocks = make('div', { class: 'blocks', role: 'group', 'aria-label': `Container instances of ${this.name}; arrow keys move` });
    this.node = make('div', { class: 'grid' }, make('h3', {}, this.#title, ' ', this.#count), blocks, this.#gone);
    this.blocks = new Keyed(blocks, key => new Block(key), { canWait: true });
    setText(this.#title, this.name);
  }

  /** @param gone the number of instances that are gone @param living the number of visible others */
  finish(living, gone) {
    setHidden(this.node, living + gone === 0);
    setText(this.#count, number(living));
    setHidden(this.#gone, gone === 0);
    setAttribute(this.#gone, 'aria-expanded', this.isOpen);
    setText(this.#gone, `${this.isOpen ? 'Hide' : 'Show'} ${number(gone)} inactive, or disconnected without a task`);
  }
}

export class Instances {
  #section = document.querySelector('#instances');
  #count = this.#section.querySelector('[data-count]');
  #note = this.#section.querySelector('small');
  #legend = new Keyed(this.#section.querySelector('.legend'), key => new LegendItem(key));
  #grids = undefined;
  #roving = new Roving(this.#section.querySelector('.grids'), '.block');
  #state;

  constructor(state, choice, redraw) {
    this.#state = state;
    this.#grids = new Keyed(this.#section.querySelector('.grids'), key => new Grid(key, redraw));
    this.#section.querySelector('.grids').addEventListener('click', event => {
      const arn = event.target.closest('.block')?.dataset.arn;
      if (arn) {
        choice.go({ select: choice.select === arn ? '' : arn });
      }
    });
    this.#section.querySelector('.without').addEventListener('click', event => {
      if (event.target.closest('button')) {
        choice.go({ q: 'FARGATE' });
      }
    });
  }

  draw(dirty, scope, choice) {
    if (dirty.kinds.has('container-instance')) {
      this.#place();
    }
    let shown = 0;
    for (const [, grid] of this.#grids) {
      shown += this.#drawGrid(grid, dirty, scope, choice);
    }
    this.#roving.settle();
    this.#drawWords(scope, shown);
  }

  #place() {
    const byCluster = Map.groupBy(this.#state.instances.values(), entry => entry.cluster);
    const sorted = entries => entries.sort((a, b) => (a.arn < b.arn ? -1 : 1)).map(entry => entry.arn);
    this.#grids.place([...byCluster.keys()].sort(compareNames));
    for (const [cluster, entries] of byCluster) {
      this.#grids.get(cluster).blocks.place(sorted(entries));
    }
  }

  #drawGrid(grid, dirty, scope, choice) {
    let [living, gone] = [0, 0];
    for (const [arn, block] of grid.blocks) {
      const entry = this.#state.instances.get(arn);
      const tasks = this.#state.on(arn)?.tally.living ?? 0;
      if (dirty.everything || block.isNew || dirty.instances.has(arn)) {
        block.isNew = false;
        block.draw(entry, tasks);
      }
      const isVisible = scope.hasInstance(entry);
      const isFolded = isVisible && isGone(entry, tasks) && !scope.isSearch && choice.select !== arn;
      setHidden(block.node, !isVisible || (isFolded && !grid.isOpen));
      setAttribute(block.node, 'aria-pressed', choice.select === arn);
      living += isVisible && !isFolded ? 1 : 0;
      gone += isFolded ? 1 : 0;
    }
    grid.finish(living, gone);
    return living + gone;
  }

  #drawWords(scope, shown) {
    const totals = this.#state.totals(scope.cluster);
    setNumber(this.#count, totals.instances.living, number(totals.instances.living));
    setText(this.#note, scope.isSearch ? `${number(shown)} match or have a matching task` : '');
    const items = legendOf(totals);
    this.#legend.place(items.map(([key]) => key));
    items.forEach(([key, amount]) => this.#legend.get(key).draw(amount));
    const empty = this.#section.querySelector('.empty');
    setHidden(empty, shown > 0);
    setText(empty, scope.isSearch ? 'No match.' : 'None.');
    this.#drawWithout(totals.withoutInstance);
  }

  #drawWithout(tasks) {
    const line = this.#section.querySelector('.without');
    setHidden(line, tasks === 0);
    if (!line.firstElementChild) {
      line.append(make('button', { type: 'button', class: 'link' }), ' on Fargate, which has no instance to show.');
    }
    setText(line.firstElementChild, count(tasks, 'task'));
  }
}

/** The legend: the meaning of each look of a block, with counts. The fill comes first. */
function legendOf(totals) {
  const statuses = [...new Set(['ACTIVE', 'DRAINING', ...totals.instances.statuses])];
  return [['fill'], ...statuses.map(status => [status, totals.instances.of(status)]), ['disconnected', totals.disconnected]];
}

class LegendItem {
  #count = make('data');

  constructor(key) {
    if (key === 'fill') {
      this.node = make('li', {}, make('i', { class: 'sample fills', 'aria-hidden': 'true' }, make('i'), make('i')), 'reserved cpu, memory');
      return;
    }
    const sample = make('i', { class: 'sample', 'aria-hidden': 'true' }, key === 'disconnected' ? '!' : (INSTANCE_LETTERS[key] ?? '?'));
    setAttribute(sample, key === 'disconnected' ? 'data-agent' : 'data-status', key);
    this.node = make('li', {}, sample, key === 'disconnected' ? 'agent disconnected ' : `${key} `, this.#count);
  }

  draw(amount) {
    if (amount !== undefined) {
      setNumber(this.#count, amount, number(amount));
      this.node.toggleAttribute('data-none', amount === 0);
    }
  }
}
