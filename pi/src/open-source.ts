import { LeftOnError } from '@lefton/core';
import type { CaptureLog, Pause } from './capture-log.ts';
import type { Reach, SerialSettings, SourceSettings } from './capture-settings.ts';
import { kindOf } from './kinds.ts';
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
}

/**
 * The source that the settings ask for. Each adapter is loaded when asked for: who has none does not pay for it.
 * @throws LeftOnError `unknown_protocol`, `no_broker`, `no_home_assistant` (fatal)
 */
export async function openSource(
  settings: SourceSettings,
  reach: Reach,
  parts: SourceParts,
): Promise<Source> {
  const { log, pause, monotonic } = parts;
  switch (settings.type) {
    case 'serial':
      return serialSource(settings, parts);
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
      return new HomeAssistantSource({ ...server, entity, holdMs: hold_s * 1_000 }, parts);
    }
    case 'http': {
      const { HttpPoll } = await import('./sources/http-poll.ts');
      return new HttpPoll({ ...settings, everyMs: settings.every_s * 1_000 }, log, pause, monotonic);
    }
  }
}

/** A device of this machine, or of a server. */
export async function openPort(device: string): Promise<Port> {
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
