import { parseInstant, Zone } from '@lefton/core';
import type { Alert } from '../ports.ts';
import type { Channel } from '../store-ports.ts';

/** Tells people who look at the terminal. */
export class ConsoleChannel implements Channel {
  readonly name = 'console';
  readonly idempotent = false;
  readonly #write: (line: string) => void;
  readonly #json: boolean;

  /** @param json the event's record instead of the sentence */
  constructor(write: (line: string) => void, json: boolean) {
    this.#write = write;
    this.#json = json;
  }

  deliver(alert: Alert): Promise<string> {
    this.#write(`${this.#json ? JSON.stringify(alert.record) : lineOf(alert)}\n`);
    return Promise.resolve('printed');
  }
}

function lineOf({ record, text, zone }: Alert): string {
  const at = new Zone(zone).format(parseInstant(record.at) ?? 0).slice(0, 16);
  return `${at.replace('T', ' ')}  ${record.meter}: ${text} ${record.why === '' ? '' : `(${record.why.replace(/\.$/, '')})`}`.trimEnd();
}
