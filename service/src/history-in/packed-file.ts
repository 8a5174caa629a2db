import { open } from 'node:fs/promises';
import type { History } from '@lefton/core';

/** Instant and watts, 8 bytes each. */
const ROW = 16;
const ROWS = 65_536;

/** Readings as numbers in a file, for another process of this machine. */
export async function writePacked(path: string, { at, watts }: History): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let first = 0; first < at.length; first += ROWS) {
      const rows = new Float64Array(2 * Math.min(ROWS, at.length - first));
      for (let i = 0; i < rows.length; i += 2) {
        rows[i] = at[first + i / 2] ?? NaN;
        rows[i + 1] = watts[first + i / 2] ?? NaN;
      }
      // goes on until all is written, as one write need not do
      await file.writeFile(new Uint8Array(rows.buffer));
    }
  } finally {
    await file.close();
  }
}

/** The readings of such a file, so many at a time. */
export async function* readPacked(path: string, rows: number): AsyncGenerator<Float64Array> {
  const file = await open(path, 'r');
  try {
    const buffer = new Float64Array(2 * rows);
    const bytes = new Uint8Array(buffer.buffer);
    // the bytes of a row that is not whole yet
    let held = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, held, bytes.length - held, null);
      if (bytesRead === 0) return;
      const size = held + bytesRead;
      held = size % ROW;
      if (size < ROW) continue;
      yield buffer.subarray(0, 2 * Math.floor(size / ROW));
      bytes.copyWithin(0, size - held, size);
    }
  } finally {
    await file.close();
  }
}
