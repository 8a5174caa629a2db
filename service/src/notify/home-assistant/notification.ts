import type { Message } from '../../channel.ts';
import { createHash } from 'node:crypto';

/**
 * The name of a notification: the next message about the same episode takes its place, as does a repetition of the
 * same message. Says nothing about the home, and is short enough for every phone.
 */
export function tagOf({ id, records }: Message): string {
  const episodes = new Set(records.map(({ episode }) => episode));
  const [episode] = episodes;
  const about = episode === undefined || episodes.size > 1 ? id : sha256(episode).slice(0, 32);
  return `lefton_${about}`;
}

/** Home Assistant fills in templates in what it is told; a meter may have any name. */
export const untemplated = (text: string): string => text.replace(/\{(?=[{%#])/g, '{ ');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
