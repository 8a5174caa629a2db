import { HOUR, MINUTE, wordsIn } from '@lefton/core';
import type { Policy } from '@lefton/core';
import type { ChannelName } from './channel.ts';
import { channelsOf } from './channels-of.ts';
import type { Settings } from './settings/settings.ts';
import { every } from './runtime/every.ts';
import type { Log } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { rulesOf } from './settings/rules.ts';
import { withNames } from './notify/compose.ts';
import { Inspection } from './notify/inspection.ts';
import { Outbox } from './notify/outbox.ts';
import type { Clock, Pause } from './ports.ts';
import type { Tracer } from './trace/tracer.ts';
import type { SqliteStore } from './store/store.ts';

const DELIVER_MS = 250;
/** Tokens are seldom withdrawn, and players seldom renamed. */
const INSPECT_MS = 6 * HOUR;
const OUTCOMES = ['sent', 'later', 'failed'] as const;
/** What was left by channels that are no longer set up. */
const LEFT_MS = MINUTE;

/** What tells people. */
export interface Notifier {
  /** Those that people are told on. */
  readonly channels: readonly ChannelName[];
  /** Why a channel would not tell; undefined where all is well. */
  readonly troubleOf: (channel: ChannelName) => string | undefined;
  /** Delivers all that is due. */
  deliver(): Promise<void>;
  /** Delivers what comes, each channel at its own pace, until aborted. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What the notifier stands on. */
interface NotifierDeps {
  readonly store: SqliteStore;
  readonly policy: Policy;
  /** Of the home; a replay's while one runs. */
  readonly clock: Clock;
  readonly system: Clock;
  /** Text for people who look at the terminal. */
  readonly print: (text: string) => void;
  readonly pause: Pause;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  /** undefined: nothing is traced. */
  readonly tracer: Tracer | undefined;
}

/** The channels that the settings ask for, and the outbox that they are served from. */
export async function openNotifier(settings: Settings, deps: NotifierDeps): Promise<Notifier> {
  const { store, policy, clock, system, pause, random, log, metrics } = deps;
  const words = wordsIn(settings.language);
  const channels = await channelsOf(settings, { print: deps.print, words, system, log });
  // in this role nobody is told: others have the channels
  const told = settings.role === 'score' ? [] : channels.all;
  const outbox = new Outbox({
    ...{ deliveries: store.deliveries, home: store, channels: told, rules: rulesOf(settings) },
    ...{
      words: withNames(words, settings.meter_names),
      policy,
      criticalW: settings.critical_w,
      clock,
      system,
      random,
      log,
      tracer: deps.tracer,
    },
    attempted: (channel, outcome) => {
      metrics.attempts.add(1, { channel, outcome });
    },
  });
  // there from the start, so that the first one counts as a rise
  for (const { name: channel } of told)
    for (const outcome of OUTCOMES) metrics.attempts.add(0, { channel, outcome });
  const deliverOn = async (name: string): Promise<void> => {
    await outbox.deliverOn(name);
  };
  const deliverLeft = async (): Promise<void> => {
    await outbox.deliverDue();
  };
  const inspection = new Inspection(told, log);
  channels.listen({
    onFine: (episode) => {
      const known = store.label(episode, 'fine', clock.now());
      log.info('a person answered that it was fine', { episode, known });
    },
    onMute: (ms) => {
      store.mute(clock.now() + ms);
      log.info('a person muted', { minutes: Math.round(ms / MINUTE) });
    },
  });
  return {
    channels: told.map(({ name }) => name),
    troubleOf: (channel) => inspection.troubleOf(channel),
    deliver: async () => {
      while ((await outbox.deliverDue()) > 0);
    },
    run: async (signal) => {
      await Promise.all([
        ...told.map(({ name }) => every(DELIVER_MS, () => deliverOn(name), pause, log, signal)),
        every(LEFT_MS, deliverLeft, pause, log, signal),
        every(INSPECT_MS, () => inspection.look(), pause, log, signal),
      ]);
    },
    close: () => channels.close(),
  };
}
