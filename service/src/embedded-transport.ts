import { ReadingCodec } from './avro/reading-codec.ts';
import type { OwnFile, Transport, TransportDeps } from './transport.ts';

/** A home has a few meters. */
const MOST_METERS = 10_000;

const nothing = (): Promise<void> => Promise.resolve();

/** Everything is in the one file: what people are told from is what is scored into. */
export const embeddedTransport = ({ store }: TransportDeps, { local, erase }: OwnFile): Transport => ({
  topics: local,
  local,
  codec: ReadingCodec.embedded(),
  states: store,
  mostMeters: MOST_METERS,
  begin: nothing,
  run: nothing,
  arrived: nothing,
  forget: erase,
  trouble: () => local.trouble(),
  close: nothing,
});
