import { wordsIn } from '@lefton/core';
import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { CHANNELS } from '../channel.ts';
import type { Channel, Message } from '../channel.ts';
import { channelsOf } from '../channels-of.ts';
import { SystemClock } from '../runtime/clock.ts';
import { action, commandLog, say } from '../cli/command.ts';
import { readSettings } from '../settings/read.ts';
import type { Settings } from '../settings/settings.ts';
import { channelKeys } from '../settings/notify.ts';
import { SettingsError } from '../settings/error.ts';

const EXAMPLES = `
Examples:
  Does the speaker speak?
    lefton notify test --channel speech --config lefton.json
  Does the phone ring, with settings from variables?
    LEFTON_PUSHBULLET_TOKEN_FILE=token lefton notify test --channel pushbullet

Channels: ${CHANNELS.join(', ')}. docs/home-assistant.md and docs/pushbullet.md say how each is set up; \`lefton check\` looks
at all of them without telling anybody.
Exit codes: 0 it arrived, 1 it did not, and the line says why, 2 the settings are not right.`;

interface TestFlags {
  readonly channel: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** `lefton notify` */
export function notifyCommand(): Command {
  const notify = new Command('notify').description('try the ways to people');
  notify
    .command('test')
    .description('send a test alert on one channel, and say how each step went')
    .requiredOption('--channel <name>', CHANNELS.join(', '))
    .option('--config <file>', 'JSON file with settings')
    .option('--json', 'print JSON lines')
    .addHelpText('after', EXAMPLES)
    .action(action('notify test', test));
  return notify;
}

async function test({ channel: name, config, json }: TestFlags): Promise<number> {
  const { settings } = readSettings('any', config === undefined ? {} : { config }, process.env);
  const step = (text: string): void => {
    say(json === true ? JSON.stringify({ channel: name, step: text }) : `${name}: ${text}`);
  };
  const channels = await channelsOf(settings, {
    print: (text) => void process.stdout.write(text),
    words: wordsIn(settings.language),
    system: new SystemClock(),
    log: commandLog(),
  });
  try {
    const receipt = await pick(channels.all, name).deliver(testMessage(settings), step);
    say(
      json === true
        ? JSON.stringify({ channel: name, arrived: true, receipt })
        : `${name}: arrived, ${receipt}`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof Error) || error instanceof SettingsError) throw error;
    const why = error.message;
    say(
      json === true
        ? JSON.stringify({ channel: name, arrived: false, why })
        : `${name}: did not arrive: ${why}`,
    );
    return 1;
  } finally {
    await channels.close();
  }
}

/** @throws SettingsError for a name that is none, or a channel that is not set up */
function pick(channels: readonly Channel[], wanted: string): Channel {
  const channel = channels.find(({ name }) => name === wanted);
  if (channel !== undefined) return channel;
  const name = CHANNELS.find((each) => each === wanted);
  if (name === undefined) throw new SettingsError([`--channel: expected one of ${CHANNELS.join(', ')}`]);
  const keys = channelKeys[name].map((key) => `LEFTON_${key.toUpperCase()}`);
  throw new SettingsError([`--channel: ${name} is not set up; needs ${keys.join(' and ')}`]);
}

function testMessage({ language, zone }: Settings): Message {
  const { title, text, speech } = wordsIn(language).test;
  const id = randomUUID().replaceAll('-', '');
  return { id, severity: 'warning', title, text, speech, records: [], zone: zone ?? 'UTC' };
}
