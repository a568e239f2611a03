/** Ages of moments, which grow as time passes. The exact time is the title. */

import { make, setAttribute, setText } from './dom.js';
import { age, moment } from './words.js';

let skew = 0;

/** Sets the difference of the server's clock to the reader's, in milliseconds. */
export function setSkew(millis) {
  skew = millis;
}

/** Since a moment, in milliseconds of the server's clock. */
export const since = iso => Math.max(0, Date.now() + skew - Date.parse(iso));

/** An age in its largest unit: "3 min ago", "2 h ago". */
export const agoWords = iso => `${age(since(iso)).split(' ').slice(0, 2).join(' ')} ago`;

export const ago = iso => make('time', { datetime: iso, title: moment(iso), 'data-age': '' }, agoWords(iso));

/** Makes an element of `ago` show another moment. */
export function setAgo(element, iso) {
  setAttribute(element, 'datetime', iso);
  setAttribute(element, 'title', moment(iso));
  setText(element, agoWords(iso));
}

/** Lets the ages in the document grow. */
export function growAges() {
  for (const element of document.querySelectorAll('time[data-age]')) {
    setText(element, agoWords(element.dateTime));
  }
}
