const HEADER =
  'Date;Time;Global_active_power;Global_reactive_power;Voltage;Global_intensity;' +
  'Sub_metering_1;Sub_metering_2;Sub_metering_3';
const MINUTES_PER_DAY = 1440;
const FIGURES = 7;

/** How the copy writes its columns; anything else is another file. */
export const COPY_HEADER =
  'date_time,Global_active_power,Global_reactive_power,Voltage,Global_intensity,' +
  'Sub_metering_1,Sub_metering_2,Sub_metering_3';

/** What was turned back: rows written, and how many of them are missing. */
export interface Original {
  rows: number;
  missing: number;
}

/**
 * Turns the copy back into the form that the UCI repository gives out, line by line: `16/12/2006;17:24:00;4.216;...`.
 * The copy has each missing minute filled with the same minute of the day before; a minute whose seven figures all
 * equal those of the day before is therefore missing, and is written as `?` again.
 */
export function* toOriginal(lines: Iterable<string>, told: Original): Generator<string> {
  yield HEADER;
  const dayBefore = new Array<string>(MINUTES_PER_DAY).fill('');
  for (const line of lines) {
    const comma = line.indexOf(',');
    const figures = line.slice(comma + 1);
    const slot = told.rows % MINUTES_PER_DAY;
    const filled = dayBefore[slot] === figures;
    dayBefore[slot] = figures;
    told.rows++;
    if (filled) told.missing++;
    const [date = '', time = ''] = line.slice(0, comma).split(' ');
    const [year = '', month = '', day = ''] = date.split('-');
    const cells = filled ? MISSING : figures.split(',').map(threeDigits).join(';');
    yield `${Number(day)}/${Number(month)}/${year};${time};${cells}`;
  }
}

// the original leaves its last cell empty, not `?`, where a minute is missing
const MISSING = '?;'.repeat(FIGURES - 1);

const threeDigits = (figure: string): string => Number(figure).toFixed(3);
