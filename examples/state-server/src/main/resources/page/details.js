/**
 * The selected entity with all its fields. The page's lists have only those of an overview, and no ended task. The entity is
 * fetched when it is opened, and again after its changes, at most once a second. A task that the view no longer holds is
 * fetched from the history.
 */

import { ask } from './asking.js';
import { clusterArnIn, lastPart } from './words.js';

const PATHS = { 'task': 'tasks', 'container-instance': 'instances' };
const PAUSE_MILLIS = 1_000;
const LIMIT_MILLIS = 10_000;

export class Details {
  #arn = '';
  #full = undefined;
  #version = undefined;
  #isMissing = false;
  #isAsking = false;
  #nextAt = 0;
  #changed;

  /** @param changed is called after an answer */
  constructor(changed) {
    this.#changed = changed;
  }

  /** The entity as far as it is known, and whether the server has none. `entry` is nothing if the page's state has none. */
  of(arn, entry) {
    if (arn !== this.#arn) {
      this.#arn = arn;
      this.#full = undefined;
      this.#version = undefined;
      this.#isMissing = false;
      this.#nextAt = 0;
    }
    const version = entry?.revision ?? 0;
    if (version !== this.#version && !this.#isAsking && performance.now() >= this.#nextAt && pathOf(arn)) {
      this.#ask(arn, version);
    }
    const isNewer = entry && Number(this.#full?.metadata.entityVersion ?? 0) < entry.revision;
    return {
      entity: isNewer ? { ...this.#full?.entity, ...entry.entity } : this.#full?.entity,
      isMissing: !entry && (this.#isMissing || !pathOf(arn)),
      isComplete: this.#full !== undefined,
    };
  }

  async #ask(arn, version) {
    this.#isAsking = true;
    this.#nextAt = performance.now() + PAUSE_MILLIS;
    try {
      const found = await fetchFromView(arn) ?? await fetchFromHistory(arn);
      if (arn === this.#arn) {
        this.#full = found ?? this.#full;
        this.#isMissing = !found;
        this.#version = version;
      }
    } catch {
      // without a connection the page says so; it asks again at a later drawing
    } finally {
      this.#isAsking = false;
      this.#changed();
    }
  }
}

/** The entity in the view; nothing if the view has none. */
async function fetchFromView(arn) {
  try {
    return await ask(`v1/${pathOf(arn)}`, {}, AbortSignal.timeout(LIMIT_MILLIS));
  } catch (failure) {
    if (failure.status !== 404) {
      throw failure;
    }
    return undefined;
  }
}

/** The record of an ended task, in the form of an entity of the view; nothing if the history has none. */
async function fetchFromHistory(arn) {
  const parameters = { q: lastPart(arn), limit: 1 };
  const { items } = await ask('v1/history/tasks', parameters, AbortSignal.timeout(LIMIT_MILLIS));
  const record = items.find(each => each.taskARN === arn);
  return record && { metadata: { entityVersion: '0' }, entity: { ...record, desiredStatus: 'STOPPED' } };
}

/** The path of a task or an instance whose ARN has its cluster's name; nothing for others, which the page has whole. */
function pathOf(arn) {
  const cluster = clusterArnIn(arn);
  const path = PATHS[arn.split('/')[0].split(':')[5]];
  return cluster && path ? `${path}/${lastPart(cluster)}/${arn}` : undefined;
}
