import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { captureCommand } from '../../service/src/commands/capture.ts';
import { modelCommand } from '../../service/src/commands/model.ts';
import { serveCommand } from '../../service/src/commands/serve.ts';
import { descriptionOf } from '../../service/src/settings/description.ts';
import { option, variable } from '../../service/src/settings/problem.ts';
import { SECRETS, settingGroups } from '../../service/src/settings/settings.ts';

type Command = ReturnType<typeof captureCommand>;

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The page of all settings. */
export const PAGE = join(root, 'docs', 'settings.md');

const INTRODUCTION = `# Settings

Every setting there is, made by \`npm run docs:settings\` of what \`lefton serve --help\` is made of; a test holds that it is so.

A setting is a key of the JSON file that \`--config\` or \`LEFTON_CONFIG\` names, a variable, and often an option. An option goes before
a variable, and that before the file. \`lefton check\` says what is wrong with them and what does nothing; the page of \`lefton serve\` has what is set, and where.

- **true or false**: an option is on where it is named; a variable may also be \`on\`, \`off\`, \`yes\`, \`no\`, \`1\`, \`0\`.
- **JSON** is an object or a list in the file, and its text in a variable or option: \`LEFTON_METER_NAMES='{"home":"Our house"}'\`.
- **by comma**: in the file also a list.
- **A secret** has no option, as every user of a machine can read those. It may stand in a file of its own, which the variable with \`_FILE\` names:
  \`LEFTON_TOKEN_FILE=/run/secrets/token\`. It is never logged nor shown.
- A meter, channel or broker is explained where it is set up: [meters.md](meters.md), [alerts.md](alerts.md), [home-assistant.md](home-assistant.md),
  [pushbullet.md](pushbullet.md), [webhook.md](webhook.md), [kafka.md](kafka.md), [fleet.md](fleet.md).
`;

/** The text of the page, as it is to stand in docs. */
export async function settingsPage(): Promise<string> {
  const serve = await serveCommand();
  const others = [captureCommand(), ...modelCommand().commands];
  const flagOf = (key: string): string => {
    const has = ({ options }: Command): boolean => options.some(({ long }) => long === option(key));
    if (SECRETS.includes(key)) return 'secret';
    if (has(serve)) return `\`${option(key)}\``;
    const other = others.find(has);
    return other === undefined ? '' : `\`${option(key)}\` of \`${nameOf(other)}\``;
  };
  const groups = settingGroups.map(([title, fields]) => {
    const rows = Object.entries(fields).map(([key, field]) => {
      const { takes, value, usual = value === undefined ? 'false' : 'none', does } = descriptionOf(field);
      return rowOf([`\`${key}\``, `\`${variable(key)}\``, flagOf(key), takes, usual, sentence(does)]);
    });
    return [`\n## ${title}\n`, rowOf(HEAD), rowOf(HEAD.map(() => '---')), ...rows].join('\n');
  });
  const config = await resolveConfig(PAGE);
  return format([INTRODUCTION, ...groups].join('\n'), { ...config, filepath: PAGE });
}

const HEAD = ['in the file', 'variable', 'option', 'takes', 'default', 'what it does'];

/** A row of a table; what a table would take for its own is written as it stands. */
const rowOf = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** `lefton capture`, `lefton model publish` */
const nameOf = (command: Command): string =>
  command.parent === null ? `lefton ${command.name()}` : `${nameOf(command.parent)} ${command.name()}`;

/** Names of options, files and keys stand out, and files that are guides are links. */
const sentence = (line: string): string =>
  line
    .replace(/docs\/([\w-]+\.md)/g, '[$1]($1)')
    .replace(
      /(?<![`\w])(?:--[\w-]+(?: pulse)?|LEFTON_\w+|\w+_\w+|\{[^}]*\}|at,watts\[,meter\])(?![`\w])/g,
      '`$&`',
    );
