import {
  cadenceOf,
  challenge,
  dayOfDate,
  defaultPolicy,
  fit,
  holdOut,
  LeftOnError,
  partOf,
  reportingOf,
  successor,
} from '@lefton/core';
import type { ChallengeOptions, Progress } from '@lefton/core';
import { importHistory, openHistoryFile, toldOf } from '@lefton/history';
import { totalmem } from 'node:os';
import { readLabels } from '../cli/labels-input.ts';
import { recordOf } from '../refit/refit-record.ts';
import { SOFTWARE } from '../cli/software.ts';
import { storeInSlices } from '../store/recent-history.ts';
import { faultOf } from '../runtime/worker.ts';
import type {
  FitResult,
  FitTask,
  HistoryReply,
  HistoryStage,
  HistoryTask,
  ReadResult,
  ReadTask,
} from './history-task.ts';
import { writePacked } from './packed-file.ts';

// The process of HistoryIn: does one task and ends. What an export may make of itself is bounded here.

/** Bytes that an export may hold when it is unpacked: years of seconds. */
const MOST_UNPACKED = 4 * 1024 ** 3;
const MOST_MEMORY = Math.min(1024 ** 3, totalmem() / 2);
const PERCENT = 0.01;
/** Of fitting on what is stored: what is done once that is read, and once the model is fitted; the rest measures it. */
const [LOADED, FITTED] = [0.3, 0.65];

const reply = (message: HistoryReply): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(message, () => {
      resolve();
    });
  });

async function read({ file: path, out, options }: ReadTask): Promise<ReadResult> {
  const file = await openHistoryFile(path);
  const { place } = options;
  let told = 0;
  const guard = (bytes: number): void => {
    const large = bytes > MOST_UNPACKED ? 'more, when it is unpacked' : 'more than this machine can hold';
    if (bytes > MOST_UNPACKED || process.memoryUsage.rss() > MOST_MEMORY) {
      const expected = 'an export that this machine can read; take a shorter time, or longer steps';
      throw new LeftOnError({ code: 'too_large', place, expected, found: large });
    }
    const share = file.sizeBytes === 0 ? 1 : Math.min(1, file.bytesRead() / file.sizeBytes);
    if (share - told < PERCENT) return;
    told = share;
    void reply({ stage: 'reading', share });
  };
  const imported = await importHistory(file.chunks, { ...options, files: file.files, onProgress: guard });
  if (imported.at.length === 0) {
    const [first] = imported.report.rejected;
    const found = first === undefined ? 'none' : `none; ${toldOf(first)}`;
    throw new LeftOnError({ code: 'no_readings', place, expected: 'readings', found });
  }
  await writePacked(out, imported);
  const notes = [...file.notes, ...imported.report.notes];
  const { holdMs } = cadenceOf(reportingOf(imported.at, imported.watts));
  return { report: { ...imported.report, notes }, holdMs };
}

async function fitted(task: FitTask): Promise<FitResult> {
  const { db, meter, champion, zone, falseAlarmsPerMonth } = task;
  const slices = storeInSlices(db, meter, Date.now());
  let slice = slices.next();
  for (; slice.done !== true; slice = slices.next())
    await reply({ stage: 'loading', share: slice.value * LOADED });
  const history = slice.value;
  const part = (stage: HistoryStage, from: number, to: number): Progress | undefined =>
    partOf((share) => void reply({ stage, share }), from, to);
  const options: ChallengeOptions = {
    ...{
      zone,
      meter: task.modelMeter,
      falseAlarmsPerMonth,
      fittedOn: task.place,
      sha256: history.sha256,
      software: SOFTWARE,
    },
    windows: [...task.windows, ...readLabels(db, meter)],
    alarmed: history.found,
    holidays: champion === null ? [] : champion.holidays.map(dayOfDate),
    policy: defaultPolicy,
  };
  if (champion !== null) {
    const result = challenge(history, champion, { ...options, progress: part('fitting', LOADED, 1) });
    return { model: successor(result, champion), record: recordOf(result, meter, Date.now()) };
  }
  const model = fit(history, { ...options, progress: part('fitting', LOADED, FITTED) });
  const measuring = { ...options, progress: part('measuring', FITTED, 1) };
  const quality = holdOut(history, measuring, defaultPolicy);
  return { model: { ...model, provenance: { ...model.provenance, quality } }, record: null };
}

async function run(task: HistoryTask): Promise<HistoryReply> {
  try {
    return task.kind === 'read' ? { read: await read(task) } : { fit: await fitted(task) };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

process.on('message', (message) => {
  void run(message as HistoryTask)
    .then(reply)
    .then(() => process.exit());
});
process.on('disconnect', () => {
  process.exit();
});
