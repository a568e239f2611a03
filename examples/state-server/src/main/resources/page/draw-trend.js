/** Lines of the last 15 minutes: running and pending tasks, and the lag of events. A gap in a line is time without a sample. */

import { make, setAttribute, setHidden, setText } from './dom.js';
import { count, duration, number } from './words.js';

const EVERY_MILLIS = 10_000;
const LONGEST_MILLIS = 10_000;
const SPAN_MILLIS = 15 * 60_000;
const [WIDTH, HEIGHT, EDGE] = [180, 28, 2];
const SVG = 'http://www.w3.org/2000/svg';

const SERIES = {
  running: { title: 'Running', of: sample => sample.running, words: number, fromZero: false },
  pending: { title: 'Pending', of: sample => sample.pending, words: number, fromZero: true },
  lag: { title: 'Event lag', of: sample => sample.lagMillis, words: duration, fromZero: true },
};

class Line {
  #value = make('b');
  #range = make('small');
  #svg = document.createElementNS(SVG, 'svg');
  #path = document.createElementNS(SVG, 'path');

  constructor(series, name) {
    this.series = series;
    setAttribute(this.#svg, 'viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    setAttribute(this.#svg, 'preserveAspectRatio', 'none');
    setAttribute(this.#svg, 'role', 'img');
    this.#svg.append(this.#path);
    this.node = make('figure', { 'data-trend': name },
      make('figcaption', {}, `${series.title} `, this.#value, ' ', this.#range), this.#svg);
  }

  draw(samples, now, stepMillis) {
    const points = samples.map(sample => ({ at: Date.parse(sample.at), value: this.series.of(sample) }))
      .filter(point => point.value !== undefined);
    const { title, words } = this.series;
    setHidden(this.node, points.length === 0);
    if (points.length > 0) {
      const values = points.map(point => point.value);
      const [lowest, highest, last] = [Math.min(...values), Math.max(...values), values.at(-1)];
      setText(this.#value, words(last));
      setText(this.#range, lowest === highest ? (points.length > 1 ? 'no change' : '') : `${words(lowest)} to ${words(highest)}`);
      setAttribute(this.#svg, 'aria-label',
        `${title} in the last 15 minutes: now ${words(last)}, lowest ${words(lowest)}, highest ${words(highest)}`);
      setAttribute(this.#path, 'd', pathOf(points, now, stepMillis, this.#scale(lowest, highest)));
    }
  }

  /** A small change of a large number is drawn small: the scale covers at least a tenth of the number. */
  #scale(lowest, highest) {
    const low = this.series.fromZero ? 0 : Math.max(0, Math.min(lowest, highest * 0.9));
    const height = Math.max(highest - low, 1);
    return value => HEIGHT - EDGE - (value - low) / height * (HEIGHT - 2 * EDGE);
  }
}

function pathOf(points, now, stepMillis, y) {
  let before = -Infinity;
  return points.map(({ at, value }) => {
    const command = at - before > 2.5 * stepMillis ? 'M' : 'L';
    before = at;
    const x = WIDTH - (now - at) / SPAN_MILLIS * WIDTH;
    return `${command}${x.toFixed(1)} ${y(value).toFixed(1)}`;
  }).join('');
}

/** The samples of the same places as the last. A line over others would show the arrival of a place as new tasks. */
function likeTheLast(samples) {
  const missing = samples.at(-1)?.missing ?? [];
  const places = missing.join();
  return { shown: samples.filter(sample => (sample.missing ?? []).join() === places), missing };
}

export class Trend {
  #section = document.querySelector('#trend');
  #lines = Object.entries(SERIES).map(([name, series]) => new Line(series, name));

  constructor() {
    this.#section.append(...this.#lines.map(line => line.node));
  }

  /** Asks for the samples, and again from time to time while the page is in sight. */
  async run() {
    for (;;) {
      if (!document.hidden) {
        await this.#ask();
      }
      await new Promise(resolve => setTimeout(resolve, EVERY_MILLIS));
    }
  }

  async #ask() {
    try {
      const response = await fetch('v1/trend', { cache: 'no-store', signal: AbortSignal.timeout(LONGEST_MILLIS) });
      if (response.ok) {
        this.#draw(await response.json());
      }
    } catch {
      // the banner says that the server does not answer
    }
  }

  #draw({ samples, now, stepSeconds }) {
    const { shown, missing } = likeTheLast(samples);
    this.#lines.forEach(line => line.draw(shown, Date.parse(now), stepSeconds * 1_000));
    const minutes = shown.length === 0 ? 0 : Math.ceil((Date.parse(now) - Date.parse(shown[0].at)) / 60_000);
    setHidden(this.#section, shown.length === 0);
    setText(this.#section.querySelector('.span'), `Last ${count(Math.min(15, Math.max(1, minutes)), 'minute')}, all clusters`
      + (missing.length === 0 ? '' : ` without ${missing.join(', ')}`));
  }
}
