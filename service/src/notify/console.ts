import { parseInstant, sentence, Zone } from '@lefton/core';
import type { AnomalyRecord } from '@lefton/core';
import type { Channel, Message } from '../channel.ts';
import { eventOf } from '../records/event-format.ts';

/** Tells people who look at the terminal, in English. */
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

  deliver({ text, records, zone }: Message): Promise<string> {
    if (records.length === 0) this.#write(`${text}\n`);
    for (const record of records)
      this.#write(`${this.#json ? JSON.stringify(record) : lineOf(record, Zone.named(zone))}\n`);
    return Promise.resolve('printed');
  }

  check(): Promise<string> {
    return Promise.resolve('is standard output');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function lineOf(record: AnomalyRecord, zone: Zone): string {
  const at = zone.format(parseInstant(record.at) ?? 0).slice(0, 16);
  const why = record.why === '' ? '' : ` (${record.why.replace(/\.$/, '')})`;
  return `${at.replace('T', ' ')}  ${record.meter}: ${sentence(eventOf(record), zone)}${why}`;
}
