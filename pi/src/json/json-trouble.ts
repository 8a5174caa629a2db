import { numberOf, parsed, valueAt } from './json-power.ts';
import type { JsonPlace } from './json-power.ts';

/** As many places of numbers are told, those first that are called like power. */
const MOST_TOLD = 8;
const MOST_SEEN = 1_000;
const DEEPEST = 6;
const LONGEST_PATH = 80;
const LIKE_POWER = /power|watt|(?:^|\.)p$/i;

/** Why a payload tells no power, and where its numbers stand: names only, as values may be nobody else's business. */
export function whyNoPower(payload: string, { path }: JsonPlace): string {
  const json = parsed(payload);
  if (payload.trim() === '') return 'it is empty';
  if (json === payload) return /^\s*</.test(payload) ? 'it is a page, and no JSON' : 'it is no JSON';
  const places = placesOf(json);
  const where = places.length === 0 ? 'no number stands in it' : `numbers stand at ${places.join(', ')}`;
  if (path === null) {
    if (isInvalid(json)) return 'the device says that what it measured is not valid (is_valid, errors)';
    const what = places.length === 0 ? '' : '; json_path says which one is power, power_unit its unit';
    return `none stands where Tasmota, Shelly, HomeWizard and Zigbee2MQTT have it; ${where}${what}`;
  }
  const value = valueAt(json, path);
  return `${value === undefined ? 'nothing' : 'no number'} stands at ${path} (json_path); ${where}`;
}

/** Whether a device says somewhere that it has measured nothing that counts. */
const isInvalid = (json: unknown, depth = 0): boolean =>
  typeof json === 'object' &&
  json !== null &&
  (('is_valid' in json && json.is_valid === false) ||
    'errors' in json ||
    (depth < DEEPEST && Object.values(json).some((inner) => isInvalid(inner, depth + 1))));

/** Where numbers stand, as json_path takes it. */
function placesOf(json: unknown): string[] {
  const places: string[] = [];
  const look = (value: unknown, path: string, depth: number): void => {
    if (places.length >= MOST_SEEN || path.length > LONGEST_PATH) return;
    if (path !== '' && numberOf(value) !== undefined) places.push(path);
    if (typeof value !== 'object' || value === null || depth === DEEPEST) return;
    for (const [key, inner] of Object.entries(value))
      // a key with a dot cannot be said in a path
      if (/^[^.\p{C}]+$/u.test(key)) look(inner, path === '' ? key : `${path}.${key}`, depth + 1);
  };
  look(json, '', 0);
  const liked = places.filter((place) => LIKE_POWER.test(place));
  return [...new Set([...liked, ...places])].slice(0, MOST_TOLD);
}
