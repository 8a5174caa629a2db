/** What is extrapolated, and from what. */
interface Basis {
  readonly bytesPerMeter: number;
  readonly readingsPerSecond: number;
  readonly perPartition: number;
  readonly rebuildSeconds: number;
}

const FLEET = 10_000_000;
/** One reading of each meter in so many seconds. */
const EVERY_S = 10;
/** Memory of one process, of which so much is for the meters; the rest is the program and batches on their way. */
const PROCESS_BYTES = 4e9;
const FOR_METERS = 0.75;
/** Of the pace of the pipeline alone, what is left beside the client and the transactions: `npm run bench:kafka`. */
const WITH_KAFKA = 0.5;
/** Of a core's time, so that a takeover and a backlog find room. */
const BUSY = 0.5;
/** Bytes of a reading in the log, and of a state. */
const READING_BYTES = 65;
const STATE_BYTES = 3_900;
const CHECKPOINT_S = 60;

/** A fleet of ten million meters by the figures of this run, with the assumptions beside each line. */
export function onPaper({ bytesPerMeter, readingsPerSecond, perPartition, rebuildSeconds }: Basis): string {
  const perSecond = FLEET / EVERY_S;
  const perProcess = Math.floor((PROCESS_BYTES * FOR_METERS) / bytesPerMeter);
  const processes = Math.ceil(FLEET / perProcess);
  const cores = perSecond / (readingsPerSecond * WITH_KAFKA * BUSY);
  const partitions = Math.ceil(FLEET / perPartition);
  const each = Math.ceil(partitions / processes);
  const states = (FLEET * STATE_BYTES) / CHECKPOINT_S;
  const line = (what: string, value: string, why: string): string =>
    `  ${what.padEnd(22)} ${value.padEnd(16)} ${why}`;
  const mega = (bytes: number): string => `${Math.round(bytes / 1e6)} MB/s`;
  return [
    `ten million meters, on paper`,
    line('readings', `${(perSecond / 1e6).toFixed(1)} M/s`, `one of each meter in ${EVERY_S} s`),
    line(
      'meters a process',
      String(perProcess),
      `${PROCESS_BYTES / 1e9} GB each, ${FOR_METERS * 100} % of it for meters`,
    ),
    line('processes', String(processes), `memory for the meters decides`),
    line('cores', cores.toFixed(1), `half the pace is Kafka's, and cores are ${BUSY * 100} % busy`),
    line('partitions', String(partitions), `${perPartition} meters in each`),
    line(
      'one process restarts',
      `${(each * rebuildSeconds).toFixed(0)} s`,
      `${each} partitions, as if one after the other`,
    ),
    line('raw_power', mega(perSecond * READING_BYTES), `${READING_BYTES} bytes a reading in the log, a copy`),
    line('meter_state', mega(states), `all states once in ${CHECKPOINT_S} s, a copy: what limits first`),
  ].join('\n');
}
