/** Counts that are updated, not recounted. */

import { isEnded, phaseOf } from './status.js';

/** The number of each status. */
export class Tally {
  #byStatus = new Map();
  #living = 0;

  add(status, difference) {
    const now = (this.#byStatus.get(status) ?? 0) + difference;
    if (now === 0) {
      this.#byStatus.delete(status);
    } else {
      this.#byStatus.set(status, now);
    }
    this.#living += isEnded(status) ? 0 : difference;
  }

  set(status, count) {
    this.add(status, count - this.of(status));
  }

  /** The number that has not ended. */
  get living() {
    return this.#living;
  }

  get statuses() {
    return [...this.#byStatus.keys()];
  }

  of(status) {
    return this.#byStatus.get(status) ?? 0;
  }

  inPhase(phase) {
    let sum = 0;
    for (const [status, count] of this.#byStatus) {
      sum += phaseOf(status) === phase ? count : 0;
    }
    return sum;
  }
}

/** The tasks of a service, family or instance. */
export class Group {
  tasks = new Set();
  tally = new Tally();

  constructor(key) {
    this.key = key;
  }

  add(arn, status) {
    this.tasks.add(arn);
    this.tally.add(status, 1);
  }

  remove(arn, status) {
    this.tasks.delete(arn);
    this.tally.add(status, -1);
  }
}

/** The totals of a cluster, or of all clusters. */
export class Totals {
  tasks = new Tally();
  instances = new Tally();
  services = new Tally();
  disconnected = 0;
  withoutInstance = 0;
}
