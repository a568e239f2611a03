/** The freshness of the view, the connection of the page, and a banner if either has a problem. */

import { make, setAttribute, setHidden, setText } from './dom.js';
import { age, clock, duration, sentence } from './words.js';

const find = selector => document.querySelector(selector);

export class Header {
  #connection = find('#connection');
  #banner = find('#banner');
  #loading = find('#loading');
  #content = find('#content');
  #problems = find('#problems');
  #drawn = '';
  #told = '';
  #waits = '';
  #title = document.title;

  constructor() {
    const top = find('.top');
    const tell = () => document.documentElement.style.setProperty('--top', `${top.offsetHeight}px`);
    new ResizeObserver(tell).observe(top);
  }

  /** @param link the page's knowledge of the server: `freshness`, `shown` (the freshness of the state on the page), `current`, `reason` (of a cut), `listed`, `heardAt`, `skew` */
  draw(link) {
    this.#drawConnection(link);
    this.#drawFacts(link);
    this.#drawLoading(link);
    this.#drawBanner(link);
    this.#drawProblems(link);
  }

  #drawConnection({ current, listed, reason }) {
    const state = current ? 'live' : listed && reason ? 'cut' : 'loading';
    setAttribute(this.#connection, 'data-state', state);
    setText(this.#connection, { live: 'live', cut: 'not connected', loading: 'loading' }[state]);
  }

  #drawFacts({ shown = {}, skew }) {
    const now = Date.now() + skew;
    fact('fresh', shown.freshUpTo && age(now - Date.parse(shown.freshUpTo)), shown.freshUpTo);
    fact('lag', shown.eventLagMillis !== undefined && duration(shown.eventLagMillis));
    fact('revision', !shown.places && shown.entityVersion);
    fact('role', shown.role && shown.role.toLowerCase());
    fact('places', shown.places && placesWords(shown.places));
  }

  #drawLoading({ listed, freshness, reason }) {
    setHidden(this.#loading, listed);
    setHidden(this.#content, !listed);
    const waits = freshness?.ready === false ? (freshness.unmet ?? []) : [reason ?? 'waiting for the server’s first answer'];
    if (!listed && this.#waits !== waits.join('\n')) {
      this.#waits = waits.join('\n');
      this.#loading.querySelector('ul').replaceChildren(...waits.map(each => make('li', {}, sentence(each))));
    }
  }

  #drawBanner(link) {
    const { title, lines } = link.listed ? trouble(link) : {};
    const words = title ? [title, ...lines].join('\n') : '';
    if (words !== this.#drawn) {
      this.#drawn = words;
      this.#banner.replaceChildren(...(title
        ? [make('strong', {}, title), make('ul', {}, ...lines.map(each => make('li', {}, each)))]
        : []));
    }
    setHidden(this.#banner, !title);
    const isStale = title || (link.listed && link.freshness?.fresh === false);
    document.title = isStale ? `(stale) ${this.#title}` : this.#title;
  }

  /** Problems while the view is fresh. Otherwise the banner shows them. Those of several places stand with the places. */
  #drawProblems({ freshness }) {
    const problems = this.#banner.hidden && !freshness?.places ? (freshness?.problems ?? []) : [];
    const words = problems.join('\n');
    if (words !== this.#told) {
      this.#told = words;
      this.#problems.replaceChildren(...problems.map(each => make('li', {}, sentence(each))));
    }
    setHidden(this.#problems, problems.length === 0);
  }
}

function placesWords(places) {
  const stale = places.filter(each => !each.fresh).length;
  return `${places.length} places, ${stale === 0 ? 'all' : places.length - stale} fresh`;
}

function fact(name, text, iso) {
  const element = find(`[data-fact="${name}"]`);
  setHidden(element.closest('.fact'), !text);
  if (text) {
    setText(element, text);
  }
  if (iso) {
    setAttribute(element, 'datetime', iso);
    setAttribute(element, 'title', iso);
  }
}

/** The problem, as text that changes only with the problem, since screen readers read each change out. */
function trouble({ current, freshness, heardAt, reason }) {
  const known = [...(freshness?.unmet ?? []), ...(freshness?.problems ?? [])];
  if (!current && reason) {
    const lines = freshness?.ready === false && !freshness.places ? known.map(each => `The server is loading again: ${each}`) : [];
    return {
      title: `Not updated since ${clock(heardAt)}: no connection to the server`,
      lines: [`${reason}; the page reconnects.`, ...lines].map(sentence),
    };
  }
  return freshness?.fresh === false && !freshness.places?.some(each => each.fresh)
    ? { title: 'Stale: the state may be out of date', lines: known.map(sentence) }
    : {};
}
