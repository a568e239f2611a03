/**
 * The mirrored state of one or several places. A listing replaces that of a place. Then a change is applied only if its revision
 * is higher than the revision held for its ARN and than that of the place's listing of its kind. So a repeated or late change has no effect. Ended tasks are only counted, by
 * the server: there may be ten times as many as living ones.
 */

import { isEnded } from './status.js';
import { Group, Totals } from './tally.js';
import { clusterArnIn } from './words.js';

export const KINDS = ['cluster', 'container-instance', 'service', 'task'];

/** The key of the totals of all clusters. */
export const ALL = '';

const ARN_FIELDS = {
  'cluster': 'clusterARN',
  'container-instance': 'containerInstanceARN',
  'service': 'serviceARN',
  'task': 'taskARN',
};

/** The entry of an ARN. */
class Entry {
  constructor(kind, arn, revision, entity, place) {
    this.kind = kind;
    this.place = place;
    this.arn = arn;
    this.revision = revision;
    this.entity = entity;
    this.cluster = kind === 'cluster' ? arn : (entity.clusterARN ?? clusterArnIn(arn));
    this.text = undefined;
  }
}

/** The key of the tasks of a service, or of a family. */
export const groupKey = (cluster, group = 'family:unknown') => `${cluster}|${group}`;

export const groupKeyOf = entry => entry.kind === 'service'
  ? groupKey(entry.cluster, `service:${entry.entity.serviceName}`)
  : groupKey(entry.cluster, entry.entity.group);

export class State {
  /** The revisions of the listings of each place, by kind. */
  #floors = new Map();
  #ended = new Map();
  #totals;
  #dirty;

  constructor() {
    this.#forget();
  }

  /** Replaces the state of a place by listings. */
  replace(listings, place = '') {
    [...this.replacing(listings, place)];
  }

  /** Replaces the state of a place by listings, in steps. Until the last one the state stays as it is. */
  *replacing(listings, place = '') {
    const next = new State();
    next.#floors = new Map(this.#floors).set(place, new Map(KINDS.map(kind => [kind, listings[kind].revision])));
    for (const kind of KINDS) {
      for (const entry of this.tables[kind].values()) {
        if (entry.place !== place) {
          next.#put(entry);
          yield;
        }
      }
      for (const { metadata, entity } of listings[kind].items) {
        next.#put(new Entry(kind, entity[ARN_FIELDS[kind]], Number(metadata.entityVersion), entity, place));
        yield;
      }
    }
    this.#adopt(next);
  }

