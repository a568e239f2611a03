/** Names and formats of the page. */

const NUMBER = new Intl.NumberFormat('en');
const UNITS = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1_000, 's']];

export const number = value => NUMBER.format(value);

export const count = (value, one, many = one + 's') => `${number(value)} ${value === 1 ? one : many}`;

/** A length of time in its largest unit, or its two largest from an hour on: "80 ms", "3 s", "2 h 5 min". */
export function duration(millis) {
  if (millis < 1_000) {
    return `${Math.max(0, Math.round(millis))} ms`;
  }
  const at = UNITS.findIndex(([size]) => millis >= size);
  const [size, unit] = UNITS[at];
  const whole = Math.floor(millis / size);
  const rest = at < 2 ? Math.floor((millis - whole * size) / UNITS[at + 1][0]) : 0;
  return rest > 0 ? `${whole} ${unit} ${rest} ${UNITS[at + 1][1]}` : `${whole} ${unit}`;
}

/** An age in seconds or larger units, so that it changes calmly. */
export const age = millis => (millis < 1_000 ? '0 s' : duration(millis));

const digits = (parts, between) => parts.map(part => String(part).padStart(2, '0')).join(between);

/** The time of day where the reader is, as all times on the page. */
export function clock(at) {
  const date = new Date(at);
  return digits([date.getHours(), date.getMinutes(), date.getSeconds()], ':');
}

function day(at) {
  const date = new Date(at);
  return digits([date.getFullYear(), date.getMonth() + 1, date.getDate()], '-');
}

export const moment = iso => (iso ? `${day(iso)} ${clock(iso)}` : undefined);

/** The part of an ARN after the last slash. */
export const lastPart = (arn = '') => arn.slice(arn.lastIndexOf('/') + 1);

/** The parts of places that differ: with several Regions or accounts, a cluster's name alone may be another's, too. */
const differing = { regions: false, accounts: false };

/** Takes the places that the server shows; none if it shows a single one. */
export function setPlaces(places = []) {
  differing.regions = new Set(places.map(each => each.region)).size > 1;
  differing.accounts = new Set(places.map(each => each.account)).size > 1;
}

/** What tells the place of an ARN from the others, an account by its last digits; empty if there is a single one. */
export function placeWords(arn = '') {
  const [, , , region, account] = arn.split(':');
  return [differing.regions && region, differing.accounts && account && `…\u2060${account.slice(-4)}`].filter(Boolean).join(' · ');
}

/** A cluster's name, from its own ARN, with its place if there are several. */
export const clusterName = (arn = '') => [lastPart(arn), placeWords(arn)].filter(Boolean).join(' · ');

/** The beginning of an id, long enough to compare. */
export const brief = id => (/^[0-9a-f]{14,}$/.test(id) ? `${id.slice(0, 10)}…` : id);

export const percent = share => `${Math.round(share * 100)}%`;

const NAMES = new Intl.Collator('en', { numeric: true });

/** "web-2" before "web-10". */
export const compareNames = (a, b) => NAMES.compare(a, b);

/** The cluster's ARN, from the ARN of an entity in it that has the cluster's name before the last slash. */
export function clusterArnIn(arn) {
  const parts = arn.split('/');
  return parts.length === 3 ? `${parts[0].replace(/:[^:]*$/, ':cluster')}/${parts[1]}` : '';
}

/** A reason with a capital, unless it begins with a name, such as an ARN or a Region. */
export const sentence = words => (/^[a-z]+[ ,]/.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words);
