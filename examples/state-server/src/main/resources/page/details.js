/**
 * The selected entity with all its fields. The page's lists have only those of an overview, and no ended task. The entity is
 * fetched when it is opened, and again after its changes, at most once a second.
 */

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
      const response = await fetch(`v1/${pathOf(arn)}`, { cache: 'no-store', signal: AbortSignal.timeout(LIMIT_MILLIS) });
      if (arn === this.#arn && (response.ok || response.status === 404)) {
        this.#full = response.ok ? await response.json() : this.#full;
        this.#isMissing = !response.ok;
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

/** The path of a task or an instance whose ARN has its cluster's name; nothing for others, which the page has whole. */
function pathOf(arn) {
  const cluster = clusterArnIn(arn);
  const path = PATHS[arn.split('/')[0].split(':')[5]];
  return cluster && path ? `${path}/${lastPart(cluster)}/${arn}` : undefined;
}
