import { slices } from './chunks.ts';
import { lineEnd } from './line-guard.ts';
import { listed } from '../listed.ts';

/** More would fill the page. */
const SHOWN_FILES = 24;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** A file of several that are read one after the other. */
export interface JoinedFile {
  readonly name: string;
  /** Lines before the one that names its columns. */
  readonly preamble: number;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** Files whose bytes follow each other, and where each begins once it is read. */
export interface FilePlaces {
  readonly names: readonly string[];
  /** The file that a line of the whole is of, and its own line. */
  placeOf(line: number): FilePlace;
}

/** A line of a file. */
interface FilePlace {
  readonly name: string;
  readonly line: number;
}

/** Tables of the same columns as the bytes of one. */
export class JoinedFiles implements FilePlaces {
  readonly names: readonly string[];
  readonly #files: readonly JoinedFile[];
  readonly #firstLines: number[] = [];
  #lines = 0;

  constructor(files: readonly JoinedFile[]) {
    this.names = files.map(({ name }) => name);
    this.#files = files;
  }

  placeOf(line: number): FilePlace {
    const index = Math.max(
      0,
      this.#firstLines.findLastIndex((first) => first <= line),
    );
    return { name: this.names[index] ?? '', line: line - (this.#firstLines[index] ?? 1) + 1 };
  }

  /** Where each file begins in the whole once that is read: rejected rows are told by their lines in it. */
  get note(): string {
    const read = this.#firstLines.map((line, i) => `${this.names[i] ?? ''} from line ${line}`);
    return `read as one: ${listed(read, SHOWN_FILES)}`;
  }

  /** The bytes of all, in UTF-8. What stands before the columns is read of the first file only, but its lines count. */
  async *chunks(): AsyncGenerator<Uint8Array, void> {
    for (const [i, { open, preamble }] of this.#files.entries()) {
      this.#firstLines.push(this.#lines + 1);
      let blank = i === 0 ? 0 : preamble;
      let last = NEWLINE;
      let isFirst = true;
      for await (const chunk of slices(open(), () => undefined)) {
        let start = i > 0 && isFirst && hasMark(chunk) ? 3 : 0;
        isFirst = false;
        for (; blank > 0 && start < chunk.length; blank--) {
          const end = lineEnd(chunk, start);
          if (end === chunk.length) break;
          yield Buffer.of(NEWLINE);
          start = end + (chunk[end] === CARRIAGE_RETURN && chunk[end + 1] === NEWLINE ? 2 : 1);
        }
        last = this.#count(chunk, last);
        if (blank === 0) yield chunk.subarray(start);
      }
      if (last === NEWLINE || last === CARRIAGE_RETURN) continue;
      this.#lines += 1;
      yield Buffer.of(NEWLINE);
    }
  }

  /** Counts the line ends of a chunk, and returns its last byte. */
  #count(chunk: Uint8Array, before: number): number {
    let last = before;
    for (const byte of chunk) {
      if (byte === CARRIAGE_RETURN || (byte === NEWLINE && last !== CARRIAGE_RETURN)) this.#lines += 1;
      last = byte;
    }
    return last;
  }
}

/** Whether bytes begin with the mark of UTF-8, which is none within a text. */
const hasMark = ([first, second, third]: Uint8Array): boolean =>
  first === 0xef && second === 0xbb && third === 0xbf;
