import type { Reading } from '@lefton/core';
import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import { CanonicalCsv } from '../records/canonical-csv.ts';
import { bad, readingOf } from '../records/reading-format.ts';
import type { ReadingDefaults } from '../records/reading-format.ts';
import { Intake } from './intake.ts';
import { lineBatches } from './lines.ts';
import type { Destination, Source } from './source.ts';

/** Takes canonical CSV or one JSON object a line, also mixed, until the stream ends. */
export class Stdin implements Source {
  readonly name = 'stdin';
  readonly #stream: Readable;
  readonly #intake: Intake;

  constructor(stream: Readable, meter: string, to: Destination) {
    this.#stream = stream;
    this.#intake = new Intake(to, this.name, meter, lineReader({ meter, source: this.name }));
  }

  async run(signal: AbortSignal): Promise<void> {
    const stream: AsyncIterable<Buffer> = addAbortSignal(signal, this.#stream);
    for await (const lines of lineBatches(stream)) await this.#intake.put(lines, signal);
  }
}

/** Reads a line as JSON where it begins like an object, else as canonical CSV. */
function lineReader(defaults: ReadingDefaults): (line: string) => Reading | undefined {
  const csv = new CanonicalCsv(defaults);
  return (line) => (line.trimStart().startsWith('{') ? readingOf(parse(line), defaults) : csv.read(line));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw bad('line', 'a JSON object', line.slice(0, 60));
  }
}
