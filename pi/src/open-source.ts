import { LeftOnError } from '@lefton/core';
import type { CaptureLog, Pause } from './capture-log.ts';
import type { Reach, SerialSettings, SourceSettings } from './capture-settings.ts';
import { kindOf, PULSE } from './kinds.ts';
import type { LineSettings, MeterKind } from './meter.ts';
import type { Source } from './source.ts';
import { WireSource } from './sources/wire-source.ts';
import type { Port } from './wire.ts';

/** What all sources stand on. */
export interface SourceParts {
  readonly log: CaptureLog;
  readonly pause: Pause;
  /** ms that pass. */
  readonly monotonic: () => number;
  /** The last count of a meter's register that is kept over restarts, in Wh. */
  readonly counted: (meter: string) => number | undefined;
}

/**
 * The source that the settings ask for. Each adapter is loaded when asked for: who has none does not pay for it.
 * @throws LeftOnError `unknown_protocol`, `no_broker`, `no_home_assistant`, `no_impulses` (fatal)
 */
export async function openSource(
  settings: SourceSettings,
  reach: Reach,
  parts: SourceParts,
): Promise<Source> {
  const { log, pause, monotonic } = parts;
  switch (settings.type) {
    case 'serial':
      return settings.protocol === PULSE ? pulseSource(settings, parts) : serialSource(settings, parts);
    case 'mqtt': {
      const broker = reach.mqtt ?? missing('no_broker', 'mqtt_url', 'the address of the MQTT broker');
      const { MqttSource } = await import('./sources/mqtt-source.ts');
      return new MqttSource({ ...broker, ...settings }, log, monotonic);
    }
    case 'home_assistant': {
      const server =
        reach.homeAssistant ?? missing('no_home_assistant', 'home_assistant_url', 'the address and a token');
      const { HomeAssistantSource } = await import('./sources/home-assistant-source.ts');
      const { entity, hold_s } = settings;
      return new HomeAssistantSource(
        { ...server, entity, holdMs: hold_s * 1_000 },
        { ...parts, wall: Date.now },
      );
    }
    case 'http': {
      const { HttpPoll } = await import('./sources/http-poll.ts');
      return new HttpPoll({ ...settings, everyMs: settings.every_s * 1_000 }, log, pause, monotonic);
    }
  }
}

/**
 * A device of this machine, or of a server; `-` is standard input.
 * @throws LeftOnError `only_pulses`, `no_address` (fatal)
 */
export async function openPort(device: string): Promise<Port> {
  if (/^(\/dev\/)?gpiochip/.test(device))
    throw new LeftOnError({
      ...{ code: 'only_pulses', place: 'device', found: device, faultClass: 'fatal' },
      expected: 'a serial line; of a GPIO line, as gpiochip0:17, only pulses are heard (--protocol pulse)',
    });
  if (device === '-') {
    const { StdinPort } = await import('./sources/stdin-port.ts');
    return new StdinPort(process.stdin);
  }
  if (device.startsWith('tcp://')) {
    const { TcpPort } = await import('./sources/tcp-port.ts');
    return new TcpPort(device);
  }
  const { SerialDevice } = await import('./sources/serial-port.ts');
  return new SerialDevice(device);
}

async function serialSource(
  { device, protocol, baud, options }: SerialSettings,
  parts: SourceParts,
): Promise<Source> {
  const kind = kindOf(protocol);
  return new WireSource(
    await openPort(device),
    {
      protocol,
      line: lineOf(kind, baud),
      parser: () => kind.create(options),
      poll: kind.poll?.(options) ?? null,
    },
    parts,
  );
}

async function pulseSource(
  { device, baud, options, meter }: SerialSettings,
  parts: SourceParts,
): Promise<Source> {
  const { impulsesPerKwh, longestMs, debounceMs, startWh } = options;
  if (impulsesPerKwh === undefined)
    return missing('no_impulses', 'impulses_per_kwh', 'how many pulses are a kilowatt-hour, as on the meter');
  const { PulseSource } = await import('./sources/pulse-source.ts');
  const { GpioPort, isGpio } = await import('./sources/gpio-port.ts');
  const counted = parts.counted(meter) ?? startWh;
  return new PulseSource(
    isGpio(device) ? new GpioPort(device, options) : await openPort(device),
    lineOf(kindOf('lines'), baud),
    {
      impulsesPerKwh,
      ...(longestMs === undefined ? {} : { longestMs }),
      ...(counted === undefined ? {} : { startWh: counted }),
      ...(debounceMs === undefined ? {} : { debounceMs }),
    },
    parts,
  );
}

/** The line as the kind knows it at this speed; at another one, as it is usual. */
function lineOf({ lines, name }: MeterKind, baud: number | null): LineSettings {
  const [usual] = lines;
  if (usual === undefined) return missing('no_line', name, 'how to open its line');
  const known = lines.find(({ baudRate }) => baudRate === baud);
  return known ?? { ...usual, baudRate: baud ?? usual.baudRate };
}

function missing(code: string, place: string, expected: string): never {
  throw new LeftOnError({ code, place, expected, found: 'nothing', faultClass: 'fatal' });
}
