import { Decoder } from './decode.ts';
import { WEEK_BUCKETS } from './expected.ts';
import type { ExpectedRange } from './expected.ts';
import { LeftOnError } from '../errors.ts';
import { OTHER_VERSION, parseLeftOn } from '../left-on/index.ts';
import { isMeterName, METER_NAME } from '../meter-name.ts';
import type { LeftOnModel, Model, ModelCadence, Provenance } from './model.ts';
import { Zone } from '../zone.ts';

/** Why a model of another version decides nothing. */
export const MADE_BEFORE =
  'it was made by another version of LeftOn and is to be fitted anew: lefton fit, or lefton refit';

/** A model of another version is refused, or read without the numbers that decide, which mean something else now. */
export type OtherVersion = 'refuse' | 'keep';

/**
 * Reads a model from the JSON of a model file.
 * @param place names the file in errors
 * @throws LeftOnError `bad_value` naming the first place that is wrong; `unknown_zone`; `other_version`
 */
export function parseModel(json: unknown, place = 'model', otherVersion: OtherVersion = 'refuse'): Model {
  const file = new Decoder(json, place);
  const format = file.at('format').oneOf('lefton-model');
  const version = file.at('version').oneOf(1);
  const meter = file.at('meter').nullable(meterOf);
  const zone = zoneOf(file.at('zone'));
  const provenance = provenanceOf(file.at('provenance'));
  const base = { format, version, meter, zone, provenance } as const;
  switch (file.at('kind').oneOf('min-max', 'left-on')) {
    case 'min-max': {
      const watts = (item: Decoder): number => item.number();
      const low = file.at('low').list(watts, 24);
      const high = file.at('high').list(watts, 24);
      low.forEach((value, hour) => {
        if (!((high[hour] ?? NaN) > value))
          file.at('high').refuse(`more than low (${value}) at hour ${hour}`);
      });
      return { ...base, kind: 'min-max', low, high };
    }
    case 'left-on':
      return { ...base, kind: 'left-on', ...leftOnOf(file, otherVersion) };
  }
}

function zoneOf(item: Decoder): string {
  const name = item.string();
  try {
    return Zone.named(name).name;
  } catch {
    return item.refuse('an IANA zone such as Europe/Paris', 'unknown_zone');
  }
}

function leftOnOf(
  file: Decoder,
  otherVersion: OtherVersion,
): Pick<
  LeftOnModel,
  'cadence' | 'mode' | 'false_alarms_per_month' | 'holidays' | 'expected' | 'left_on' | 'why'
> {
  const cadence = cadenceOf(file.at('cadence'));
  const decider = deciderOf(file, otherVersion);
  if (decider.left_on !== null && decider.left_on.stepMs !== cadence.step_s * 1000) {
    file.at('left_on').refuse(`the step of cadence.step_s (${cadence.step_s} s)`);
  }
  return {
    cadence,
    mode: file.at('mode').oneOf('learning', 'ready'),
    false_alarms_per_month: file.at('false_alarms_per_month').number(0),
    holidays: file.at('holidays').list(dateOf),
    expected: expectedOf(file.at('expected')),
    ...decider,
  };
}

/** What decides, or why nothing does. */
function deciderOf(file: Decoder, otherVersion: OtherVersion): Pick<LeftOnModel, 'left_on' | 'why'> {
  const why = file.at('why').nullable((item) => item.string());
  try {
    return { left_on: file.at('left_on').nullable(parseLeftOn), why };
  } catch (error) {
    const keep = otherVersion === 'keep' && error instanceof LeftOnError && error.code === OTHER_VERSION;
    if (keep) return { left_on: null, why: MADE_BEFORE };
    throw error;
  }
}

function cadenceOf(item: Decoder): ModelCadence {
  return {
    step_s: item.at('step_s').number(1),
    hold_s: item.at('hold_s').number(1),
    reading_per_step: item.at('reading_per_step').boolean(),
    frozen_s: item.at('frozen_s').nullable((value) => value.number(1)),
  };
}

function expectedOf(item: Decoder): ExpectedRange {
  const watts = (place: Decoder): number | null => place.nullable((value) => value.number());
  return {
    low: item.at('low').list(watts, WEEK_BUCKETS),
    usual: item.at('usual').list(watts, WEEK_BUCKETS),
    high: item.at('high').list(watts, WEEK_BUCKETS),
  };
}

function dateOf(item: Decoder): string {
  const date = item.string();
  return /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date)) ? date : item.refuse('YYYY-MM-DD');
}

function provenanceOf(item: Decoder): Provenance {
  return {
    fitted_on: item.at('fitted_on').string(),
    sha256: item.at('sha256').nullable((value) => value.string()),
    from: item.at('from').string(),
    until: item.at('until').string(),
    days: item.at('days').number(0),
    readings: item.at('readings').nullable((value) => value.number(0)),
    software: item.at('software').string(),
    quality: item.at('quality').nullable((value) => ({
      held_out_days: value.at('held_out_days').number(0),
      alerts_per_30_days: value.at('alerts_per_30_days').number(0),
    })),
    notes: item.at('notes').list((value) => value.string()),
  };
}

function meterOf(item: Decoder): string {
  const name = item.string();
  return isMeterName(name) ? name : item.refuse(METER_NAME);
}
