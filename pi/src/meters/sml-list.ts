import { wattHours, watts } from '@lefton/core';
import type { Telegram } from '../meter.ts';
import { SmlCursor } from './sml-cursor.ts';

const LIST_RESPONSE = 0x0701;
const [UNIT_W, UNIT_WH] = [0x1b, 0x1e];
/** Bit of the status word of older EMH and Hager meters: energy flows to the grid. */
const TO_THE_GRID = 0x20;
/** Newer status words are longer and mean other things. */
const SHORT_STATUS_BYTES = 2;

/** What a list says, W and Wh; NaN where it does not. */
interface Figures {
  net: number;
  importW: number;
  exportW: number;
  /** Without a sign. */
  absolute: number;
  readonly importWh: Float64Array;
  readonly exportWh: Float64Array;
  /** Of the register; null where there is none that is understood. */
  toTheGrid: boolean | null;
  meter: string | null;
}

/**
 * The telegram of an unescaped SML file, from its first message to before its fill bytes: null where no list is in it,
 * undefined where it is not built as it must be.
 * @param unsignedPower the meter leaves away the byte that would show a sign
 */
export function readFile(
  bytes: Uint8Array,
  from: number,
  end: number,
  unsignedPower: boolean,
): Telegram | null | undefined {
  const cursor = new SmlCursor(bytes, from, end);
  let telegram: Telegram | null = null;
  while (cursor.more()) {
    // transaction, group, abort on error, body, CRC, end of message
    cursor.list(6);
    for (let i = 0; i < 3; i++) cursor.skip();
    cursor.list(2);
    const response = cursor.number() === LIST_RESPONSE;
    // a list without figures does not undo another's
    if (response) telegram = readList(cursor, bytes, unsignedPower) ?? telegram;
    else cursor.skip();
    cursor.skip();
    cursor.skip();
    if (cursor.kind !== 'end' || cursor.failed) return undefined;
  }
  return cursor.failed ? undefined : telegram;
}

/** Client, server, name, time, values, signature, time of the gateway. */
function readList(cursor: SmlCursor, bytes: Uint8Array, unsignedPower: boolean): Telegram | null {
  const figures: Figures = {
    net: NaN,
    importW: NaN,
    exportW: NaN,
    absolute: NaN,
    importWh: new Float64Array(3).fill(NaN),
    exportWh: new Float64Array(3).fill(NaN),
    toTheGrid: null,
    meter: null,
  };
  cursor.list(7);
  cursor.skip();
  cursor.next();
  if (cursor.kind === 'octets' && cursor.size > 0)
    figures.meter = hexOf(bytes, cursor.from, cursor.from + cursor.size);
  cursor.skip();
  cursor.skip();
  cursor.next();
  for (let left = cursor.kind === 'list' ? cursor.size : 0; left > 0 && !cursor.failed; left--)
    readEntry(cursor, bytes, figures, unsignedPower);
  cursor.skip();
  cursor.skip();
  return cursor.failed ? null : telegramOf(figures);
}

/** Name, status, time, unit, scaler, value, signature. Some Holley meters have a bare number as time: it is skipped alike. */
function readEntry(cursor: SmlCursor, bytes: Uint8Array, figures: Figures, unsignedPower: boolean): void {
  cursor.list(7);
  cursor.next();
  const name = cursor.from;
  const electricity =
    cursor.kind === 'octets' && cursor.size === 6 && bytes[name] === 1 && bytes[name + 1] === 0;
  const [c, d, e] = [bytes[name + 2] ?? 0, bytes[name + 3] ?? 0, bytes[name + 4] ?? 0];
  const status = cursor.number();
  const statusBytes = cursor.size;
  cursor.skip();
  const unit = cursor.number();
  const scaler = cursor.number();
  const power = electricity && d === 7 && unit === UNIT_W;
  const energy = electricity && d === 8 && unit === UNIT_WH && (c === 1 || c === 2) && e <= 2;
  if (!power && !energy) {
    cursor.skip();
    cursor.skip();
    return;
  }
  const value = scaled(cursor.number(power && unsignedPower), scaler);
  cursor.skip();
  if (energy) {
    (c === 1 ? figures.importWh : figures.exportWh)[e] = value;
    if (statusBytes === SHORT_STATUS_BYTES && !Number.isNaN(status))
      figures.toTheGrid ??= (status & TO_THE_GRID) !== 0;
  } else if (c === 16 && e === 0) figures.net = value;
  else if (c === 15 && e === 0) figures.absolute = value;
  // 1.7.1 is the only power of some EMH meters
  else if (c === 1 && e <= 1) figures.importW = value;
  else if (c === 2 && e <= 1) figures.exportW = value;
}

/** Division keeps what multiplication by 0.01 would round. */
const scaled = (value: number, scaler: number): number => {
  if (Number.isNaN(scaler)) return value;
  return scaler < 0 ? value / 10 ** -scaler : value * 10 ** scaler;
};

function telegramOf(figures: Figures): Telegram | null {
  const power = powerOf(figures);
  const [energyWh, exportWh] = [registerOf(figures.importWh), registerOf(figures.exportWh)];
  if (power === null && energyWh === null && exportWh === null) return null;
  return {
    meter: figures.meter,
    watts: power === null ? null : watts(power),
    energyWh: energyWh === null ? null : wattHours(energyWh),
    exportWh: exportWh === null ? null : wattHours(exportWh),
    toldAt: null,
    apparentVa: null,
  };
}

/** Net where the meter says it; without a sign it is a reading only where the status tells the direction. */
function powerOf({ net, importW, exportW, absolute, toTheGrid }: Figures): number | null {
  if (!Number.isNaN(net)) return net;
  if (!Number.isNaN(importW)) return importW - (Number.isNaN(exportW) ? 0 : exportW);
  if (!Number.isNaN(exportW)) return 0 - exportW;
  if (absolute === 0) return 0;
  if (Number.isNaN(absolute) || toTheGrid === null) return null;
  return toTheGrid ? -absolute : absolute;
}

/** The total where it is told, else the tariffs together. */
function registerOf([total = NaN, first = NaN, second = NaN]: Float64Array): number | null {
  if (!Number.isNaN(total)) return total;
  const [low, high] = [Number.isNaN(first) ? 0 : first, Number.isNaN(second) ? 0 : second];
  return Number.isNaN(first) && Number.isNaN(second) ? null : low + high;
}

function hexOf(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += (bytes[i] ?? 0).toString(16).padStart(2, '0');
  return text;
}
