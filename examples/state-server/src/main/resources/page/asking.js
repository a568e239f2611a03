/** Questions to the server whose answers may change: one at a time, not too often, and the newest question wins. */

const LONGEST_MILLIS = 15_000;

/** The answer to a GET request. An error has the server's words. */
export async function ask(path, parameters, signal) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ''));
  const response = await fetch(`${path}?${query}`,
    { cache: 'no-store', signal: AbortSignal.any([AbortSignal.timeout(LONGEST_MILLIS), ...(signal ? [signal] : [])]) });
  if (!response.ok) {
    throw Object.assign(new Error((await response.text()).slice(0, 200)), { status: response.status });
  }
  return response.json();
}

export class Repeater {
  #run;
  #pauseMillis;
  #timer = undefined;
  #running = undefined;
  #begunAt = -Infinity;
  #isWanted = false;

  /** @param run asks and draws; it gets a signal that ends it */
  constructor(run, pauseMillis) {
    this.#run = run;
    this.#pauseMillis = pauseMillis;
  }

  /** Asks now, in place of a question under way. */
  now() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running?.abort();
    this.#start();
  }

  /** Asks when the last question is long enough ago. */
  soon() {
    if (this.#running) {
      this.#isWanted = true;
    } else {
      this.#timer ??= setTimeout(() => this.now(), Math.max(0, this.#begunAt + this.#pauseMillis - performance.now()));
    }
  }

  async #start() {
    const own = new AbortController();
    this.#running = own;
    this.#begunAt = performance.now();
    this.#isWanted = false;
    try {
      await this.#run(own.signal);
    } finally {
      if (this.#running === own) {
        this.#running = undefined;
        if (this.#isWanted) {
          this.soon();
        }
      }
    }
  }
}
