/** Small whole files of every format, written for tests: two days of 1 kW, or what the format allows. */
import type { ImportOptions } from '../options.ts';

/** An example of an export. */
export interface Example {
  readonly text: string;
  readonly options?: Partial<ImportOptions>;
}

const HOURS = Array.from({ length: 48 }, (_, i) => i);
const START = Date.UTC(2024, 0, 1);
const iso = (hour: number): string => new Date(START + hour * 3_600_000).toISOString();
const local = (hour: number): string => iso(hour).slice(0, 16).replace('T', ' ');
const american = (hour: number): string =>
  `${iso(hour).slice(5, 7)}/${iso(hour).slice(8, 10)}/2024 ${iso(hour).slice(11, 19)}`;
const european = (hour: number): string => `${iso(hour).slice(8, 10)}/${iso(hour).slice(5, 7)}/2024`;
const rows = (row: (hour: number) => string): string => HOURS.map((hour) => `${row(hour)}\n`).join('');
const zone = 'Europe/Paris';

/** One example per format, by its name. */
export const examples: Readonly<Record<string, Example>> = {
  canonical: { text: `at,watts,meter\n${rows((h) => `${iso(h)},1000,house`)}` },
  uci: {
    text:
      'Date;Time;Global_active_power;Global_reactive_power;Voltage;Global_intensity;Sub_metering_1;Sub_metering_2;Sub_metering_3\n' +
      rows((h) => `${european(h)};${iso(h).slice(11, 19)};1.000;0.1;230;4;0;1;17`),
    options: { zone },
  },
  'home-assistant': {
    text: `entity_id,state,last_changed\n${rows((h) => `sensor.meter_total,${500 + h},${iso(h)}`)}`,
    options: { unit: 'kWh' },
  },
  'home-assistant-energy': {
    text: `entity_id,type,unit,${HOURS.map(iso).join()}\nsensor.in,grid_consumption,kWh,${HOURS.map(() => 1).join()}\n`,
  },
  'home-assistant-statistics': {
    text: `statistic_id,start,state,sum\n${rows((h) => `sensor.meter,${iso(h)},${h},${h}`)}`,
  },
  emporia: { text: `Time Bucket (Europe/Paris),Home-Mains_A (kWatts)\n${rows((h) => `${american(h)},1.0`)}` },
  sense: {
    text:
      '# a remark\nDateTime,Device ID,Name,Device Type,Device Make,Device Model,Device Location,Avg Wattage,kWh\n' +
      rows((h) => `${local(h)}:00,a1,Total Usage,,,,,1000,1`),
    options: { zone },
  },
  shelly: {
    text: `Date/time UTC,Active energy Wh (A),Returned energy Wh (A)\n${rows((h) => `${local(h)},1500.00,500.00`)}`,
  },
  homewizard: {
    text: `time,Import T1 kWh,Import T2 kWh,Export T1 kWh,Export T2 kWh\n${rows((h) => `${local(h)},${h},5,5,5`)}`,
    options: { zone },
  },
  'dsmr-reader': {
    text:
      'Hour Start,Electricity 1 (Low),Electricity 2 (Normal),Electricity 1 Returned (Low),Electricity 2 Returned (Normal),Gas\n' +
      rows((h) => `${iso(h)},1.5,0,0.5,0,0.1`),
  },
  engie: {
    text: `"Datum","EAN","Verbruik","Type","Piek"\n${rows((h) => `"${iso(h)}","1","1.0","Elektriciteit","true"`)}`,
  },
  fluvius: {
    text:
      '\uFEFFFrom (date);From (time);Until (date);Until (time);EAN code;Meter;Meter type;Register;Volume;Unit;Validation status\n' +
      rows((h) => {
        const times = `${european(h)};${iso(h).slice(11, 19)};${european(h + 1)};${iso(h + 1).slice(11, 19)}`;
        return `${times};="5414";1S;Digital meter;Offtake Day;1,000;kWh;Read`;
      }),
    options: { zone },
  },
  enel: {
    text:
      `Giorno;${HOURS.slice(0, 24)
        .map((h) => `${iso(h).slice(11, 16)}-${iso(h + 1).slice(11, 16)}`)
        .join(';')}\n` + [0, 24].map((h) => `"${european(h)}";${'"1,000";'.repeat(24)}\n`).join(''),
    options: { zone },
  },
  nem12: {
    text:
      '100,NEM12,202401030000,X,Y\n200,NMI,E1,E1,E1,,1,KWH,30,\n' +
      [0, 24]
        .map((h) => `300,${iso(h).slice(0, 10).replaceAll('-', '')},${'0.5,'.repeat(48)}A,,,\n`)
        .join('') +
      '900\n',
  },
  enphase: {
    text:
      'Date/Time,Energy Produced (Wh),Energy Consumed (Wh),Exported to Grid (Wh),Imported from Grid (Wh)\n' +
      rows((h) => `${american(h).slice(0, 16)},0,1000,500,1500`),
    options: { zone, dayFirst: false },
  },
  zappi: {
    text: `Serial Number,Timestamp,Diverter Energy (L1) (Wh),Diverter Energy (L2) (Wh)\n${rows((h) => `1,${iso(h)},500,500`)}`,
  },
  n3rgy: { text: `timestamp (UTC),energyConsumption (kWh)\n${rows((h) => `${local(h)},1`)}` },
  octopus: { text: `Consumption (kWh), Start, End\n${rows((h) => `1.0, ${iso(h)}, ${iso(h + 1)}`)}` },
  emoncms: { text: rows((h) => `${START / 1_000 + h * 3_600},1000`), options: { unit: 'W' } },
  ameren: {
    text:
      'Name,X,,,,,,\n,,,,,,,\nStart Interval Date/Time,Meter Id,Usage,Units,Interval,Usage,Units,Interval\n' +
      rows((h) => `${american(h).slice(0, 16)},0,1,kwh,60min,-,-,-`),
    options: { zone },
  },
  'green-button': {
    text:
      '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self" href="ReadingType/1"/><content>' +
      '<ReadingType xmlns="http://naesb.org/espi"><powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom></ReadingType></content></entry>\n' +
      '<entry><link rel="self" href="UsagePoint/1/MeterReading/1/IntervalBlock/1"/><content><IntervalBlock>\n' +
      rows(
        (h) =>
          `<IntervalReading><timePeriod><duration>3600</duration><start>${START / 1_000 + h * 3_600}</start></timePeriod><value>1000</value></IntervalReading>`,
      ) +
      '</IntervalBlock></content></entry></feed>\n',
  },
};
