import { wattHours, watts } from '@lefton/core';
import { lineSettings } from '../meter.ts';
import type { Telegram } from '../meter.ts';
import { modbusKind } from './modbus.ts';
import type { RegisterMap } from './modbus.ts';

const words = new DataView(new ArrayBuffer(4));

const said = (power: number, energyWh: number | null, exportWh: number | null): Telegram => ({
  meter: null,
  watts: watts(power),
  energyWh: energyWh === null ? null : wattHours(energyWh),
  exportWh: exportWh === null ? null : wattHours(exportWh),
  toldAt: null,
  apparentVa: null,
});

/** PZEM-004T version 3: whole numbers, of two registers the low one first; power in 0.1 W, energy in Wh, import only. */
export const pzem004t: RegisterMap = {
  name: 'pzem-004t',
  title: 'PZEM-004T version 3',
  lines: [lineSettings(9_600, '8N1')],
  start: 0,
  count: 10,
  decode: (registers) => {
    const long = (at: number): number => (registers[at] ?? NaN) + (registers[at + 1] ?? NaN) * 0x10000;
    const [power, energy] = [long(3), long(5)];
    return Number.isNaN(power + energy) ? null : said(power / 10, energy, null);
  },
};

/** IEEE floats, high register first; power in W, energies in kWh. */
function eastron(at: { power: number; importKwh: number; exportKwh: number }): RegisterMap['decode'] {
  return (registers) => {
    const float = (address: number): number => {
      words.setUint16(0, registers[address - at.power] ?? 0xffff);
      words.setUint16(2, registers[address - at.power + 1] ?? 0xffff);
      return words.getFloat32(0);
    };
    const register = (address: number): number | null => {
      const kwh = float(address);
      return Number.isFinite(kwh) && kwh >= 0 ? Math.round(kwh * 1_000) : null;
    };
    const power = float(at.power);
    return Number.isFinite(power) ? said(power, register(at.importKwh), register(at.exportKwh)) : null;
  };
}

const SDM_LINES = [lineSettings(9_600, '8N1'), lineSettings(2_400, '8N1'), lineSettings(9_600, '8E1')];
const [IMPORT_KWH, EXPORT_KWH] = [0x48, 0x4a];
/** Power of the one phase; of all phases. */
const [PHASE_POWER, SYSTEM_POWER] = [0x0c, 0x34];

/** Eastron with one phase. */
export const sdm120: RegisterMap = {
  name: 'sdm120',
  title: 'Eastron SDM120, SDM220, SDM230 (one phase)',
  lines: SDM_LINES,
  start: PHASE_POWER,
  count: EXPORT_KWH + 2 - PHASE_POWER,
  decode: eastron({ power: PHASE_POWER, importKwh: IMPORT_KWH, exportKwh: EXPORT_KWH }),
};

/** Eastron with three phases. */
export const sdm630: RegisterMap = {
  name: 'sdm630',
  title: 'Eastron SDM630, SDM72 (three phases)',
  lines: SDM_LINES,
  start: SYSTEM_POWER,
  count: EXPORT_KWH + 2 - SYSTEM_POWER,
  decode: eastron({ power: SYSTEM_POWER, importKwh: IMPORT_KWH, exportKwh: EXPORT_KWH }),
};

export const pzem004tKind = modbusKind(pzem004t);
export const sdm120Kind = modbusKind(sdm120);
export const sdm630Kind = modbusKind(sdm630);
