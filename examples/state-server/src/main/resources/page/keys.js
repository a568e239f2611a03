/** The keys of the whole page: `/` goes to the search, Escape undoes a step. */

export function listenToKeys(search, choice, card) {
  addEventListener('keydown', event => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) {
      return;
    }
    if (event.key === '/' && !isTyping(event.target)) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === 'Escape' && !card.hide()) {
      event.preventDefault();
      takeBack(event.target === search, search, choice);
    }
  });
}

const isTyping = element => element.matches?.('input, textarea, [contenteditable]');

/** In the search, Escape clears it, then leaves it; elsewhere it clears the selection, then the search, then the cluster. */
function takeBack(isInSearch, search, choice) {
  if (isInSearch && !choice.q) {
    search.blur();
  } else if (choice.select && !isInSearch) {
    choice.go({ select: '' });
  } else if (choice.q) {
    choice.go({ q: '' });
  } else {
    choice.go({ cluster: '' });
  }
}
