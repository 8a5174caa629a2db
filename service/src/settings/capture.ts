import type { z } from 'zod';
import type { meterFields, SourceFields, spoolFields } from './groups/meters.ts';

/** The keys that say which meters are heard, and how their readings wait. */
type CaptureFields = z.infer<z.ZodObject<typeof meterFields & typeof spoolFields>>;

/** The sources of all keys: the short ones say one each, `sources` any number. */
export function sourceFieldsOf(settings: CaptureFields): SourceFields[] {
  const { device, protocol, baud, mqtt_topic, home_assistant_sensor, poll_url, json_path } = settings;
  const { inverted, meter_clock, power_unit: unit, hold_s } = settings;
  const common = { meter: null, inverted };
  const at = { path: json_path, unit };
  const sources: SourceFields[] = [...settings.sources];
  if (device !== null && protocol !== null) {
    const { impulses_per_kwh, meter_options } = settings;
    const options = impulses_per_kwh === null ? meter_options : { ...meter_options, impulses_per_kwh };
    sources.push({ type: 'serial', ...common, device, protocol, baud, options, meter_clock, names: null });
  }
  if (mqtt_topic !== null) sources.push({ type: 'mqtt', ...common, ...at, topic: mqtt_topic });
  if (home_assistant_sensor !== null)
    sources.push({ type: 'home_assistant', ...common, entity: home_assistant_sensor, hold_s });
  if (poll_url !== null)
    sources.push({ type: 'http', ...common, ...at, url: poll_url, every_s: settings.poll_s });
  return sources;
}

/** True where a source of that type is among them. */
export const hears = (settings: CaptureFields, type: SourceFields['type']): boolean =>
  sourceFieldsOf(settings).some((source) => source.type === type);

interface Others {
  readonly meter: string;
  readonly mqtt_url: string | null;
  readonly home_assistant_url: string | null;
  readonly replay: string | null;
  readonly role: string;
}

/** What is wrong with the keys together, as pairs of key and message. */
export function* captureProblems(
  settings: CaptureFields & Others,
): Generator<[keyof (CaptureFields & Others), string]> {
  const { device, protocol, json_path, mqtt_topic, poll_url } = settings;
  const sources = sourceFieldsOf(settings);
  if ((device === null) !== (protocol === null))
    yield ['device', 'needs protocol, and the other way round; `lefton capture --detect` finds out which'];
  const pulses = sources.filter((each) => each.type === 'serial' && each.protocol === 'pulse');
  if (pulses.some((each) => each.type === 'serial' && each.options.impulses_per_kwh === undefined))
    yield ['impulses_per_kwh', 'is needed for pulses: it is printed on the meter'];
  if (settings.impulses_per_kwh !== null && protocol !== 'pulse')
    yield ['impulses_per_kwh', 'needs the protocol pulse'];
  if (json_path !== null && mqtt_topic === null && poll_url === null)
    yield ['json_path', 'needs mqtt_topic or poll_url'];
  if (sources.length > 0 && settings.replay !== null)
    yield ['replay', 'has its own clock: not together with meters'];
  if (sources.length > 0 && settings.role === 'notify') yield ['role', 'notify reads no meter'];
  if (hears(settings, 'mqtt') && settings.mqtt_url === null) yield ['mqtt_url', 'is needed to hear a topic'];
  if (hears(settings, 'home_assistant') && settings.home_assistant_url === null)
    yield ['home_assistant_url', 'is needed to hear a sensor'];
  const meters = sources.map(({ meter }) => meter ?? settings.meter);
  const twice = meters.find((meter, index) => meters.indexOf(meter) < index);
  if (twice !== undefined)
    yield [
      'sources',
      `expected another meter for each source, found two of ${twice}: list them there, each with its meter`,
    ];
}

/** Where readings of a capture may come from beside meters, and where they go to. */
interface Ways extends CaptureFields {
  readonly kafka_brokers: readonly string[] | null;
  readonly tail: string | null;
  readonly stdin: boolean;
  readonly replay: string | null;
}

/** What is wrong with the way that readings take through a capture, as pairs of key and message. */
export function* wayProblems(settings: Ways): Generator<[keyof Ways, string]> {
  const { service_url, kafka_brokers, tail, stdin, replay } = settings;
  const hasFile = tail !== null || stdin || replay !== null;
  if (!hasFile && sourceFieldsOf(settings).length === 0)
    yield [
      'device',
      'expected it, or --mqtt-topic, --home-assistant-sensor, --poll-url, --tail, --stdin or --replay: what is heard',
    ];
  if (service_url === null && kafka_brokers === null)
    yield [
      'service_url',
      'expected it, or --kafka-brokers: where readings go; ' +
        'on one machine lefton serve, with the same options for meters, hears and scores them',
    ];
  if (service_url === null) return;
  if (kafka_brokers !== null) yield ['service_url', 'is in place of Kafka: not together with kafka_brokers'];
  if (hasFile)
    yield [
      'service_url',
      'brings what meters say: not together with tail, stdin or replay, which go to Kafka alone',
    ];
}
