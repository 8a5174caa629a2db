import { z } from 'zod';
import { setting } from '../about.ts';
import { flagField, httpField, jsonField, meterField, numberField, textField } from '../fields.ts';

const written = z.string().min(1);
const sensorField = z
  .string()
  .regex(/^[a-z0-9_]+\.[a-z0-9_]+$/, 'expected a sensor of Home Assistant, such as sensor.grid_power');
const UNITS = ['W', 'kW', 'VA', 'Wh', 'kWh'] as const;
const baud = numberField.pipe(z.int().min(110).max(4_000_000)).nullable().default(null);
const seconds = (least: number, usual: number) => numberField.pipe(z.number().min(least)).default(usual);

/** From a disc that turns 75 times to a LED of a submeter. */
const impulses = z.number().min(1).max(1_000_000);

/** What a person may have to say about a meter. */
const optionFields = z.strictObject({
  winter_offset_min: z.int().min(-720).max(840).optional(),
  checksum: z.enum(['x25', 'kermit']).optional(),
  unsigned_power: z.boolean().optional(),
  sensor: z.int().min(0).optional(),
  nodes: z.array(z.int()).optional(),
  channels: z.array(z.int().min(1)).optional(),
  slave: z.int().min(1).max(248).optional(),
  impulses_per_kwh: impulses.optional(),
  debounce_ms: z.number().min(0).max(1_000).optional(),
  edge: z.enum(['falling', 'rising']).optional(),
  bias: z.enum(['pull-up', 'pull-down', 'disabled']).optional(),
  start_wh: z.number().min(0).optional(),
  longest_s: z.number().min(1).optional(),
});

const common = { meter: meterField.nullable().default(null), inverted: z.boolean().default(false) };
const place = { path: textField, unit: z.enum(UNITS).default('W') };
const sourceField = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('serial'),
    ...common,
    device: written,
    protocol: written,
    baud,
    options: optionFields.default({}),
    meter_clock: z.boolean().default(false),
    names: z.record(z.string(), meterField).nullable().default(null),
  }),
  z.strictObject({ type: z.literal('mqtt'), ...common, ...place, topic: written }),
  z.strictObject({
    type: z.literal('home_assistant'),
    ...common,
    entity: sensorField,
    hold_s: seconds(1, 3_600),
  }),
  z.strictObject({ type: z.literal('http'), ...common, ...place, url: httpField, every_s: seconds(1, 10) }),
]);

/** A source as it is set. */
export type SourceFields = z.infer<typeof sourceField>;

/** Which meters this process hears: docs/meters.md. */
export const meterFields = {
  device: setting(
    textField,
    'serial device of a meter, tcp://host:port of a server that has it, or gpiochip0:17 for pulses',
    { value: 'path', takes: 'a path, `tcp://host:port`, or `gpiochip0:17`' },
  ),
  protocol: setting(textField, 'what the meter speaks; docs/meters.md lists them', { value: 'name' }),
  baud: setting(baud, "the line's speed", { unit: 'baud', usual: 'as the protocol has it' }),
  meter_options: setting(
    jsonField(optionFields, '{"slave":1}').default({}),
    'what docs/meters.md has for some meters: {"checksum":"x25"}',
    { takes: 'JSON: `{"checksum":"x25"}`' },
  ),
  impulses_per_kwh: setting(
    numberField.pipe(impulses).nullable().default(null),
    'of a meter that gives pulses (--protocol pulse), as printed on it',
  ),
  meter_clock: setting(
    flagField,
    "take the meter's own instants, where it tells them with their zone; else those of arrival",
  ),
  inverted: setting(flagField, 'export counts as positive at the meter'),
  mqtt_topic: setting(textField, 'a topic with power; LEFTON_MQTT_URL says where', {
    value: 'topic',
    takes: 'topic: `tele/meter/SENSOR`',
  }),
  home_assistant_sensor: setting(
    sensorField.nullable().default(null),
    'a sensor with power; LEFTON_HOME_ASSISTANT_URL and _TOKEN say where',
    { value: 'id', takes: 'entity: `sensor.grid_power`' },
  ),
  hold_s: setting(seconds(1, 3_600), 'so long a sensor that does not change is heard on', { unit: 's' }),
  poll_url: setting(httpField.nullable().default(null), 'a device that answers with JSON, such as a Shelly', {
    value: 'url',
  }),
  poll_s: setting(seconds(1, 10), 'how often poll_url is asked', { unit: 's' }),
  json_path: setting(textField, 'where power stands in a message or answer: ENERGY.Power', {
    value: 'path',
    takes: 'keys with dots: `ENERGY.Power`',
    usual: 'what is known of such devices',
  }),
  power_unit: setting(z.enum(UNITS).default('W'), 'unit of power in a message or answer', { value: 'unit' }),
  sources: setting(
    jsonField(z.array(sourceField), '[{"type":"mqtt","topic":"power"}]').default([]),
    'several meters at once: docs/meters.md',
    { takes: 'JSON list: `[{"type":"mqtt","topic":"power"}]`' },
  ),
};

/** Readings of meters on their way. */
export const spoolFields = {
  service_url: setting(
    httpField.nullable().default(null),
    'of a capture, a service on another machine, in place of Kafka',
    { value: 'url' },
  ),
  spool: setting(textField, 'where readings wait', {
    value: 'file',
    usual: 'lefton-spool.db; of lefton serve without Kafka, memory',
  }),
  spool_most: setting(
    numberField.pipe(z.int().min(100).max(100_000_000)).default(1_000_000),
    'readings that wait at most; a million are eleven days of one each second',
    { unit: 'readings' },
  ),
  spool_full: setting(
    z.enum(['oldest', 'thin']).default('oldest'),
    'what goes when as many wait: the oldest, or every second one of the older half',
  ),
  drain_per_s: setting(
    numberField.pipe(z.number().min(1)).default(200),
    'readings that leave in a second at most, after an outage',
    { unit: 'readings' },
  ),
};
