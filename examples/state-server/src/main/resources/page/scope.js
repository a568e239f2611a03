/** The visible part of the state, for a drawing: the chosen cluster, and the matches of a search in it. */

import { ALL, groupKeyOf } from './state.js';
import { lastPart } from './words.js';

const attribute = (entity, name) => entity.attributes?.find(each => each.name === name)?.value;

/** The searchable text of an entity, in lower case, made once for each of its versions. */
export function textOf(entry, state) {
  entry.text ??= wordsOf(entry, state).filter(Boolean).join(' ').toLowerCase();
  return entry.text;
}

function wordsOf({ kind, arn, entity }, state) {
  if (kind === 'task') {
    const instance = state.instances.get(entity.containerInstanceARN)?.entity;
    return [arn, entity.lastStatus, entity.desiredStatus, entity.group, lastPart(entity.taskDefinitionARN), entity.launchType,
      entity.availabilityZone, entity.healthStatus, entity.startedBy, entity.containerInstanceARN, instance?.EC2InstanceID];
  }
  if (kind === 'container-instance') {
    return [arn, entity.EC2InstanceID, entity.status, entity.agentConnected === false ? 'disconnected' : 'connected',
      entity.capacityProviderName, attribute(entity, 'ecs.instance-type'), attribute(entity, 'ecs.availability-zone')];
  }
  return [arn, entity.serviceName, entity.status, entity.launchType, lastPart(entity.taskDefinitionARN),
    ...(entity.deployments ?? []).flatMap(each => [each.status, each.rolloutState])];
}

const includesAll = (text, terms) => terms.every(term => text.includes(term));

export class Scope {
  /** The matching tasks, or nothing without a search. */
  tasks = undefined;
  #instances;
  #groups;

  constructor(state, choice) {
    this.state = state;
    this.name = choice.cluster;
    this.cluster = choice.cluster ? clusterArn(state, choice.cluster) : ALL;
    this.terms = choice.q.toLowerCase().split(/\s+/).filter(Boolean);
    if (this.isSearch) {
      this.#search();
    }
  }

  get isSearch() {
    return this.terms.length > 0;
  }

  has(cluster) {
    return this.cluster === ALL || this.cluster === cluster;
  }

  /** An instance is visible if it or a task on it matches. */
  hasInstance(entry) {
    return this.has(entry.cluster) && (!this.isSearch || this.#instances.has(entry.arn) || this.matches(entry));
  }

  /** A service or family is visible if it or a task of it matches. */
  hasGroup(key, cluster, service) {
    return this.has(cluster)
      && (!this.isSearch || this.#groups.has(key) || (service !== undefined && this.matches(service)));
  }

  /** Whether a line of the log matches the search. */
  finds(log, line) {
    return !this.isSearch || includesAll(log.text(line), this.terms);
  }

  matches(entry) {
    return includesAll(textOf(entry, this.state), this.terms);
  }

  #search() {
    this.tasks = [];
    this.#instances = new Set();
    this.#groups = new Set();
    for (const task of this.state.tasks.values()) {
      if (this.has(task.cluster) && this.matches(task)) {
        this.tasks.push(task);
        this.#instances.add(task.entity.containerInstanceARN);
        this.#groups.add(groupKeyOf(task));
      }
    }
  }
}

/** An unknown cluster becomes an ARN that no entity has. */
function clusterArn(state, name) {
  for (const { arn, entity } of state.clusters.values()) {
    if (entity.clusterName === name || arn === name) {
      return arn;
    }
  }
  return name;
}
