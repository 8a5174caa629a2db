import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { lefton as run } from './a-command.test-data.ts';
import type { Result } from './a-command.test-data.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const HOUSE = join(ROOT, 'data', 'sample-house', 'readings.csv.gz');
const AUGUST = join(ROOT, 'models', 'august-2018.json');
const folder = mkdtempSync(join(tmpdir(), 'lefton-commands-'));
const model = join(folder, 'models', 'home.json');
const FROM = '2026-03-24T00:00:00+01:00';

const lefton = (...args: readonly string[]): Promise<Result> => run(args);

/** The same under a script of the shell. */
const leftonUnder = (script: string, args: readonly string[]): Promise<Result> =>
  new Promise((resolve) => {
    const main = join(ROOT, 'service', 'lefton.js');
    const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' };
    const all = ['-c', script, 'sh', process.execPath, main, ...args];
    execFile('sh', all, { env, maxBuffer: 1e9 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

before(async () => {
  const fitted = await lefton(
    'fit',
    '--csv',
    HOUSE,
    '--zone',
    'Europe/Amsterdam',
    '--until',
    FROM,
    '--out',
    model,
    '--json',
  );
  assert.equal(fitted.code, 0, fitted.stderr);
  assert.equal(json(fitted.stdout).mode, 'ready');
});

test('a Node that strips no types, such as that of Debian, hands over to the one of the packages', async () => {
  const main = join(ROOT, 'service', 'lefton.js');
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(process.execPath, ['--no-strip-types', main, '--version'], (error, stdout, stderr) => {
    resolve(error === null ? stdout : stderr);
  });
  assert.match(await promise, /^\d+\.\d+\.\d+\n$/);
});

test('score says where a power stands, for people and for machines', async () => {
  const args = ['score', '--model', AUGUST, '--hour', '4', '--watts', '1500'];
  assert.match((await lefton(...args)).stdout, /^5\.46: unusual\. Expected between 108 and 363 W\.\n$/);
  const told = json((await lefton(...args, '--json')).stdout);
  assert.equal(told.score, 5.458823529411765);
  assert.equal(told.unusual, true);
  const at = await lefton(
    'score',
    '--model',
    model,
    '--at',
    '2026-03-24T04:00:00+01:00',
    '--watts',
    '2000',
    '--json',
  );
  assert.ok(Number(json(at.stdout).score) > 1);
});

test('a fitted model names the data it comes from and what was measured', () => {
  const { provenance, zone } = json(readFileSync(model, 'utf8'));
  assert.equal(zone, 'Europe/Amsterdam');
  const { sha256, quality, days } = provenance as Record<string, unknown>;
  assert.match(String(sha256), /^[0-9a-f]{64}$/);
  assert.ok(Number(days) > 100);
  assert.equal((quality as Record<string, unknown>).held_out_days, 28);
});

test('a fit that would have alerted more than is accepted says so, and what to do next', async () => {
  const args = ['fit', '--csv', HOUSE, '--zone', 'Europe/Amsterdam', '--out', join(folder, 'all.json')];
  const { stdout } = await lefton(...args);
  assert.match(
    stdout,
    /2\.1 times in 30 days: more than the 1 that you would accept\.\nSee which they were: /,
  );
  assert.match(stdout, /--until 2026-03-07T21:59:00Z .*--windows.*--false-alarms-per-month 0\.5/s);
  const over = json((await lefton(...args, '--json')).stdout);
  assert.deepEqual([over.false_alarms_per_month, over.over_budget], [1, true]);
  assert.match(String(over.next), /^See which they were: /);
  const windows = join(ROOT, 'data', 'sample-house', 'windows.json');
  const held = json((await lefton(...args, '--windows', windows, '--json')).stdout);
  assert.deepEqual([held.over_budget, held.next], [false, null]);
  const unmeasured = json((await lefton(...args, '--no-hold-out', '--json')).stdout);
  assert.deepEqual([unmeasured.over_budget, unmeasured.next], [null, null]);
});

test('a model of an export of Home Assistant is for the home; rows that cannot be are counted, and named by import', async () => {
  const export_ = join(folder, 'history.csv');
  const rows = Array.from({ length: 4_000 }, (_, i) => {
    const at = new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString();
    return `sensor.house_power,${200 + (i % 37)},${at}`;
  });
  const wrong = 'sensor.house_power,200,9999-12-31T00:00:00.000Z';
  writeFileSync(export_, ['entity_id,state,last_changed', ...rows, wrong].join('\n'));
  const out = join(folder, 'from-history.json');
  const args = ['fit', '--csv', export_, '--unit', 'W', '--out', out, '--zone', 'Europe/Amsterdam'];
  const fitted = await lefton(...args);
  assert.equal(fitted.code, 0, fitted.stderr);
  assert.match(fitted.stdout, /1 row could not be used: npx lefton import .*history\.csv names them/);
  assert.equal(json(readFileSync(out, 'utf8')).meter, 'home');
  const { stderr } = await lefton('import', export_, '--unit', 'W');
  assert.match(stderr, /line 4002: expected a time from 1990 until now, found 9999-12-31T00:00:00Z/);
  const { stderr: noted } = await lefton(...args, '--no-hold-out', '--labels', 'end');
  assert.match(noted, /^history\.csv: labels "end" changes nothing/);
  const named = await lefton(...args, '--meter', 'barn');
  assert.match(named.stdout, /It is for the meter barn/);
  assert.match(
    (await lefton('check', '--model', out)).stdout,
    /left-on for meter barn, zone Europe\/Amsterdam/,
  );
});

test('backtest tells JSON lines of events and then the summary', async () => {
  const windows = join(ROOT, 'data', 'sample-house', 'windows.json');
  const { stdout, code } = await lefton(
    'backtest',
    '--csv',
    HOUSE,
    '--model',
    model,
    '--from',
    FROM,
    '--refit-weekly',
    '--windows',
    windows,
    '--json',
  );
  assert.equal(code, 0);
  const lines = stdout.trimEnd().split('\n').map(json);
  const summary = lines.pop()?.summary as Record<string, unknown>;
  assert.equal(summary.found, 2);
  assert.equal(summary.refits, 1);
  for (const line of lines) {
    assert.equal(line.v, 1);
    assert.ok(['opened', 'still_on', 'closed'].includes(String(line.type)));
    assert.match(String(line.since), /^2026-03-2\d.*Z$/);
  }
});

test('backtest of the history that a model was fitted on says that nothing comes after it', async () => {
  const csv = join(folder, 'before.csv');
  writeFileSync(csv, 'at,watts\n2026-03-23T22:58:00Z,200\n2026-03-23T22:59:00Z,210\n');
  const args = ['backtest', '--csv', csv, '--model', model];
  const remark = /^There are no readings after 2026-03-23T22:59:00Z\. Fit with --until, or pass --from\.\n/;
  assert.match((await lefton(...args)).stdout, remark);
  const { stdout, stderr } = await lefton(...args, '--json');
  assert.match(stderr, remark);
  assert.deepEqual(Object.keys(json(stdout)), ['summary']);
});

test('import makes the canonical table of an export and reports what it did', async () => {
  const file = join(folder, 'shelly.csv');
  const out = join(folder, 'canonical.csv');
  writeFileSync(
    file,
    'Date/time UTC,Active energy Wh (A),Returned energy Wh (A)\n2025-01-11 00:00,30.00,0.00\n2025-01-11 00:10,60.00,0.00\n2025-01-11 00:20,x,0.00\n',
  );
  const { stdout, code } = await lefton('import', file, '--out', out, '--json');
  assert.equal(code, 0);
  const report = json(stdout);
  assert.equal(report.format, 'shelly');
  assert.equal(report.readings, 2);
  assert.deepEqual(
    (report.rejected as { line: number }[]).map(({ line }) => line),
    [4],
  );
  assert.equal(readFileSync(out, 'utf8'), 'at,watts\n2025-01-11T00:00:00Z,180\n2025-01-11T00:10:00Z,360\n');
});

test('import takes either answer that it asks for where 03/04 may be two dates', async () => {
  const file = join(folder, 'enphase.csv');
  const head =
    'Date/Time,Energy Produced (Wh),Energy Consumed (Wh),Exported to Grid (Wh),Imported from Grid (Wh)\n';
  writeFileSync(file, `${head}03/04/2024 00:00,0,300,0,300\n03/04/2024 01:00,0,300,0,300\n`);
  const first = async (...answer: readonly string[]): Promise<unknown> =>
    json((await lefton('import', file, '--zone', 'UTC', '--json', ...answer)).stdout).first;
  const { stderr } = await lefton('import', file, '--zone', 'UTC', '--json');
  assert.match(stderr, /pass dayFirst \(--day-first or --no-day-first\)/);
  assert.equal(await first('--day-first'), '2024-04-03T00:00:00Z');
  assert.equal(await first('--no-day-first'), '2024-03-04T00:00:00Z');
});

test('without --out and --json the table goes to standard output, and the report beside it', async () => {
  const { stdout, stderr } = await lefton('import', join(folder, 'shelly.csv'));
  assert.match(stdout, /^at,watts\n2025-01-11T00:00:00Z,180\n/);
  assert.match(stderr, /shelly: 2 readings of 3 rows/);
});

test('check says what is ready and what is to be mended', async () => {
  const good = await lefton('check', '--model', model, '--csv', HOUSE, '--zone', 'Europe/Amsterdam');
  assert.equal(good.code, 0);
  assert.match(good.stdout, /ok {3}model: left-on.*ready\n/);
  writeFileSync(join(folder, 'bad.json'), '{"format":"lefton-model","version":3}');
  const bad = await lefton('check', '--model', join(folder, 'bad.json'), '--zone', 'Mars');
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /BAD {2}zone: zone: expected an IANA zone/);
  assert.match(bad.stdout, /BAD {2}model: .*bad\.json\.version: expected 1, found 3/);
  writeFileSync(join(folder, 'idle.json'), '{"speed":2}');
  const idle = await lefton('check', '--config', join(folder, 'idle.json'));
  assert.equal(idle.code, 1);
  assert.match(idle.stdout, /BAD {2}settings: .*idle\.json: "speed": does nothing without replay\n/);
});

test('check looks at the model, the windows and the database that the settings name', async () => {
  const config = join(folder, 'serve.json');
  const checked = (settings: object): Promise<Result> => {
    writeFileSync(config, JSON.stringify(settings));
    return lefton('check', '--config', config);
  };
  const db = join(folder, 'l.db');
  const good = await checked({ model, db });
  assert.deepEqual([good.code, good.stderr], [0, '']);
  assert.match(good.stdout, /ok {3}model: left-on for meter home.*ready\nok {3}database: .*first start/);
  const broken = await checked({
    model: join(folder, 'none.json'),
    db: join(folder, 'no', 'l.db'),
    windows: config,
  });
  assert.equal(broken.code, 1);
  assert.match(
    broken.stdout,
    /BAD {2}model: .*none\.json.*\nBAD {2}database: .*place to write to.*\nBAD {2}windows: /s,
  );
  const zone = await checked({ model, db, zone: 'Europe/Paris' });
  assert.match(zone.stdout, /BAD {2}model: .*Europe\/Paris/);
  const mistyped = await checked({ model, db, zone: 'Europe/Pariss' });
  assert.equal(mistyped.stdout.match(/BAD/g)?.length, 1);
  assert.match(mistyped.stdout, /BAD {2}settings: .*"zone": expected an IANA zone/);
  const open = await checked({ model, db: join(folder, 'l.db'), host: '0.0.0.0' });
  assert.match(open.stdout, /BAD {2}settings: .*"host": lets others .* needs a token/);
});

const unusable = {
  pushbullet: { pushbullet_token: 'o.a b' },
  ntfy: { ntfy_topic: 'our home' },
  webhook: { webhook_url: 'http://user:%@127.0.0.1:1/' },
  home_assistant: {
    ...{ home_assistant_url: 'http://127.0.0.1:1/lovelace', home_assistant_token: 'x' },
    home_assistant_dashboard: true,
  },
  phone: {
    ...{ home_assistant_url: 'http://127.0.0.1:1', home_assistant_token: 'x' },
    home_assistant_phone: 'light.x',
  },
  kafka: { kafka_brokers: ['127.0.0.1:1'], kafka_ca: '/nowhere/ca.pem' },
};

test('check finds each channel with a value that it cannot use, beside all else that it finds', async () => {
  for (const [name, settings] of Object.entries(unusable)) {
    const config = join(folder, 'unusable.json');
    writeFileSync(config, JSON.stringify({ model, db: join(folder, 'l.db'), ...settings }));
    const { code, stdout } = await lefton('check', '--json', '--config', config);
    assert.equal(code, 1, name);
    const findings = JSON.parse(stdout) as { what: string; ok: boolean }[];
    assert.ok(
      findings.some(({ what, ok }) => what === 'model' && ok),
      name,
    );
    assert.deepEqual(
      findings.filter(({ ok }) => !ok).map(({ what }) => what),
      [name],
    );
  }
});

test('what is asked wrongly is settings that are not right, and help is not', async () => {
  const codes = async (...all: readonly string[]): Promise<number[]> =>
    (await Promise.all(all.map((args) => lefton(...args.split(' '))))).map(({ code }) => code);
  assert.deepEqual(await codes('serve --modle x', 'nosuch', 'fit --csv x', 'topics nosuch'), [2, 2, 2, 2]);
  assert.deepEqual(await codes('--help', 'serve --help', 'notify test --help', '--version'), [0, 0, 0, 0]);
});

test('serve says of all channels at once what they cannot use, and that it is the settings', async () => {
  const config = join(folder, 'unusable.json');
  const { pushbullet, ntfy, webhook, home_assistant: home } = unusable;
  const settings = { ...pushbullet, ...ntfy, ...webhook, ...home };
  writeFileSync(config, JSON.stringify({ model, db: join(folder, 'l.db'), port: 0, ...settings }));
  const { code, stderr } = await lefton('serve', '--config', config);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /the settings are not right:\n {2}pushbullet_token: .*\n {2}.*ntfy.*\n {2}.*webhook.*\n {2}home_assistant_url: /,
  );
});

test('import and fit leave a file as it was, and nothing beside it, where the disk has no room', async () => {
  const place = mkdtempSync(join(folder, 'full-'));
  const out = join(place, 'table.csv');
  writeFileSync(out, 'what was there');
  const fitted = join(place, 'new.json');
  for (const args of [
    ['import', HOUSE, '--out', out],
    ['fit', '--csv', HOUSE, '--zone', 'Europe/Amsterdam', '--no-hold-out', '--out', fitted],
  ]) {
    // no file may be longer than a few blocks
    const { code, stderr } = await leftonUnder('ulimit -f 8; exec "$@"', args);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /(table\.csv|new\.json): expected a place to write to, with room for it, found EFBIG/,
    );
    assert.doesNotMatch(stderr, /at .*\.[jt]s:\d+/);
  }
  assert.deepEqual(readdirSync(place), ['table.csv']);
  assert.equal(readFileSync(out, 'utf8'), 'what was there');
});

test('import never writes over the export that it reads, by whatever name', async () => {
  const place = mkdtempSync(join(folder, 'same-'));
  const export_ = join(place, 'export.csv');
  const text = 'at,watts\n2026-01-01T00:00:00Z,200\n2026-01-01T00:01:00Z,210\n';
  writeFileSync(export_, text);
  symlinkSync(export_, join(place, 'link.csv'));
  linkSync(export_, join(place, 'other.csv'));
  for (const name of ['link.csv', 'other.csv']) {
    const { code, stderr } = await lefton('import', export_, '--out', join(place, name));
    assert.equal(code, 2);
    assert.match(stderr, /another file than the export/);
    assert.equal(readFileSync(export_, 'utf8'), text);
  }
});

test('import writes through a link, and into what is no file', async () => {
  const place = mkdtempSync(join(folder, 'link-'));
  const out = join(place, 'table.csv');
  writeFileSync(out, '');
  symlinkSync('table.csv', join(place, 'link.csv'));
  const export_ = join(folder, 'shelly.csv');
  assert.equal((await lefton('import', export_, '--out', join(place, 'link.csv'))).code, 0);
  assert.match(readFileSync(out, 'utf8'), /^at,watts\n2025/);
  assert.ok(lstatSync(join(place, 'link.csv')).isSymbolicLink());
  const { stdout } = await leftonUnder('"$@" | cat', ['import', export_, '--out', '/dev/stdout']);
  assert.match(stdout, /^at,watts\n2025/);
});

const mistakes: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  [
    'a file that is not there',
    ['import', join(folder, 'nothing.csv')],
    1,
    /nothing\.csv: expected a readable file/,
  ],
  [
    'a folder in place of an export',
    ['import', folder],
    1,
    /expected a file: name the ones in it, .*found a folder/,
  ],
  ['a folder to fit', ['fit', '--csv', folder, '--zone', 'UTC', '--out', 'x'], 1, /found a folder/],
  ['a folder to look back on', ['backtest', '--csv', folder, '--model', AUGUST], 1, /found a folder/],
  [
    'a file in the place of a folder',
    ['import', join(folder, 'shelly.csv'), '--out', join(AUGUST, 'x.csv')],
    1,
    /x\.csv: expected a place to write to.*ENOTDIR/,
  ],
  ['a local time without a zone', ['import', join(ROOT, 'package.json')], 1, /expected/],
  [
    'neither an hour nor an instant',
    ['score', '--model', AUGUST, '--watts', '1'],
    2,
    /either --at or --hour/,
  ],
  [
    'a number that is none',
    ['score', '--model', AUGUST, '--hour', '4', '--watts', 'many'],
    2,
    /Expected a number/,
  ],
  [
    'an instant without its offset',
    ['fit', '--csv', HOUSE, '--zone', 'UTC', '--out', 'x', '--until', '2026-01-01'],
    2,
    /with its offset/,
  ],
  [
    'a meter that nobody could name',
    ['fit', '--csv', HOUSE, '--zone', 'UTC', '--out', join(folder, 'x.json'), '--meter', 'a,b'],
    1,
    /meter: expected a name of 1 to \d+ characters without comma/,
  ],
  ['an unknown command', ['guess'], 2, /unknown command/],
  [
    'a word too many',
    ['score', '--model', AUGUST, '--hour', '4', '--watts', '1', 'kW'],
    2,
    /too many arguments/,
  ],
  [
    'an unknown zone',
    ['fit', '--csv', HOUSE, '--zone', 'Mars', '--out', join(folder, 'x.json')],
    2,
    /IANA zone/,
  ],
];
for (const [name, args, code, message] of mistakes) {
  test(`${name} is one clear line and an exit code`, async () => {
    const result = await lefton(...args);
    assert.equal(result.code, code);
    assert.match(result.stderr, message);
    assert.doesNotMatch(result.stderr, /at .*\.ts:\d+/);
  });
}

