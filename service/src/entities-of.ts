import { SECOND, wordsIn } from '@lefton/core';
import { hostname } from 'node:os';
import type { Settings } from './settings/settings.ts';
import type { EntityPublisher } from './entities/entity-publisher.ts';
import { viewOf } from './entities/meter-view.ts';
import type { MeterView } from './entities/meter-view.ts';
import type { Log } from './telemetry/log.ts';
import type { Meters } from './meters/meters.ts';
import type { Pause } from './ports.ts';
import { VERSION } from './cli/software.ts';
import type { Store } from './store-ports.ts';

/** Changes of entities are told at most so often. */
const EVERY_MS = 5 * SECOND;
const TIMEOUT_MS = 10 * SECOND;

/** What publishes the meters as entities, where the settings name an MQTT broker; loaded when asked for. */
export async function entitiesOf(
  settings: Settings,
  views: () => readonly MeterView[],
  pause: Pause,
  log: Log,
): Promise<EntityPublisher | undefined> {
  if (settings.mqtt_url === null) return undefined;
  const { EntityPublisher: Publisher } = await import('./entities/entity-publisher.ts');
  const { entities } = wordsIn(settings.language);
  return new Publisher(
    {
      ...{ url: settings.mqtt_url, username: settings.mqtt_username, password: settings.mqtt_password },
      ...{
        caFile: settings.mqtt_ca,
        prefix: settings.mqtt_prefix,
        discoveryPrefix: settings.mqtt_discovery_prefix,
      },
      ...{
        instance: settings.mqtt_instance ?? (settings.kafka_brokers === null ? null : hostname()),
        version: VERSION,
        pageUrl: null,
        meterNames: settings.meter_names,
        timeoutMs: TIMEOUT_MS,
        everyMs: EVERY_MS,
      },
      names: {
        ...{ score: entities.score, power: entities.power, usual_power: entities.usualPower },
        ...{
          unusual: entities.unusual,
          last_episode: entities.lastEpisode,
          meter_silent: entities.meterSilent,
        },
      },
    },
    views,
    pause,
    log,
  );
}

/** All meters as they stand. */
export const viewsOf = (meters: Meters, store: Pick<Store, 'lastUnusual'>): MeterView[] =>
  [...meters.all].map((meter) => viewOf(meter, store.lastUnusual(meter.name)));
