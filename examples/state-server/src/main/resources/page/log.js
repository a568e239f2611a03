/** The last changes as text. */

import { groupKeyOf } from './state.js';
import { textOf } from './scope.js';
import { rollout } from './status.js';
import { lastPart } from './words.js';

const KEPT = 500;
const NOUNS = { 'cluster': 'cluster', 'container-instance': 'instance', 'service': 'service', 'task': 'task' };

export class Log {
  /** Newest last. */
  lines = [];
  #next = 1;

  constructor(state) {
    this.state = state;
  }

  add(change, { before, after }) {
    const entry = after ?? before;
    if (entry) {
      const [from, to] = stepOf(change.kind, before?.entity, after?.entity);
      this.#push({
        type: change.type, cause: change.cause ?? 'UNKNOWN', noun: NOUNS[change.kind], arn: entry.arn, cluster: entry.cluster,
        name: nameOf(entry), of: ofWhat(entry), from, to, select: selectOf(entry), entry,
      });
    }
  }

  /** The searchable text of a line. */
  text({ entry }) {
    return textOf(entry, this.state);
  }

  /** A note about the list itself. */
  note(words) {
    this.#push({ type: 'note', words });
  }

  #push(line) {
    this.lines.push({ key: this.#next++, at: Date.now(), ...line });
    if (this.lines.length > 2 * KEPT) {
      this.lines = this.lines.slice(-KEPT);
    }
  }

  get newest() {
    return this.#next - 1;
  }
}

const selectOf = entry => (entry.kind === 'service' ? groupKeyOf(entry) : entry.kind === 'cluster' ? '' : entry.arn);

function nameOf({ kind, arn, entity }) {
  return kind === 'container-instance' ? (entity.EC2InstanceID ?? lastPart(arn)) : lastPart(arn);
}

const ofWhat = ({ kind, entity }) => (kind === 'task' ? (entity.group ?? '').replace(/^service:/, '') : '');

/** A change as two texts, before and after. They show the first important value that differs. */
function stepOf(kind, before, after) {
  if (!after) {
    return [statusOf(kind, before), 'removed'];
  }
  if (!before) {
    return ['new', statusOf(kind, after)];
  }
  for (const tell of DIFFERENCES[kind]) {
    const [from, to] = [tell(before), tell(after)];
    if (from !== to) {
      return [from, withoutWordOf(from, to)];
    }
  }
  return [undefined, 'other details'];
}

/** "desired 3 → 4", not "desired 3 → desired 4". */
function withoutWordOf(from, to) {
  const word = `${from.split(' ')[0]} `;
  return to.startsWith(word) && to.length > word.length ? to.slice(word.length) : to;
}

const statusOf = (kind, entity) => (kind === 'task' ? entity.lastStatus : entity.status) ?? 'unknown';

const free = name => ({ remainingResources = [] }) =>
  `${name.toLowerCase()} ${remainingResources.find(each => each.name === name)?.value || 'unknown'} free`;

const DIFFERENCES = {
  'task': [
    task => task.lastStatus ?? 'unknown',
    task => `desired ${task.desiredStatus}`,
    task => `health ${task.healthStatus ?? 'UNKNOWN'}`,
  ],
  'container-instance': [
    instance => instance.status ?? 'unknown',
    instance => (instance.agentConnected === false ? 'agent disconnected' : 'agent connected'),
    free('CPU'),
    free('MEMORY'),
    instance => `running ${instance.runningTasksCount ?? 0}`,
    instance => `pending ${instance.pendingTasksCount ?? 0}`,
  ],
  'service': [
    service => service.status ?? 'unknown',
    service => `desired ${service.desiredCount ?? 0}`,
    service => `deployment ${rollout(service).words}`,
    service => `running ${service.runningCount ?? 0} of ${service.desiredCount ?? 0}`,
    service => `pending ${service.pendingCount ?? 0}`,
  ],
  'cluster': [
    cluster => cluster.status ?? 'unknown',
    cluster => `running ${cluster.runningTasksCount ?? 0}`,
    cluster => `pending ${cluster.pendingTasksCount ?? 0}`,
    cluster => `services ${cluster.activeServicesCount ?? 0}`,
    cluster => `instances ${cluster.registeredContainerInstancesCount ?? 0}`,
  ],
};