test('check sees a model of another zone, and nothing overwrites what is no model', async () => {
  const check = await lefton('check', '--model', model, '--zone', 'Europe/Paris');
  assert.equal(check.code, 1);
  assert.match(check.stdout, /expected a model of Europe\/Paris/);
  const history = join(folder, 'history.csv');
  writeFileSync(history, 'at,watts\n2026-01-01T00:00:00Z,200\n2026-01-01T00:01:00Z,210\n');
  for (const [code, args] of [
    [1, ['fit', '--csv', history, '--zone', 'UTC', '--out', history]],
    [2, ['import', history, '--out', history]],
  ] as const) {
    assert.equal((await lefton(...args)).code, code);
    assert.match(readFileSync(history, 'utf8'), /^at,watts\n/);
  }
});

test('a model of another version is fitted anew in its place', async () => {
  const file = join(folder, 'before.json');
  const { left_on: leftOn, ...rest } = json(readFileSync(model, 'utf8'));
  const { watchers } = leftOn as { readonly watchers: readonly unknown[] };
  writeFileSync(
    file,
    JSON.stringify({ ...rest, left_on: { ...(leftOn as object), watchers: watchers.slice(1) } }),
  );
  const told = await lefton('score', '--model', file, '--hour', '4', '--watts', '1500');
  assert.match(told.stderr, /another version is fitted anew: lefton fit/);
  const args = ['fit', '--csv', HOUSE, '--zone', 'Europe/Amsterdam', '--no-hold-out', '--out', file];
  assert.equal((await lefton(...args)).code, 0);
  assert.equal((await lefton('score', '--model', file, '--hour', '4', '--watts', '1500')).code, 0);
});

test('every command explains itself with examples', async () => {
  for (const command of ['import', 'fit', 'refit', 'backtest', 'score', 'check', 'serve']) {
    const { stdout, code } = await lefton(command, '--help');
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`Examples:\\n.*\\n +lefton ${command}`));
  }
});
