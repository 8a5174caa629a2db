import {
  beyondMains,
  defaultLimits,
  formatUtc,
  judgeAlone,
  LeftOnError,
  messageOf,
  MINUTE,
  SECOND,
} from '@lefton/core';
import type { Reading } from '@lefton/core';
import { closeSync, openSync, readSync } from 'node:fs';
import { CanonicalCsv } from '../records/canonical-csv.ts';
import { askService, hearMeters } from '../capture/capture.ts';
import { sourceFieldsOf } from '../settings/capture.ts';
import { realPause } from '../runtime/clock.ts';
import type { Settings } from '../settings/settings.ts';
import { lookAt } from '../telemetry/look.ts';
import { ProgressLine } from '../cli/progress-line.ts';
import { LONGEST_LINE, wholeLines } from '../sources/lines.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';
import { withHolder } from './holder-metrics.ts';

const SHOW_MS = 200;

/** Where readings come from, as it answers now: each meter is listened to for so many seconds at most. Nothing is kept. */
export async function inputsFound(settings: Settings, waitS: number): Promise<Finding[]> {
  const { tail, stdin, service_url, token } = settings;
  const files = tail === null ? [] : [await finding('tail', () => tailFound(tail, settings))];
  if (stdin) files.push({ what: 'stdin', ok: true, found: 'comes with a run, and is not looked at' });
  const to = service_url === null ? [] : [finding('service', () => askService(service_url, token))];
  const [heard, ...services] = await Promise.all([metersFound(settings, Math.round(waitS * SECOND)), ...to]);
  return [...heard, ...files, ...services];
}

async function metersFound(settings: Settings, limitMs: number): Promise<Finding[]> {
  const count = sourceFieldsOf(settings).length;
  if (count === 0) return [];
  const over = new AbortController();
  const showing = showProgress(
    count === 1 ? 'Listening to a meter' : `Listening to ${count} meters`,
    limitMs,
    over.signal,
  );
  try {
    const heard = await hearMeters(settings, limitMs, realPause, over.signal);
    const known = await Promise.all(
      heard.map(async (each) => (each.state === 'held' ? withHolder(each, settings, limitMs) : each)),
    );
    return known.map((each) => ({ what: 'meter', ...each, found: `${each.source}: ${each.found}` }));
  } finally {
    over.abort();
    await showing;
  }
}

async function showProgress(what: string, limitMs: number, signal: AbortSignal): Promise<void> {
  const line = new ProgressLine(process.stderr);
  const began = performance.now();
  while (!signal.aborted) {
    line.show(what, Math.min(1, (performance.now() - began) / limitMs));
    await realPause(SHOW_MS, signal);
  }
  line.clear();
}

/** The last reading of a growing file. @throws LeftOnError `bad_tail`, `bad_reading` */
function tailFound(file: string, { meter, main_fuse_w }: Settings): string {
  const wrong = (found: string): LeftOnError =>
    new LeftOnError({ code: 'bad_tail', place: file, expected: 'a growing file of at,watts[,meter]', found });
  const look = lookAt(file);
  if ('unseen' in look)
    throw wrong(look.unseen.missing ? 'no such file, for which a run waits' : look.unseen.why);
  if (!look.stat.isFile()) throw wrong('a folder or a device');
  const lines = lastLines(file, look.stat.size, wrong);
  const csv = new CanonicalCsv({ meter, source: 'tail' });
  let last: Reading | undefined;
  for (const line of lines)
    try {
      last = csv.read(line.toString('utf8')) ?? last;
    } catch (error) {
      throw error instanceof LeftOnError ? wrong(`a line with another (${error.message})`) : error;
    }
  if (last === undefined) return `${file}: no reading yet`;
  const why = whyNotTaken(last, main_fuse_w ?? defaultLimits.mainFuseW);
  if (why !== undefined) throw wrong(why);
  const minutes = Math.round((Date.now() - last.at) / MINUTE);
  return `${file}: ${last.watts} W of ${last.meter} at ${formatUtc(last.at)}, ${minutes} min ago`;
}

/** Why a run would not take a reading, whatever came before it. */
function whyNotTaken(reading: Reading, mainFuseW: number): string | undefined {
  const { at, watts } = reading;
  switch (judgeAlone({ ...defaultLimits, mainFuseW }, reading, Date.now())) {
    case 'ok':
      return undefined;
    case 'future':
      return `one of ${formatUtc(at)}, which is yet to come: look at the clock and the zone of what writes it`;
    case 'out_of_bounds':
    case 'not_finite':
      return `one of ${watts} W, and ${beyondMains(mainFuseW)}`;
  }
}

/** The last whole lines of a file, as many as are surely not cut. @throws LeftOnError */
function lastLines(file: string, size: number, wrong: (found: string) => LeftOnError): Buffer[] {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    throw wrong(messageOf(error));
  }
  try {
    const from = Math.max(0, size - LONGEST_LINE);
    const bytes = Buffer.alloc(size - from);
    const { lines } = wholeLines(bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from)));
    return from === 0 ? lines : lines.slice(1);
  } finally {
    closeSync(fd);
  }
}
