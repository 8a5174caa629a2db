import { defaultLimits, LeftOnError } from '@lefton/core';
import type { Reading } from '@lefton/core';
import type { Capture, CaptureReport, Destination, MeterFinding, Reach, SourceSettings } from '@lefton/pi';
import type { ReadingCodec } from '../avro/reading-codec.ts';
import { certificatesIn } from '../settings/certificates.ts';
import { sourceFieldsOf } from '../settings/capture.ts';
import type { SourceFields } from '../settings/groups/meters.ts';
import type { Settings } from '../settings/settings.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Pause, Topics } from '../ports.ts';
import { SpooledReadings } from '../sources/spooled.ts';

export type { Capture, CaptureReport, MeterFinding, Step, Tried } from '@lefton/pi';

const MEMORY = ':memory:';
/** A transaction for each reading would be most of the work of a capture. */
const GATHER_MS = 2_000;
const SPOOL = 'lefton-spool.db';

/** What a capture stands on. */
export interface CaptureParts {
  readonly log: Log;
  readonly pause: Pause;
  /** Told of each reading once it cannot be lost to a kill any more. */
  readonly spooled?: (reading: Reading) => void;
}

/**
 * The capture of the meters that the settings name, none or one; a source like others. This file alone knows the
 * package of the Pi, which is loaded when a meter is to be heard.
 * @throws LeftOnError `unknown_protocol`, `spool_in_use`, `spool_failed` (fatal)
 */
export async function captureOf(
  settings: Settings,
  topics: Topics,
  codec: ReadingCodec,
  parts: CaptureParts,
): Promise<Capture[]> {
  // what is embedded keeps readings in its own file: they need not wait in another one
  const file = settings.spool ?? (settings.kafka_brokers === null ? MEMORY : SPOOL);
  return open(settings, file, new SpooledReadings(topics, codec, file !== MEMORY, parts.log), parts);
}

/** The same for a service on another machine, by HTTP. */
export async function captureFor(
  service: string,
  settings: Settings,
  parts: CaptureParts,
): Promise<Capture[]> {
  const { ServiceDestination } = await import('@lefton/pi');
  const destination = new ServiceDestination(service, settings.token, (why) => {
    parts.log.warn('the service does not take readings now', { why });
  });
  return open(settings, settings.spool ?? SPOOL, destination, parts);
}

/**
 * Listens to each meter that the settings name, all at the same time, and keeps nothing: what was found, or why it cannot
 * be listened to.
 * @throws SettingsError
 */
export async function hearMeters(
  settings: Settings,
  limitMs: number,
  pause: Pause,
  signal: AbortSignal,
): Promise<MeterFinding[]> {
  const { findingsOf, hear, notHeard } = await import('@lefton/pi');
  const reach = reachOf(settings);
  const parts = { limitMs, mostW: settings.main_fuse_w ?? defaultLimits.mainFuseW, pause, signal };
  const heard = meterSettings(settings).map(async (each) => {
    try {
      return findingsOf(await hear(each, reach, parts));
    } catch (error) {
      if (error instanceof LeftOnError) return [notHeard(each, error.message)];
      throw error;
    }
  });
  return (await Promise.all(heard)).flat();
}

/** Whether a service takes what this capture would bring, asked without a reading. @throws LeftOnError `no_service` */
export async function askService(service: string, token: string | null): Promise<string> {
  const { ServiceDestination } = await import('@lefton/pi');
  let found = '';
  const destination = new ServiceDestination(service, token, (why) => {
    found = why;
  });
  if ((await destination.send([])) !== 'unreachable') return `${service} takes readings`;
  const expected = 'a LeftOn service that takes readings';
  throw new LeftOnError({ code: 'no_service', place: service, expected, found, faultClass: 'transient' });
}

/** What sets a capture up, loaded when asked for. */
export const captureTools = () => import('@lefton/pi');

async function open(
  settings: Settings,
  file: string,
  destination: Destination,
  { log, pause, spooled = () => undefined }: CaptureParts,
): Promise<Capture[]> {
  const sources = meterSettings(settings);
  if (sources.length === 0) return [];
  const { openCapture } = await import('@lefton/pi');
  const spool = { file, most: settings.spool_most, whenFull: settings.spool_full };
  const capture = await openCapture(
    {
      ...{ sources, spool, reach: reachOf(settings) },
      pace: { perSecond: settings.drain_per_s, gatherMs: file === MEMORY ? 0 : GATHER_MS },
      mostW: settings.main_fuse_w ?? defaultLimits.mainFuseW,
    },
    { destination, log, pause, spooled },
  );
  return [capture];
}

/** What `/metrics` says of captures. */
export function tellLinks(metrics: Metrics, reports: readonly CaptureReport[]): void {
  for (const { links, waiting, let_go } of reports) {
    for (const { source, good, bad, reopened, last_good_age_s } of links) {
      metrics.frames.set(good, { source, quality: 'good' });
      metrics.frames.set(bad, { source, quality: 'bad' });
      metrics.reopened.set(reopened, { source });
      if (last_good_age_s !== null) metrics.lastGood.set(last_good_age_s, { source });
    }
    metrics.spooled.set(waiting);
    metrics.letGo.set(let_go);
  }
}

const meterSettings = (settings: Settings): SourceSettings[] =>
  sourceFieldsOf(settings).map((each) => sourceOf(each, settings.meter));

function sourceOf(fields: SourceFields, usual: string): SourceSettings {
  const meter = fields.meter ?? usual;
  if (fields.type !== 'serial') return { ...fields, meter };
  const { winter_offset_min, unsigned_power, checksum, sensor, nodes, channels, slave } = fields.options;
  const { impulses_per_kwh, debounce_ms, edge, bias, start_wh, longest_s } = fields.options;
  const options = {
    ...(winter_offset_min === undefined ? {} : { winterOffsetMin: winter_offset_min }),
    ...(unsigned_power === undefined ? {} : { unsignedPower: unsigned_power }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(sensor === undefined ? {} : { sensor }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(channels === undefined ? {} : { channels }),
    ...(slave === undefined ? {} : { slave }),
    ...(impulses_per_kwh === undefined ? {} : { impulsesPerKwh: impulses_per_kwh }),
    ...(debounce_ms === undefined ? {} : { debounceMs: debounce_ms }),
    ...(edge === undefined ? {} : { edge }),
    ...(bias === undefined ? {} : { bias }),
    ...(start_wh === undefined ? {} : { startWh: start_wh }),
    ...(longest_s === undefined ? {} : { longestMs: longest_s * 1_000 }),
  };
  return { ...fields, meter, options };
}

function reachOf(settings: Settings): Reach {
  const { mqtt_url, mqtt_username: username, mqtt_password: password, mqtt_ca } = settings;
  const { home_assistant_url, home_assistant_token } = settings;
  return {
    mqtt:
      mqtt_url === null
        ? null
        : {
            ...{ url: mqtt_url, username, password },
            ca: mqtt_ca === null ? null : certificatesIn('mqtt_ca', mqtt_ca),
          },
    homeAssistant:
      home_assistant_url === null || home_assistant_token === null
        ? null
        : { url: home_assistant_url, token: home_assistant_token },
  };
}
