import { Choice } from '../choice.ts';
import type { TableFormat } from '../format.ts';
import { Packed } from '../packed.ts';
import { TimeColumn, quote } from '../time-column.ts';
import { guessUnit, sensorKind, unitInName } from '../unit-guess.ts';

const EXPORTS = /return|export|feed_?out|inject|teruglever/i;

/**
 * Home Assistant's history download: `entity_id,state,last_changed`, written on change, in the sensor's unit, which
 * the file does not say. Source: frontend, src/panels/history.
 */
export const homeAssistant: TableFormat = {
  name: 'home-assistant',
  labels: 'stated',
  recognise: (columns) => (columns.has('entity_id', 'state', 'last_changed') ? 1 : 0),
  open: ({ columns, sample, intake }) => {
    const [entity, state] = [columns.index('entity_id'), columns.index('state')];
    const changed = columns.index('last_changed');
    const time = new TimeColumn(
      intake,
      sample.map((cells) => cells[changed]),
      {},
    );
    const choice = new Choice(intake, 'entity');
    const sensors = new Map<string, { at: Packed; value: Packed; lines: number[] }>();
    return {
      row: (cells, line) => {
        const name = cells[entity] ?? '';
        if (!choice.accepts(name)) return;
        const at = time.read(cells[changed] ?? '', line);
        if (Number.isNaN(at)) return;
        const sensor = sensors.get(name) ?? { at: new Packed(), value: new Packed(), lines: [] };
        sensors.set(name, sensor);
        sensor.at.push(at);
        sensor.value.push(intake.number(cells[state], line));
      },
      end: () => {
        choice.end();
        const several = sensors.size > 1;
        for (const [name, sensor] of sensors) {
          const values = { at: sensor.at.view(), value: sensor.value.view() };
          void values;
          void several;
          void guessUnit;
          void sensorKind;
          void unitInName;
          void quote;
          void EXPORTS;
          void name;
        }
      },
    };
  },
};
