import { LeftOnError } from '@lefton/core';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** A file that comes in parts, each written where it belongs; nothing of it is kept in memory. */
export class Upload {
  readonly file: string;
  readonly name: string;
  readonly sizeBytes: number;
  #received = 0;
  #busy = false;

  constructor(file: string, name: string, sizeBytes: number) {
    this.file = file;
    this.name = name;
    this.sizeBytes = sizeBytes;
  }

  /** Bytes that are here: the next part begins with the one after them. */
  get received(): number {
    return this.#received;
  }

  get isWhole(): boolean {
    return this.#received === this.sizeBytes;
  }

  /**
   * Takes a part. What is here already is passed over, so that a part may be sent again; of one that is cut off, what came
   * counts.
   * @throws LeftOnError `upload_gap`, `upload_too_long`, `upload_busy` or what the disk says
   */
  async take(part: Readable, at: number): Promise<void> {
    if (at > this.#received) throw this.#fault('upload_gap', `byte ${this.#received} next`, `byte ${at}`);
    if (this.#busy) throw this.#fault('upload_busy', 'one part at a time', 'another on its way');
    this.#busy = true;
    let out: FileHandle | undefined;
    try {
      out = await open(this.file, this.#received === 0 ? 'w' : 'r+');
      let position = at;
      // the connection is not to be broken off by a refusal, which it has to carry
      for await (const chunk of part.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        const fresh = chunk.subarray(Math.max(0, this.#received - position));
        position += chunk.length;
        if (position > this.sizeBytes)
          throw this.#fault('upload_too_long', `${this.sizeBytes} bytes, as was said`, 'more');
        await this.#append(out, fresh);
      }
    } catch (error) {
      if (error instanceof LeftOnError) throw error;
      const found = error instanceof Error ? error.message : '';
      throw this.#fault('upload_cut', 'the whole part, and room for it; send it again', found);
    } finally {
      this.#busy = false;
      await out?.close();
    }
  }

  /** What is written counts, also where the disk is full half way. */
  async #append(out: FileHandle, bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await out.write(bytes, done, bytes.length - done, this.#received);
      done += bytesWritten;
      this.#received += bytesWritten;
    }
  }

  #fault(code: string, expected: string, found: string): LeftOnError {
    return new LeftOnError({ code, place: this.name, expected, found });
  }
}