  #adopt(next) {
    const ended = this.#ended;
    this.#forget();
    this.#floors = next.#floors;
    this.#totals = next.#totals;
    this.tables = next.tables;
    this.groups = next.groups;
    this.hosts = next.hosts;
    this.countEnded(ended);
  }

  /** Takes the numbers of ended tasks by cluster. */
  countEnded(tasks) {
    let all = 0;
    for (const cluster of new Set([...this.#ended.keys(), ...tasks.keys()])) {
      const count = tasks.get(cluster) ?? 0;
      this.totals(cluster).tasks.set('STOPPED', count);
      this.#dirty.clusters.add(cluster);
      all += count;
    }
    this.totals(ALL).tasks.set('STOPPED', all);
    this.#ended = tasks;
  }

  /** Applies a change. Returns the entries before and after, or nothing if the change is not newer. */
  apply(change, revisionOfBatch, place = '') {
    const revision = Number(change.metadata?.entityVersion ?? revisionOfBatch);
    const floor = this.#floors.get(place)?.get(change.kind) ?? 0;
    const table = this.tables[change.kind];
    const before = table?.get(change.arn);
    if (!table || revision <= Math.max(before?.revision ?? 0, floor)) {
      return undefined;
    }
    if (change.type !== 'removed') {
      const after = new Entry(change.kind, change.arn, revision, change.entity, place);
      if (isOver(after)) {
        this.#take(before);
      } else {
        this.#put(after);
      }
      return { before, after };
    }
    this.#take(before);
    return { before: before ?? new Entry(change.kind, change.arn, revision, change.entity, place), after: undefined };
  }

  totals(cluster) {
    return at(this.#totals, cluster, () => new Totals());
  }

  /** The tasks on an instance. */
  on(instance) {
    return this.hosts.get(instance);
  }

  get clusters() {
    return this.tables.cluster;
  }

  get instances() {
    return this.tables['container-instance'];
  }

  get services() {
    return this.tables.service;
  }

  get tasks() {
    return this.tables.task;
  }

  /** Makes the next drawing place all parts again, of which some are still to be made. */
  placeAgain() {
    KINDS.forEach(kind => this.#dirty.join(kind));
  }

  /** The changes since the last call. */
  takeDirty() {
    const dirty = this.#dirty;
    this.#dirty = new Dirty();
    return dirty;
  }

  #forget() {
    this.tables = Object.fromEntries(KINDS.map(kind => [kind, new Map()]));
    this.#floors = new Map();
    this.groups = new Map();
    this.hosts = new Map();
    this.#totals = new Map();
    this.#dirty = new Dirty();
    KINDS.forEach(kind => this.#dirty.join(kind));
    this.#dirty.everything = true;
  }

  #put(entry) {
    if (isOver(entry)) {
      return;
    }
    const table = this.tables[entry.kind];
    const before = table.get(entry.arn);
    if (before) {
      this.#count(before, -1);
    } else if (entry.kind !== 'task') {
      this.#dirty.join(entry.kind);
    }
    table.set(entry.arn, entry);
    this.#count(entry, 1);
    if (entry.kind === 'container-instance' && !before) {
      this.on(entry.arn)?.tasks.forEach(arn => { this.tasks.get(arn).text = undefined; });
    }
  }

  #take(entry) {
    if (entry) {
      this.tables[entry.kind].delete(entry.arn);
      this.#count(entry, -1);
      if (entry.kind !== 'task') {
        this.#dirty.join(entry.kind);
      }
    }
  }

  #count(entry, difference) {
    this.#dirty.clusters.add(entry.cluster);
    for (const totals of [this.totals(ALL), this.totals(entry.cluster)]) {
      count(totals, entry, difference);
    }
    if (entry.kind === 'task') {
      this.#countTask(entry, difference);
    } else if (entry.kind === 'container-instance') {
      this.#dirty.instances.add(entry.arn);
    } else if (entry.kind === 'service') {
      this.#dirty.groups.add(groupKeyOf(entry));
    }
  }

  #countTask(entry, difference) {
    if (this.#join(this.groups, groupKeyOf(entry), entry, difference)) {
      this.#dirty.join('task');
    }
    this.#dirty.groups.add(groupKeyOf(entry));
    const host = entry.entity.containerInstanceARN;
    if (host) {
      this.#join(this.hosts, host, entry, difference);
      this.#dirty.instances.add(host);
    }
  }

  /** Returns whether the group is new or gone. */
  #join(groups, key, entry, difference) {
    let isNew = false;
    const group = at(groups, key, () => {
      isNew = true;
      return new Group(key);
    });
    if (difference > 0) {
      group.add(entry.arn, entry.entity.lastStatus);
    } else {
      group.remove(entry.arn, entry.entity.lastStatus);
    }
    if (group.tasks.size === 0) {
      groups.delete(key);
      return true;
    }
    return isNew;
  }
}

/** The parts to draw again. */
class Dirty {
  everything = false;
  /** Whether an entity that has a part of its own came or went, or a group of tasks. */
  members = false;
  /** The kinds of these; `task` for a group. */
  kinds = new Set();
  clusters = new Set();
  instances = new Set();
  groups = new Set();

  join(kind) {
    this.members = true;
    this.kinds.add(kind);
  }
}

/** Whether the entry is only counted. */
const isOver = ({ kind, entity }) => kind === 'task' && isEnded(entity.lastStatus);

function count(totals, { kind, entity }, difference) {
  if (kind === 'task') {
    totals.tasks.add(entity.lastStatus, difference);
    totals.withoutInstance += entity.launchType === 'FARGATE' && entity.lastStatus !== 'STOPPED' ? difference : 0;
  } else if (kind === 'service') {
    totals.services.add(entity.status, difference);
  } else if (kind === 'container-instance') {
    totals.instances.add(entity.status, difference);
    totals.disconnected += entity.agentConnected === false && entity.status !== 'INACTIVE' ? difference : 0;
  }
}

function at(map, key, make) {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
