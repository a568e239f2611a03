/** Facts as a description list: links to entities, times with their ages, and buttons that copy. */

import { ago } from './ages.js';
import { copyButton } from './copy.js';
import { make } from './dom.js';

/** The term and the description of a fact. */
export const nodesOf = fact => [make('dt', {}, fact.name), make('dd', {}, ...partsOf(fact))];

function partsOf({ name, value, select, at, copy, href }) {
  if (at) {
    return [ago(at), ' ', make('small', {}, value)];
  }
  const parts = [select ? make('button', { type: 'button', class: 'link', 'data-select': select }, value) : make('span', {}, value)];
  if (copy) {
    parts.push(' ', copyButton(value, name));
  }
  if (href) {
    parts.push(' ', make('a', { class: 'link console', href, target: '_blank', rel: 'noopener noreferrer' },
      'console', make('span', { class: 'unseen' }, ` of ${name}, in a new tab`), make('span', { 'aria-hidden': 'true' }, '\u00a0↗')));
  }
  return parts;
}
