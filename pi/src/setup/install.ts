import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const here = (name: string): string =>
  readFileSync(new URL(`../../systemd/${name}`, import.meta.url), 'utf8');

/** One thing that an installation does: a file with its text, or a command. */
export type Step = { readonly file: string; readonly text: string } | { readonly command: string };

/** Where the unit looks for LeftOn. */
const HOME = '/opt/lefton';

const NODE = 'node_modules/.bin/node';
const SETTINGS = '/etc/lefton/capture.json';

/** What `lefton capture install` would do, in order. Nothing is done. @param from the folder of this LeftOn */
export function installSteps(from = join(import.meta.dirname, '..', '..', '..')): Step[] {
  const moved = from === HOME ? [] : [{ command: `cp -a ${from} ${HOME}` }];
  // the packages have no Node for a 32-bit system: the one that runs this does there, too
  const packaged = existsSync(join(from, NODE));
  const unit = here('lefton-capture.service');
  return [
    ...moved,
    { command: `cd ${HOME} && npm ci --omit=dev${packaged ? '' : ' --ignore-scripts'}` },
    { file: '/etc/udev/rules.d/70-lefton-meter.rules', text: here('70-lefton-meter.rules') },
    { command: 'udevadm control --reload && udevadm trigger --subsystem-match=tty' },
    { command: `cd ${HOME} && npx lefton capture --detect /dev/lefton-meter` },
    {
      file: SETTINGS,
      text: `${JSON.stringify({ device: '/dev/lefton-meter', protocol: 'dsmr', kafka_brokers: ['broker:9092'] }, null, 2)}\n`,
    },
    { command: `cd ${HOME} && npx lefton check --config ${SETTINGS}` },
    {
      file: '/etc/systemd/system/lefton-capture.service',
      text: packaged ? unit : unit.replace(join(HOME, NODE), process.execPath),
    },
    { command: 'systemctl daemon-reload && systemctl enable --now lefton-capture' },
    { command: 'journalctl --follow --unit lefton-capture' },
  ];
}
