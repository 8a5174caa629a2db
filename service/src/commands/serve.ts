import { LeftOnError } from '@lefton/core';
import { Command } from 'commander';
import { setFlagsFromString } from 'node:v8';
import { realPause } from '../runtime/clock.ts';
import { BAD_SETTINGS, commandLog } from '../cli/command.ts';
import type { Log } from '../telemetry/log.ts';
import { heedOutput } from '../cli/output.ts';
import type { Service } from '../service.ts';
import { SettingsError } from '../settings/error.ts';
import { SERVE_OPTIONS } from '../settings/options.ts';

const EXAMPLES = `
Examples:
  Watch a growing file, and look at http://127.0.0.1:7420/readyz
    lefton serve --model models/home.json --tail readings.csv
  Hear a smart meter on a cable, and score it: all on one small machine; docs/meters.md has the meters
    lefton serve --model models/home.json --device /dev/ttyUSB0 --protocol dsmr
  Take readings by HTTP
    lefton serve --model models/home.json
    curl -H 'Content-Type: text/csv' --data-binary '2026-03-24T03:12:00+01:00,2100' http://127.0.0.1:7420/api/readings
  Play a day of history at 600 times its speed
    lefton serve --model models/home.json --replay history.csv --from 2026-03-24T00:00:00+01:00 --speed 600 --once

Home Assistant, Pushbullet, ntfy, webhooks and MQTT are set by variables or the --config file: docs/home-assistant.md,
docs/pushbullet.md and docs/webhook.md list the keys, docs/alerts.md when each is told what; docs/settings.md has every setting.
Every option is also a variable (LEFTON_PRICE_PER_KWH) and a key of the --config file ("price_per_kwh").
Secrets are read from variables, from the file, or from files of their own (LEFTON_TOKEN_FILE), never from options.

Exit codes: 0 stopped or done, 1 it could not go on, 2 the settings are not right.`;

/** A stop that takes longer than this is forced. */
const STOP_MS = 10_000;
const LINGER_MS = 1_000;
const STOPPED_BY_FORCE = 1;

/** `lefton serve` */
export async function serveCommand(): Promise<Command> {
  // before there is a heap to keep small: what is imported here, and after it, is most of the program
  if (!isScorer(process)) staySmall();
  const { settingOptions } = await import('./setting-options.ts');
  const serving = new Command('serve')
    .description('score readings as they come, and tell when something was left on')
    .option('--config <file>', 'JSON file with settings');
  return settingOptions(serving, SERVE_OPTIONS)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Record<string, unknown>) => {
      process.exitCode = await serve(flags, process);
      // a connection to a broker that does not answer keeps the process no longer
      setTimeout(() => process.exit(), LINGER_MS).unref();
    });
}

/** Options are not read yet where this is asked. */
const isScorer = ({ argv, env }: NodeJS.Process): boolean =>
  env.LEFTON_KAFKA_BROKERS !== undefined || argv.some((word) => /^--kafka-brokers(?:=|$)/.test(word));

/**
 * The service keeps little and throws away much. V8 would let its heap grow by what is thrown away, as suits a server;
 * on a small machine 85 MB less are worth more than speed: it scores 75,000 readings a second still. A scorer on Kafka is a
 * server.
 */
function staySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
  // old space is looked through again after 2 MB and not after 8: 5 MB less, for a third more processor time
  setFlagsFromString('--optimize-for-size');
}

async function serve(flags: Record<string, unknown>, process: NodeJS.Process): Promise<number> {
  const { env, stdout, stderr, stdin } = process;
  const log = commandLog();
  let service: Service | undefined;
  heedOutput(process, {
    gone: () => {
      log.info('stopping', { why: 'nobody reads standard output any more' });
      service?.stop();
    },
    fault: (why) => {
      log.error('this could not be printed', { why });
    },
  });
  const print = (text: string): void => void stdout.write(text);
  const { readSettings } = await import('../settings/read.ts');
  const { tellable } = await import('../settings/rows.ts');
  const { tellIdle } = await import('../settings/idle.ts');
  const { startService } = await import('../service.ts');
  try {
    const { settings, sources } = readSettings('serve', flags, env);
    log.info('starting', { pid: process.pid, ...tellable(settings) });
    tellIdle(settings, sources, 'serve', log);
    const world = { print, log, stdin, pause: realPause, random: () => Math.random() };
    service = await startService(settings, world, sources);
    stopOnSignals(service, log);
    if (!settings.json) print(welcome(service));
    await service.done;
    print(farewell(service, settings.json));
    return 0;
  } catch (error) {
    if (error instanceof SettingsError) {
      stderr.write(`lefton serve: ${error.message}\n`);
      return BAD_SETTINGS;
    }
    const why = error instanceof Error ? error.message : 'unknown';
    log.error('cannot go on', error instanceof LeftOnError ? { code: error.code, why } : { why });
    stderr.write(`lefton serve: ${why}\n`);
    return 1;
  }
}

function stopOnSignals(service: Service, log: Log): void {
  const stop = (signal: NodeJS.Signals): void => {
    log.info('stopping', { signal });
    service.stop();
    setTimeout(() => {
      log.error('the stop took too long and was forced');
      process.exit(STOPPED_BY_FORCE);
    }, STOP_MS).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function welcome({ url, models }: Service): string {
  const watched = models.loaded.map(({ file, compiled }) => {
    const model = compiled.toModel();
    const { fitted_on, days } = model.provenance;
    const whom = model.meter === null ? 'any meter' : `meter ${model.meter}`;
    return `Watching ${whom} with ${file} (${model.kind}, ${model.zone}, ${days} days of ${fitted_on}).\n`;
  });
  const refused = models.refusals.map(({ why }) => `Not used: ${why}\n`);
  return `${watched.join('')}${refused.join('')}Listening at ${url} (open it in a browser to look at the home)\n`;
}

function farewell({ metrics }: Service, json: boolean): string {
  const summary = {
    readings: metrics.readings.by('verdict'),
    dead_letters: metrics.deadLetters.total,
    events: metrics.events.by('type'),
  };
  if (json) return `${JSON.stringify({ summary })}\n`;
  const folded = Object.values(summary.readings).reduce((sum, n) => sum + n, 0);
  const readings = folded + summary.dead_letters;
  const skipped = readings - (summary.readings.ok ?? 0);
  const told = summary.events.opened ?? 0;
  const unknown = summary.readings.no_model ?? 0;
  const hint = unknown === 0 ? '' : `${unknown} were of meters that no model is for: the log names them.\n`;
  return `Stopped after ${readings} readings, ${skipped} of them not usable. Episodes: ${told}.\n${hint}`;
}
