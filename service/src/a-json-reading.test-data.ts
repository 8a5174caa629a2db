import type { Reading } from '@lefton/core';

/** A reading as a database from before Avro holds it, and as somebody's script may write it. */
export function encodeReading({ meter, at, watts, energyWh, source }: Reading): Uint8Array {
  return Buffer.from(JSON.stringify({ meter, at, watts, energy_wh: energyWh, source }));
}
