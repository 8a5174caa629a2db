import jsmodbus from 'jsmodbus/dist/rtu-client-response-handler.js';
import dsmrParser from 'dsmr-parser';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import openSml from 'open-sml';
import sax from 'sax';
import {
  DSMR_LINES,
  modbusFloats,
  p1Telegram,
  smlEntry,
  smlFrame,
} from '../../pi/src/meters/a-frame.test-data.ts';
import { meterKinds } from '../../pi/src/meters/index.ts';
import { contest, tableOfPaces } from './contest.ts';
import type { Contestant } from './contest.ts';

const CAPTURES = new URL('../../../shared/data/meters/', import.meta.url);
/** What a read of a serial line brings at most, most of the time. */
const CHUNK_BYTES = 256;
const ROUND_BYTES = 2_000_000;
const A_DAY = 86_400;

/** Frames of one kind, and who reads them besides. */
interface Course {
  readonly kind: string;
  /** Each is one telegram. */
  readonly frames: readonly Buffer[];
  /** Is given each frame whole: what it takes to find them in the stream is not counted. */
  readonly peer?: { readonly name: string; readonly read: (frame: Buffer) => boolean };
}

const COURSES: readonly Course[] = [
  {
    kind: 'dsmr',
    frames: dsmrFrames(),
    peer: {
      name: 'dsmr-parser',
      read: (frame) => 'timestamp' in dsmrParser.parse(frame.toString('latin1')).objects,
    },
  },
  {
    kind: 'sml',
    frames: smlFrames(),
    peer: {
      name: 'open-sml (smartmeter-obis)',
      read: (frame) => {
        const file = new openSml.SmlFile();
        file.parse(frame);
        return file.valid === true;
      },
    },
  },
  {
    kind: 'sdm630',
    frames: [Buffer.from(modbusFloats(0x34, 24, { 0x34: 1_234.5, 0x48: 123.4, 0x4a: 0 }))],
    peer: { name: 'jsmodbus', read: readByJsmodbus() },
  },
  {
    kind: 'linky-historique',
    frames: linkyFrames(),
  },
  {
    kind: 'currentcost',
    frames: [
      Buffer.from(
        '<msg><src>CC128-v0.12</src><dsb>00089</dsb><time>13:02:39</time><tmpr>18.7</tmpr><sensor>0</sensor>' +
          '<id>01234</id><type>1</type><ch1><watts>00345</watts></ch1></msg>\r\n',
      ),
    ],
    peer: { name: 'sax, as XML', read: readBySax },
  },
  {
    kind: 'emontx',
    frames: [Buffer.from('MSG:71923,Vrms:246.78,P1:157,P2:260,E1:16346,E2:12,pulse:15\r\n')],
  },
  { kind: 'lines', frames: [Buffer.from('2026-03-24T03:12:00Z,230\r\n')] },
];

console.log(
  `Node ${process.version}, one core, median of 5 rounds in turn, chunks of ${CHUNK_BYTES} bytes\n`,
);
for (const course of COURSES) {
  const contestants = contestantsOf(course);
  const paces = await contest(contestants);
  console.log(`${tableOfPaces(course.kind, 'telegrams', paces, course.peer?.name ?? null)}\n`);
}
aDay();

function contestantsOf({ kind, frames, peer }: Course): Contestant[] {
  const total = frames.reduce((sum, { length }) => sum + length, 0);
  const many = Array.from({ length: Math.ceil(ROUND_BYTES / total) }, () => frames).flat();
  const stream = Buffer.concat(many);
  const ours = { name: 'lefton', run: (): number => expect(many.length, parsed(kind, stream)) };
  if (peer === undefined) return [ours];
  const { name, read } = peer;
  const theirs = { name, run: (): number => expect(many.length, many.filter(read).length) };
  return [ours, theirs];
}

function parsed(kind: string, stream: Uint8Array): number {
  const parser = meterKinds.find(({ name }) => name === kind)?.create();
  let telegrams = 0;
  for (let at = 0; at < stream.length; at += CHUNK_BYTES)
    parser?.push(stream.subarray(at, at + CHUNK_BYTES), () => telegrams++);
  return telegrams;
}

/** Who does not read them all does not take part. */
function expect(all: number, read: number): number {
  if (read !== all) throw new Error(`${read} of ${all} telegrams were read`);
  return read;
}

/** A day of a meter that tells every second. */
function aDay(): void {
  const frames = dsmrFrames();
  const parser = meterKinds[0]?.create();
  let [telegrams, bytes, wattSeconds] = [0, 0, 0];
  const before = process.memoryUsage().rss;
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let second = 0; second < A_DAY; second++) {
    const frame = frames[second % frames.length] ?? Buffer.alloc(0);
    bytes += frame.length;
    for (let at = 0; at < frame.length; at += CHUNK_BYTES)
      parser?.push(frame.subarray(at, at + CHUNK_BYTES), ({ watts }) => {
        telegrams++;
        wattSeconds += watts ?? 0;
      });
  }
  const elapsed = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  console.log(
    `One day of DSMR 5: ${telegrams} telegrams, ${(bytes / 1e6).toFixed(1)} MB, ${(wattSeconds / 3.6e6).toFixed(3)} kWh ` +
      `in ${(elapsed / 1_000).toFixed(2)} s (CPU ${((user + system) / 1e6).toFixed(2)} s), memory grown by ${grown.toFixed(1)} MB`,
  );
}

/** The captured ten minutes where they are at hand, with the line ends of the wire; else one that was made. */
function dsmrFrames(): Buffer[] {
  const file = new URL('dsmr/raw_capture_10min.txt.gz', CAPTURES);
  if (!existsSync(file)) return [Buffer.from(p1Telegram(DSMR_LINES))];
  const text = gunzipSync(readFileSync(file)).toString('latin1').replace(/\r?\n/g, '\r\n');
  return (text.match(/\/[^/!]*![0-9A-F]{4}\r\n/g) ?? []).map((telegram) => Buffer.from(telegram, 'latin1'));
}

function smlFrames(): Buffer[] {
  const file = new URL('sml/ISKRA_MT631-D1A52-K0z-H01_with_PIN.hex', CAPTURES);
  const made = smlFrame([
    smlEntry('010800', '621e', '52ff', '650137c0c7'),
    smlEntry('100700', '621b', '5200', '5300c1'),
  ]);
  const hex = existsSync(file)
    ? readFileSync(file, 'latin1').trim().toLowerCase()
    : Buffer.from(made).toString('hex');
  return (hex.match(/1b1b1b1b01010101.*?1b1b1b1b1a.{6}/g) ?? []).map((frame) => Buffer.from(frame, 'hex'));
}

function linkyFrames(): Buffer[] {
  const groups = [
    'ADCO 012345678901 E',
    'HCHC 000723392  ',
    'HCHP 001742238 .',
    'IINST 001 X',
    'PAPP 00180 *',
  ];
  return [Buffer.from(`\x02${groups.map((group) => `\n${group}\r`).join('')}\x03`)];
}

function readByJsmodbus(): (frame: Buffer) => boolean {
  const handler = new jsmodbus.default();
  return (frame) => {
    handler.handleData(frame);
    return handler.shift() !== undefined;
  };
}

function readBySax(frame: Buffer): boolean {
  const parser = sax.parser(true);
  let [inside, sum] = [false, 0];
  parser.onopentag = ({ name }): void => {
    inside = name === 'watts';
  };
  parser.onclosetag = (): void => {
    inside = false;
  };
  parser.ontext = (text): void => {
    if (inside) sum += Number(text);
  };
  parser.write(frame.toString('latin1').trim()).close();
  return sum > 0;
}
