/**
 * Brings the state from the server to the page: waits until a place of the server is ready, lists the ready places once, then
 * follows the stream of changes. After a cut it resumes from the last revisions that it has seen. It lists a place again only if
 * the server no longer has its missed changes, or has restarted its count of revisions. The name of the only place is empty.
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

/** The part of a query that asks for a place. */
const placeIn = ({ region, account }) => [region && `region=${region}&`, account && `account=${account}&`].filter(Boolean).join('');

async function fetchPart(path, next) {
  const response = await fetch(`v1/${path}limit=${PART}${next ? `&next=${next}` : ''}`,
    { cache: 'no-store', signal: AbortSignal.timeout(LIST_MILLIS) });
  if (!response.ok) {
    throw new Error(`${path} cannot be listed: ${response.status} ${(await response.text()).slice(0, 200)}`);
  }
  return response.json();
}

/** All parts of a list, and the revision after which changes may be missing in some of them. */
async function list(kind, path) {
  let part = await fetchPart(path);
  const items = [part.items];
  while (part.next) {
    part = await fetchPart(path, part.next);
    items.push(part.items);
  }
  return [kind, { revision: revisionsIn(part.entityVersion).values().next().value, items: items.flat() }];
}

const listAll = async place => Object.fromEntries(
  await Promise.all(Object.entries(PATHS).map(([kind, path]) => list(kind, path + placeIn(place)))));

/** The revisions by place: of "12", or of "eu-west-1:12,us-east-1:34". */
function revisionsIn(text) {
  return new Map((text || '').split(',').filter(Boolean).map(each => {
    const colon = each.lastIndexOf(':');
    return [each.slice(0, Math.max(0, colon)), Number(each.slice(colon + 1))];
  }));
}

/** The listings of a place without entities. */
const NOTHING = Object.fromEntries(Object.keys(PATHS).map(kind => [kind, { revision: 0, items: [] }]));

const cursorOf = revisions => [...revisions].map(([place, revision]) => (place ? `${place}:${revision}` : `${revision}`)).join(',');

/**
 * Calls its sink: `listed(place, listings, reason)`, which returns a promise, `changed(batch)`, `ended(counts)`, `freshness(words)`,
 * `current()` once the connection is up and the server has resumed, `behind(place)` when the listings of a place no longer are,
 * `caughtUp(place)` when they are again, `cut(reason)`.
 */
export class Stream {
  #sink;
  /** The places that the server shows, by name. */
  #places = new Map();
  /** The revisions of the listed places. */
  #seen = new Map();
  /** The changes of places that are listed again, by name. */
  #held = new Map();
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
    this.#places = new Map((freshness.places ?? [{ name: '', ready: freshness.ready }]).map(each => [each.name, each]));
    this.#sink.freshness(freshness);
    const isReady = [...this.#places.values()].some(each => each.ready);
    if (!isReady) {
      this.#attempts = 0; // the server answers, with a reason
    }
    return isReady;
  }

  /** Lists the ready places that are not listed yet, and forgets those that the server no longer shows. */
  async #listOnce() {
    for (const name of [...this.#seen.keys()].filter(each => !this.#places.has(each))) {
      this.#seen.delete(name);
      await this.#sink.listed(name, NOTHING);
    }
    for (const [name, place] of this.#places) {
      if (place.ready && !this.#seen.has(name)) {
        const listings = await listAll(place);
        await this.#sink.listed(name, listings);
        this.#seen.set(name, Math.min(...Object.values(listings).map(each => each.revision)));
      }
    }
  }

  /** Follows the stream until it is cut, and returns the reason. */
  #follow() {
    return new Promise(resolve => {
      const source = new EventSource(`v1/brief/events?after=${cursorOf(this.#seen)}`);
      let heard = Date.now();
      let isFirst = true;
      let isOpen = false;
      let isOver = false;
      const end = reason => {
        if (isOver) {
          return; // a listing that fails later no longer belongs to this stream
        }
        isOver = true;
        source.close();
        clearInterval(watch);
        [...this.#held.keys()].forEach(name => this.#seen.delete(name));
        this.#held.clear();
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
      on('reset', reset => {
        const name = reset.place ?? '';
        this.#sink.behind(name);
        this.#listAgain(name, reset).then(() => !isOver && !this.#held.has(name) && this.#sink.caughtUp(name)).catch(failure => {
          if (!isOver) {
            this.#seen.delete(name);
            end(failure.message);
          }
        });
      });
      on('changes', (batch, id) => this.#take(batch, id));
      on('ended', counts => this.#sink.ended(counts));
      on('freshness', freshness => {
        const restarted = isFirst ? this.#restarted(freshness) : [];
        if (restarted.length > 0) {
          restarted.forEach(name => this.#seen.delete(name));
          end('the server has restarted its count of revisions');
          return;
        }
        if (isFirst) {
          isFirst = false; // a server that cannot resume after the last revisions has sent a reset before this
          this.#sink.current();
        }
        this.#sink.freshness(freshness);
      });
    });
  }

  /** The places of which the server has lower revisions than this page. */
  #restarted(freshness) {
    const present = revisionsIn(freshness.entityVersion);
    return [...this.#seen].filter(([name, revision]) => present.get(name) < revision).map(([name]) => name);
  }

  /** A large batch comes in parts. Only the last part has an id, which completes the batch. */
  #take(batch, id) {
    const name = batch.place ?? '';
    const revision = revisionsIn(id).get(name) ?? 0;
    this.#seen.set(name, Math.max(this.#seen.get(name) ?? 0, revision));
    if (this.#held.has(name)) {
      this.#held.get(name).push(batch);
    } else {
      this.#sink.changed(batch);
    }
  }

  /** Changes of a place during its new listing are held until that is complete. */
  async #listAgain(name, { entityVersion, reason }) {
    this.#seen.set(name, Number(entityVersion));
    const held = [];
    this.#held.set(name, held);
    const listings = await listAll(this.#places.get(name) ?? {});
    if (this.#held.get(name) === held) {
      await this.#sink.listed(name, listings, reason);
    }
    if (this.#held.get(name) === held) {
      this.#held.delete(name);
      held.forEach(batch => this.#sink.changed(batch));
    }
  }
}
