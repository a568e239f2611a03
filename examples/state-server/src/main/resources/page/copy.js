/** Buttons that copy a text, and say so. */

import { make } from './dom.js';

const SAID_MILLIS = 2_000;

/** A button that copies. @param what the text's noun, for screen readers */
export const copyButton = (text, what) =>
  make('button', { type: 'button', class: 'copy', 'data-copy': text, 'aria-label': `Copy ${what}` }, 'copy');

/** Lets the document's copy buttons work. */
export function listenToCopies() {
  const said = document.querySelector('#said');
  document.addEventListener('click', async event => {
    const button = event.target.closest('[data-copy]');
    if (button) {
      event.stopPropagation();
      const words = await copy(button.dataset.copy) ? 'copied' : 'not copied';
      button.textContent = words;
      said.textContent = `${button.getAttribute('aria-label').replace('Copy ', '')} ${words}`;
      setTimeout(() => {
        button.textContent = 'copy';
        said.textContent = '';
      }, SAID_MILLIS);
    }
  }, { capture: true });
}

/** Browsers offer the clipboard to pages of HTTPS and of this machine only. Elsewhere a selected text is copied. */
async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // forbidden; the old way may be allowed
    }
  }
  const focused = document.activeElement;
  const area = make('textarea', { class: 'unseen', 'aria-hidden': 'true' });
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  focused?.focus({ preventScroll: true });
  return isCopied;
}
