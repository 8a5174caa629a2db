import { setTimeout } from 'node:timers/promises';
import { aLog } from '../a-service.test-data.ts';
import { EntityPublisher } from './entity-publisher.ts';
import type { EntitySettings } from './entity-publisher.ts';
import type { MeterView } from './meter-view.ts';
import { englishNames } from './names.ts';

/** 2026-01-05T18:00Z. */
export const EVENING = Date.UTC(2026, 0, 5, 18);

/** A meter at which 3 kW are unusual since the evening. */
export function aView(more: Partial<MeterView> = {}): MeterView {
  return {
    meter: 'home',
    score: { known: true, score: 2.3456 },
    watts: 3012.34,
    usualWatts: 412.06,
    phase: 'open',
    silentSince: null,
    lastEpisode: {
      episode: 'home@2026-01-05T18:00:00Z',
      since: EVENING,
      until: null,
      open: true,
      excess_wh: 2_600.4,
      why: 'In 123 days power that settled around 3.0 kW never stayed there longer than 15 minutes.',
    },
    ...more,
  };
}

/** The same meter when all is well, and has always been. */
export const aQuietView = (more: Partial<MeterView> = {}): MeterView =>
  aView({ score: { known: true, score: 0.4 }, watts: 300, phase: 'quiet', lastEpisode: null, ...more });

/** Settings for a broker, with everything else as usual. */
export const aSetting = (url: string, more: Partial<EntitySettings> = {}): EntitySettings => ({
  url,
  username: null,
  password: null,
  caFile: null,
  prefix: 'lefton',
  discoveryPrefix: 'homeassistant',
  instance: null,
  version: '0.1.0',
  pageUrl: null,
  meterNames: {},
  names: englishNames,
  everyMs: 20,
  timeoutMs: 2_000,
  ...more,
});

/** A publisher that runs until it is stopped, and the meters that it shows. */
export class RunningPublisher {
  views: readonly MeterView[];
  readonly publisher: EntityPublisher;
  readonly logged: string[];
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;

  constructor(settings: EntitySettings, views: readonly MeterView[]) {
    this.views = views;
    const { log, lines } = aLog();
    this.logged = lines;
    const pause = (ms: number, signal: AbortSignal): Promise<void> =>
      setTimeout(Math.min(ms, 100), undefined, { signal }).catch(() => undefined);
    this.publisher = new EntityPublisher(settings, () => this.views, pause, log);
    this.#done = this.publisher.run(this.#abort.signal);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }
}
