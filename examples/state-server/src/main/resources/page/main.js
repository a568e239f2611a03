/** Joins the parts: the stream fills the state, and changes are drawn, at most four times a second. */

import { Choice } from './choice.js';
import { HoverCard } from './draw-card.js';
import { Changes } from './draw-changes.js';
import { Clusters } from './draw-clusters.js';
import { Header } from './draw-header.js';
import { Instances } from './draw-instances.js';
import { Selection } from './draw-selection.js';
import { Services } from './draw-services.js';
import { Statuses } from './draw-statuses.js';
import { listenToKeys } from './keys.js';
import { Log } from './log.js';
import { Scope } from './scope.js';
import { State } from './state.js';
import { Stream } from './stream.js';

const PAUSE_MILLIS = 250;

const state = new State();
const log = new Log(state);
const link = { freshness: undefined, shown: undefined, current: false, listed: false, heardAt: Date.now(), reason: undefined, skew: 0 };
const choice = new Choice(() => drawSoon(true));
const search = document.querySelector('#search');

const header = new Header();
const clusters = new Clusters(state);
const statuses = new Statuses(state, choice);
const instances = new Instances(state, choice);
const services = new Services(state, choice);
const selection = new Selection(state, choice);
const changes = new Changes(log, choice, () => drawSoon(true));
const card = new HoverCard(state);

let drawnAt = 0;
let isDrawing = false;
let isWaiting = false;

/** Draws in the next frame after a user's action, otherwise when the last drawing is long enough ago. */
function drawSoon(isUrgent = false) {
  if (isUrgent && !isDrawing) {
    isDrawing = true;
    requestAnimationFrame(draw);
  } else if (!isDrawing && !isWaiting) {
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      drawSoon(true);
    }, Math.max(0, drawnAt + PAUSE_MILLIS - performance.now()));
  }
}

function draw() {
  isDrawing = false;
  drawnAt = performance.now();
  header.draw(link);
  if (!link.listed) {
    return;
  }
  const dirty = state.takeDirty();
  const scope = new Scope(state, choice);
  if (search.value !== choice.q) {
    search.value = choice.q;
  }
  clusters.draw(dirty, choice);
  statuses.draw(scope, choice);
  instances.draw(dirty, scope, choice);
  services.draw(dirty, scope, choice);
  selection.draw(scope, choice);
  changes.draw(scope);
  card.draw(dirty);
}

const sink = {
  listed(listings, reason) {
    state.replace(listings);
    link.listed = true;
    if (reason) {
      log.note(`The page loaded everything again: ${reason}`);
    }
    drawSoon(true);
  },

  changed(batch) {
    link.heardAt = Date.now();
    for (const change of batch.changes) {
      const step = state.apply(change, batch.entityVersion);
      if (step) {
        log.add(change, step);
      }
    }
    drawSoon();
  },

  freshness(freshness) {
    link.skew = Date.parse(freshness.now) - Date.now();
    link.freshness = freshness;
    if (link.current || !link.listed) {
      link.shown = freshness;
    }
    if (link.current) {
      link.heardAt = Date.now();
    }
    drawSoon();
  },

  current() {
    link.current = true;
    link.shown = link.freshness;
    link.reason = undefined;
    link.heardAt = Date.now();
    drawSoon(true);
  },

  behind() {
    link.current = false;
    drawSoon(true);
  },

  cut(reason) {
    link.current = false;
    link.reason = reason;
    drawSoon(true);
  },
};

search.addEventListener('input', () => choice.refine({ q: search.value }));
listenToKeys(search, choice, card);
setInterval(() => header.draw(link), 1_000);
drawSoon(true);
new Stream(sink).run();
