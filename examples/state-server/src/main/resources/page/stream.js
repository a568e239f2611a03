/**
 * Brings the state from the server to the page: waits until the server is ready, lists everything once, then follows the
 * stream of changes. After a cut it resumes from the last revision that it has seen. It lists everything again only if the
 * server no longer has the missed changes, or has restarted its count of revisions.
 */

/** Overviews have the brief form, and leave the ended tasks out. */
const PATHS = {
  'cluster': 'clusters?',
  'container-instance': 'brief/instances?',
  'service': 'services?',
  'task': 'brief/tasks?ended=false&',
};

/** A list comes in parts, so that the browser never parses a large one at once. */
const PART = 1_000;
const RETRY_MILLIS = 1_000;
const LONGEST_RETRY_MILLIS = 10_000;
const LIST_MILLIS = 60_000;

/** The limit of silence. The server sends something every 5 s, so after this time the connection is dead even if it is open. */
const SILENCE_MILLIS = 12_000;

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

/** The pause before an attempt. It grows, and has a random part, so that not all pages return to a restarted server at once. */
const pauseAfter = attempts => Math.min(LONGEST_RETRY_MILLIS, RETRY_MILLIS * 1.5 ** attempts) * (0.5 + Math.random() / 2);

async function fetchFreshness() {
  const response = await fetch('v1/freshness', { cache: 'no-store', signal: AbortSignal.timeout(SILENCE_MILLIS) });
  return response.json();
}

async function fetchPart(path, next) {
  const response = await fetch(`v1/${path}limit=${PART}${next ? `&next=${next}` : ''}`,
    { cache: 'no-store', signal: AbortSignal.timeout(LIST_MILLIS) });
  if (!response.ok) {
    throw new Error(`${path} cannot be listed: ${response.status} ${(await response.text()).slice(0, 200)}`);
  }
  return response.json();
}

/** All parts of a list, and the revision after which changes may be missing in some of them. */
async function list([kind, path]) {
  let part = await fetchPart(path);
  const items = [part.items];
  while (part.next) {
    part = await fetchPart(path, part.next);
    items.push(part.items);
  }
  return [kind, { revision: Number(part.entityVersion), items: items.flat() }];
}

const listAll = async () => Object.fromEntries(await Promise.all(Object.entries(PATHS).map(list)));

/**
 * Calls its sink: `listed(listings, reason)`, which returns a promise, `changed(batch)`, `ended(counts)`, `freshness(words)`, `current()` once the listings have caught up
 * with the server, `behind()` when they no longer have, `cut(reason)`.
 */
export class Stream {
  #sink;
  #last = 0;
  #isListed = false;
  #held = undefined;
  #attempts = 0;

  constructor(sink) {
    this.#sink = sink;
  }

  /** Runs until the page is closed. */
  async run() {
    for (;;) {
      try {
        if (await this.#isReady()) {
          await this.#listOnce();
          this.#sink.cut(await this.#follow());
        }
      } catch (failure) {
        this.#sink.cut(failure instanceof TypeError ? 'the server does not answer' : failure.message);
      }
      await pause(pauseAfter(this.#attempts));
      this.#attempts += 1;
    }
  }

  async #isReady() {
    const freshness = await fetchFreshness();
    this.#sink.freshness(freshness);
    if (!freshness.ready) {
      this.#attempts = 0; // the server answers, with a reason
    }
    return freshness.ready;
  }

  async #listOnce() {
    if (!this.#isListed) {
      const listings = await listAll();
      this.#last = Math.min(...Object.values(listings).map(each => each.revision));
      await this.#sink.listed(listings);
      this.#isListed = true;
    }
  }

  /** Follows the stream until it is cut, and returns the reason. */
  #follow() {
    return new Promise(resolve => {
      const source = new EventSource(`v1/brief/events?entityVersion=${this.#last + 1}`);
      let heard = Date.now();
      let isFirst = true;
      let isOpen = false;
      let isCurrent = false;
      let isOver = false;
      const end = reason => {
        if (isOver) {
          return; // a listing that fails later no longer belongs to this stream
        }
        isOver = true;
        source.close();
        clearInterval(watch);
        this.#isListed &&= !this.#held;
        this.#held = undefined;
        resolve(reason);
      };
      const watch = setInterval(() => {
        if (Date.now() - heard > SILENCE_MILLIS) {
          end(`nothing received for ${SILENCE_MILLIS / 1_000} s`);
        }
      }, 1_000);
      const on = (name, take) => source.addEventListener(name, event => {
        heard = Date.now();
        take(JSON.parse(event.data), event.lastEventId);
      });
      source.onopen = () => {
        isOpen = true;
        this.#attempts = 0;
      };
      source.onerror = () => end(isOpen ? 'the connection was lost' : 'the server did not open a stream');
      on('end', ({ reason }) => end(reason));
      const beCurrent = () => {
        if (!isOver && !isCurrent && !this.#held) {
          isCurrent = true;
          this.#sink.current();
        }
      };
      on('reset', reset => {
        isCurrent = false;
        this.#sink.behind();
        this.#listAgain(reset).then(beCurrent).catch(failure => {
          if (!isOver) {
            this.#isListed = false;
            end(failure.message);
          }
        });
      });
      on('changes', (batch, id) => this.#take(batch, id));
      on('ended', counts => this.#sink.ended(counts));
      on('freshness', freshness => {
        if (isFirst && Number(freshness.entityVersion) < this.#last) {
          this.#isListed = false;
          end('the server has restarted its count of revisions');
          return;
        }
        isFirst = false; // a server that cannot resume after the last revision has sent a reset before this
        beCurrent();
        this.#sink.freshness(freshness);
      });
    });
  }

  /** A large batch comes in parts. Only the last part has an id, which completes the batch. */
  #take(batch, id) {
    this.#last = Math.max(this.#last, Number(id));
    if (this.#held) {
      this.#held.push(batch);
    } else {
      this.#sink.changed(batch);
    }
  }

  /** Changes during a new listing are held until it is complete. */
  async #listAgain({ entityVersion, reason }) {
    this.#last = Number(entityVersion);
    const held = [];
    this.#held = held;
    const listings = await listAll();
    if (this.#held === held) {
      await this.#sink.listed(listings, reason);
    }
    if (this.#held === held) {
      this.#held = undefined;
      held.forEach(batch => this.#sink.changed(batch));
    }
  }
}
