import type { TableFormat } from '../format.ts';
import { TimeColumn, quote } from '../time-column.ts';

const BUCKET = /^time bucket \((.+)\)$/i;
const CIRCUIT = /^(.*?)\s*\((kwatts|kwhs|watts|whs)\)$/i;
const MAINS = /mains(?:_[abc])?$/i;
const SCALES: Readonly<Record<string, number>> = { kwatts: 1_000, watts: 1, kwhs: 1_000, whs: 1 };

/**
 * Emporia Vue's export: `Time Bucket (America/New_York),<panel>-<circuit> (kWatts)`, month first, labelled at the
 * start. Seconds, minutes and quarter hours are mean kW, hours and days kWh; the zone is in the first heading.
 */
export const emporia: TableFormat = {
  name: 'emporia',
  labels: 'start',
  recognise: ({ names }) =>
    BUCKET.test(names[0] ?? '') && names.slice(1).some((name) => CIRCUIT.test(name)) ? 1 : 0,
  open: ({ columns: { names }, sample, intake }) => {
    const zone = BUCKET.exec(names[0] ?? '')?.[1];
    if (zone !== undefined) intake.suggestZone(zone);
    const time = new TimeColumn(
      intake,
      sample.map((cells) => cells[0]),
      { order: 'month_first' },
    );
    const circuits = names.flatMap((name, index) => {
      const [, circuit = '', unit = ''] = CIRCUIT.exec(name) ?? [];
      return unit === '' ? [] : [{ name, circuit, unit: unit.toLowerCase(), index }];
    });
    const wanted = intake.options.entity?.split(',').map((name) => name.trim());
    const mains = circuits.filter(({ circuit }) => MAINS.test(circuit));
    const chosen =
      wanted !== undefined
        ? circuits.filter(({ name, circuit }) => wanted.includes(name) || wanted.includes(circuit))
        : circuits.length === 1
          ? circuits
          : mains;
    if (chosen.length === 0) {
      const list = circuits.slice(0, 20).map(({ circuit }) => quote(circuit));
      throw intake.fault(
        'choice_needed',
        'to know which circuit to read: pass entity (--entity NAME)',
        list.join(', '),
      );
    }
    if (circuits.length > 1) intake.note(`read: ${chosen.map(({ circuit }) => circuit).join(' + ')}`);
    intake.unit = chosen[0]?.unit.startsWith('k') === true ? (chosen[0].unit === 'kwhs' ? 'kWh' : 'kW') : 'W';
    const tracks = chosen.map(({ name, unit, index }) => ({
      index,
      track: intake.track(name, {
        quantity: unit.endsWith('whs') ? 'energy' : 'power',
        clock: time.clock,
        scale: SCALES[unit] ?? 1,
        direction: 'import',
      }),
    }));
    return {
      row: (cells, line) => {
        const at = time.read(cells[0] ?? '', line);
        if (Number.isNaN(at)) return;
        for (const { index, track } of tracks) track.add(at, intake.number(cells[index], line), line);
      },
    };
  },
};
