import { Announcer } from '../pipeline/announcer.ts';
import { entitiesOf, viewsOf } from '../entities-of.ts';
import { openNotifier } from '../notifier.ts';
import type { Notifier } from '../notifier.ts';
import type { Ground } from './ground.ts';
import type { Watching } from './watching.ts';

/** From events to people, and to Home Assistant. */
export interface Telling extends Pick<Notifier, 'channels' | 'troubleOf' | 'close'> {
  /** A meter is forgotten: what shows it takes it away. */
  letGo(meter: string): void;
  /** Resolves when all that has happened so far is told, as far as it is due. */
  caughtUp(signal: AbortSignal): Promise<void>;
  /** Tells what comes, until aborted. */
  run(signal: AbortSignal): Promise<unknown>;
}

/** @throws SettingsError for a channel that cannot be set up */
export async function openTelling(ground: Ground, { transport, meters, tracer }: Watching): Promise<Telling> {
  const { settings, store, models, zone, pause, log } = ground;
  const { local } = transport;
  const notifier = await openNotifier(settings, { ...ground, tracer });
  const announcer = new Announcer(models, notifier.channels, zone ?? 'UTC', log);
  const entities = await entitiesOf(settings, () => viewsOf(meters, store), pause, log);
  return {
    channels: notifier.channels,
    troubleOf: notifier.troubleOf,
    letGo: (meter) => {
      entities?.letGo(meter);
    },
    caughtUp: async (signal) => {
      await transport.arrived(signal);
      await local.caughtUp(announcer.group, announcer.topic, signal);
      await notifier.deliver();
    },
    run: (signal) =>
      Promise.all([local.consume(announcer, signal), notifier.run(signal), entities?.run(signal)]),
    close: async () => {
      entities?.close();
      await notifier.close();
    },
  };
}
