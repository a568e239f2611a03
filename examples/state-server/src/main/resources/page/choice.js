/** The user's choices: a cluster, a search, a selected entity, the order of services. They are in the address, so that a link shares them. */

const FIELDS = ['cluster', 'q', 'select', 'sort'];

/** The address of the page with these choices. */
export function addressOf(choice) {
  const pairs = FIELDS.filter(field => choice[field]).map(field => [field, choice[field]]);
  const hash = new URLSearchParams(pairs).toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
  return hash ? `#${hash}` : '#';
}

export class Choice {
  cluster = '';
  q = '';
  select = '';
  sort = '';
  #changed;

  constructor(changed) {
    this.#changed = changed;
    addEventListener('hashchange', () => this.#read());
    addEventListener('popstate', () => this.#read());
    this.#parse();
  }

  /** A step that the browser's Back undoes. */
  go(fields) {
    this.#set(fields, 'pushState');
  }

  /** A step too small for the history, such as a letter of a search. */
  refine(fields) {
    this.#set(fields, 'replaceState');
  }

  #set(fields, way) {
    if (Object.entries(fields).some(([field, value]) => this[field] !== value)) {
      Object.assign(this, fields);
      history[way](null, '', addressOf(this));
      this.#changed();
    }
  }

  #read() {
    this.#parse();
    this.#changed();
  }

  #parse() {
    const pairs = new URLSearchParams(location.hash.slice(1));
    FIELDS.forEach(field => { this[field] = pairs.get(field) ?? ''; });
  }
}
