import type { JsonPlace } from './json/json-power.ts';
import type { MeterOptions } from './meter.ts';

/** What every source is told of its meter. */
interface Common {
  /** Id of the meter. */
  readonly meter: string;
  /** Export counts as positive there. */
  readonly inverted: boolean;
}

/** A meter on a serial line, or on one that is brought over the network as tcp://host:port. */
export interface SerialSettings extends Common {
  readonly type: 'serial';
  readonly device: string;
  readonly protocol: string;
  /** Where it is not the first that the protocol knows. */
  readonly baud: number | null;
  readonly options: MeterOptions;
  /** Instants are the meter's own, where it tells its clock with a zone. */
  readonly meter_clock: boolean;
  /** Ids by the names that meters give themselves, where several are on one line. */
  readonly names: Readonly<Record<string, string>> | null;
}

/** A topic of an MQTT broker. */
interface MqttTopicSettings extends Common, JsonPlace {
  readonly type: 'mqtt';
  readonly topic: string;
}

/** A sensor of Home Assistant. */
interface SensorSettings extends Common {
  readonly type: 'home_assistant';
  readonly entity: string;
  /** A state that does not change holds for this long, in s. */
  readonly hold_s: number;
}

/** A device that answers HTTP with JSON. */
interface PollSettings extends Common, JsonPlace {
  readonly type: 'http';
  readonly url: string;
  readonly every_s: number;
}

export type SourceSettings = SerialSettings | MqttTopicSettings | SensorSettings | PollSettings;

/** What sources reach through others. */
export interface Reach {
  readonly mqtt: {
    readonly url: string;
    readonly username: string | null;
    readonly password: string | null;
    readonly ca: string | null;
  } | null;
  readonly homeAssistant: { readonly url: string; readonly token: string } | null;
}
