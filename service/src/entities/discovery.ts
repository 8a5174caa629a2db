import { nameIn } from '../meters/meter-names.ts';
import type { MeterNames } from '../meters/meter-names.ts';
import { ENTITIES } from './names.ts';
import type { EntityKey, EntityNames } from './names.ts';
import type { Topics } from './topics.ts';

/** Who publishes, for the page of a device. */
export interface Publisher {
  readonly version: string;
  /** Of LeftOn's own page; null: none to lead to. */
  readonly pageUrl: string | null;
  readonly meterNames: MeterNames;
}

interface Kind {
  readonly component: 'sensor' | 'binary_sensor';
  readonly config: Readonly<Record<string, unknown>>;
  readonly hasAttributes?: true;
}

const POWER = { device_class: 'power', state_class: 'measurement', unit_of_measurement: 'W' };

const KINDS: Readonly<Record<EntityKey, Kind>> = {
  score: {
    component: 'sensor',
    config: { icon: 'mdi:gauge', state_class: 'measurement', suggested_display_precision: 2 },
    hasAttributes: true,
  },
  power: { component: 'sensor', config: { ...POWER, suggested_display_precision: 0 } },
  usual_power: {
    component: 'sensor',
    config: { ...POWER, suggested_display_precision: 0, icon: 'mdi:home-lightning-bolt-outline' },
  },
  unusual: { component: 'binary_sensor', config: { device_class: 'problem' } },
  last_episode: {
    component: 'sensor',
    config: { device_class: 'timestamp', icon: 'mdi:history' },
    hasAttributes: true,
  },
  // a problem and not a connection: on is what somebody wants to know of
  meter_silent: {
    component: 'binary_sensor',
    config: { device_class: 'problem', entity_category: 'diagnostic' },
  },
};

/** What makes Home Assistant show the entities of a meter, payloads by topic. One topic an entity: since 2021. */
export function discoveryOf(
  meter: string,
  topics: Topics,
  names: EntityNames,
  { version, pageUrl, meterNames }: Publisher,
): ReadonlyMap<string, string> {
  const device = {
    identifiers: [topics.device(meter)],
    name: `LeftOn ${nameIn(meterNames, meter) ?? meter}`,
    manufacturer: 'LeftOn',
    sw_version: version,
    ...(pageUrl === null ? {} : { configuration_url: pageUrl }),
  };
  const payloads = ENTITIES.map((key): [string, string] => {
    const { component, config, hasAttributes } = KINDS[key];
    const id = `${topics.device(meter)}_${key}`.replaceAll('-', '_');
    const payload = {
      name: names[key],
      unique_id: `${topics.device(meter)}_${key}`,
      // the older and the newer way to say the same; either ignores the other
      object_id: id,
      default_entity_id: `${component}.${id}`,
      state_topic: topics.state(meter, key),
      ...(hasAttributes === true ? { json_attributes_topic: topics.attributes(meter, key) } : {}),
      availability: [{ topic: topics.availability }],
      ...config,
      device,
      origin: { name: 'LeftOn', sw_version: version },
    };
    return [topics.discovery(component, meter, key), JSON.stringify(payload)];
  });
  return new Map(payloads);
}
