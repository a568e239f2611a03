/**
 * Joins the parts: the stream fills the state, and changes are drawn, at most four times a second, and less often if a drawing
 * takes long.
 */

import { growAges, setSkew } from './ages.js';
import { Choice } from './choice.js';
import { listenToCopies } from './copy.js';
import { HoverCard } from './draw-card.js';
import { Details } from './details.js';
import { Changes } from './draw-changes.js';
import { Clusters } from './draw-clusters.js';
import { Header } from './draw-header.js';
import { History } from './draw-history.js';
import { Instances } from './draw-instances.js';
import { Selection } from './draw-selection.js';
import { Services } from './draw-services.js';
import { Statuses } from './draw-statuses.js';
import { Stops } from './draw-stops.js';
import { Trend } from './draw-trend.js';

import { beginFrame, isFrameShort } from './dom.js';
import { Focus } from './focus.js';
import { listenToKeys } from './keys.js';
import { Log } from './log.js';
import { Scope, textOf } from './scope.js';
import { Slices } from './slices.js';
import { State } from './state.js';
import { Stream } from './stream.js';
import { setPlaces } from './words.js';

const PAUSE_MILLIS = 250;
const LONGEST_PAUSE_MILLIS = 1_000;

/** The most blocks, rows and lines that a frame makes. */
const PARTS = 60;

/** The pause after a drawing, as a multiple of its time, so that drawings take a small part of the browser's time. */
const REST = 15;

const state = new State();
const log = new Log(state);
const link = { freshness: undefined, shown: undefined, isOpen: false, current: false, behind: new Set(), listed: false, heardAt: Date.now(), reason: undefined, skew: 0 };
const choice = new Choice(() => drawSoon(true));
const search = document.querySelector('#search');

const header = new Header();
const clusters = new Clusters(state);
const statuses = new Statuses(state, choice);
const instances = new Instances(state, choice, () => drawSoon(true));
const services = new Services(state, choice, () => drawSoon(true));
const selection = new Selection(state, choice, new Details(() => drawSoon(true)));
const past = new History(state);
const stops = new Stops(choice);
const changes = new Changes(log, choice, () => drawSoon(true));
const card = new HoverCard(state);
const focus = new Focus();
const slices = new Slices();
const painted = new MessageChannel();

let begunAt = 0;
let drawnAt = 0;
let pause = PAUSE_MILLIS;
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
    }, Math.max(0, drawnAt + pause - performance.now()));
  }
}

/** Comes after the browser has laid out and painted. */
painted.port1.onmessage = () => {
  drawnAt = performance.now();
  pause = Math.min(LONGEST_PAUSE_MILLIS, Math.max(PAUSE_MILLIS, REST * (drawnAt - begunAt)));
};

function draw() {
  isDrawing = false;
  begunAt = performance.now();
  drawnAt = begunAt;
  painted.port2.postMessage(undefined);
  header.draw(link);
  if (!link.listed) {
    return;
  }
  beginFrame(PARTS);
  const dirty = state.takeDirty();
  const scope = new Scope(state, choice);
  if (search.value !== choice.q) {
    search.value = choice.q;
  }
  clusters.draw(dirty, choice, link);
  statuses.draw(scope, choice);
  instances.draw(dirty, scope, choice);
  services.draw(dirty, scope, choice);
  selection.draw(scope, choice);
  past.draw(choice);
  stops.draw(choice);
  changes.draw(scope);
  card.draw(dirty);
  focus.settle(choice);
  if (isFrameShort()) {
    state.placeAgain();
    drawSoon(true);
  }
}

/** Lists and changes take their turns, so that each shows the state at its revision. */
function *listAnew(place, listings, reason) {
  yield* state.replacing(listings, place);
  link.listed = true;
  if (reason) {
    log.note(`The page loaded ${place || 'everything'} again: ${reason}`);
  }
  drawSoon(true);
  yield* indexed();
}

/** Makes the texts that a search looks into, before there is one. */
function *indexed() {
  for (const task of state.tasks.values()) {
    textOf(task, state);
    yield;
  }
}

function *applied(batch) {
  for (const change of batch.changes) {
    const step = state.apply(change, batch.entityVersion, batch.place);
    if (step) {
      log.add(change, step);
    }
    yield;
  }
  drawSoon();
}

/** The page is current while the stream is open, unless its only place is behind. */
function beCurrent() {
  link.current = link.isOpen && !link.behind.has('');
  if (link.current) {
    link.reason = undefined;
    link.shown = link.freshness;
    link.heardAt = Date.now();
  }
  drawSoon(true);
}

const sink = {
  listed(place, listings, reason) {
    return slices.add(() => listAnew(place, listings, reason));
  },

  changed(batch) {
    link.heardAt = Date.now();
    stops.hear(batch.changes);
    slices.add(() => applied(batch));
  },

  ended({ tasks }) {
    slices.add(() => state.countEnded(new Map(tasks.map(each => [each.clusterARN, each.count]))));
    drawSoon();
  },

  freshness(freshness) {
    link.skew = Date.parse(freshness.now) - Date.now();
    setSkew(link.skew);
    link.freshness = freshness;
    setPlaces(freshness.places);
    if (link.current || !link.listed) {
      link.shown = freshness;
    }
    if (link.current) {
      link.heardAt = Date.now();
    }
    drawSoon();
  },

  current() {
    slices.add(() => {
      link.isOpen = true;
      beCurrent();
    });
  },

  behind(place) {
    link.behind.add(place);
    link.current &&= place !== '';
    drawSoon(true);
  },

  caughtUp(place) {
    slices.add(() => {
      link.behind.delete(place);
      beCurrent();
    });
  },

  cut(reason) {
    link.current = false;
    link.isOpen = false;
    link.behind.clear();
    link.reason = reason;
    drawSoon(true);
  },
};

search.addEventListener('input', () => choice.refine({ q: search.value }));
listenToKeys(search, choice, card);
listenToCopies();
setInterval(() => {
  header.draw(link);
  clusters.drawPlaces(link);
  growAges();
}, 1_000);
drawSoon(true);
new Stream(sink).run();
new Trend().run();
