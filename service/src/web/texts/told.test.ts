import {
  backtest,
  defaultPolicy,
  fit,
  MADE_BEFORE,
  messageOf,
  reasonOf,
  WATCH_KINDS,
  Zone,
} from '@lefton/core';
import type { Figures, LeftOnModel } from '@lefton/core';
import { importHistory } from '@lefton/history';
import { decide, untried, withoutTrial } from '../../../../core/src/refit/promotion.ts';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readHistory } from '../../cli/history-input.ts';
import { aTable } from '../../a-service.test-data.ts';
import { toldDe } from './told-de.ts';
import { toldFr } from './told-fr.ts';

const HOUSE = new URL('../../../../data/sample-house/readings.csv.gz', import.meta.url).pathname;
const ENGLISH = /\b(the|in|days|around|nothing|power|longer|never|now|reading|since|of|for|on)\b/i;

const numbers = (text: string): string[] => (text.match(/\d+/g) ?? []).toSorted();
const TOLD = { German: toldDe, French: toldFr };

test('every reason that the sample house gives is German on the German page and French on the French, with its numbers', async () => {
  const zone = new Zone('Europe/Amsterdam').name;
  const history = await readHistory(HOUSE, { zone }, { write: () => undefined });
  const from = (history.at[0] ?? 0) + 60 * 86_400_000;
  const about = { meter: 'home', fittedOn: 'the sample house', sha256: null, software: 'a test' };
  // one that accepts much gives many reasons
  const model = fit(history, { zone, falseAlarmsPerMonth: 30, until: from, ...about });
  const policy = { ...defaultPolicy, openAt: 0.8 };
  const events = [
    ...backtest(history, model, { meter: 'home', policy, from }),
    ...backtest(history, aTable(), { meter: 'home', policy, from }),
  ];
  const reasons = new Set(events.map(({ why }) => why).filter((why) => why !== ''));
  assert.ok(reasons.size > 50, `${reasons.size} reasons`);
  for (const told of Object.values(TOLD))
    for (const reason of reasons) {
      const foreign = told(reason);
      assert.doesNotMatch(foreign.replace(/\bin \d/i, ''), ENGLISH, reason);
      assert.deepEqual(numbers(foreign), numbers(reason.replace(/:00\b/g, '')), foreign);
    }
});

test('why an export is not taken in is told in each language', async () => {
  const folder = 'a folder of models (--model FOLDER), for the one of meter barn to go to';
  const told = [
    await importHistory([Buffer.from('Datum;Wert\n01.01.2026;5\n')], { place: 'a.csv' }).catch(messageOf),
    'a.csv: expected no other export on its way; finish or cancel that first, found b.csv',
    'a.csv: expected at most 512 MB; pack it with gzip, or take a shorter time, found 600 MB',
    'a.csv: expected an export that this machine can read; take a shorter time, or longer steps, found more, when it is unpacked',
    'meter: expected another name: what is replayed here is not mixed with a history, found home',
    `model home.json: expected ${folder}, found one file, for another meter`,
  ].map(String);
  for (const inTongue of Object.values(TOLD))
    for (const english of told) assert.doesNotMatch(inTongue(english), /expected|found/, english);
  assert.match(toldDe(told[0] ?? ''), /^kein Format.* octopus, .* at,watts\.$/);
  assert.match(toldFr(told[2] ?? ''), /^600 Mo ; 512 Mo au plus/);
});

const LEARNING = '2.5 days of readings; the first 7 days are for learning';

test('how a new model stands against the one before is told in each language', () => {
  const figures = (
    recall: number | null,
    falseAlarms: number,
    delaysMs: (number | null)[] = [],
  ): Figures => ({
    ...{ recall, recallWithinHour: recall, medianDelayMs: 0, delaysMs },
    ...{ falseAlarms, falseAlarmsPer30Days: falseAlarms, covered: 1 },
  });
  const late = Array.from({ length: 30 }, () => null);
  const soon = late.map(() => 1);
  const told = [true, false].flatMap((unseen) =>
    [
      decide(figures(0.9, 0), figures(0.9, 0), { accepted: 1, lenient: true, unseen }),
      decide(figures(0.9, 9), figures(0.5, 1), { accepted: 1, lenient: true, unseen }),
      decide(figures(0.9, 0, soon), figures(0.1, 0, late), { accepted: 1, lenient: true, unseen }),
      decide(figures(null, 0), figures(null, 9), { accepted: 1, lenient: true, unseen: true }),
    ].map(({ why }) => why),
  );
  const model = (days: number, decides: boolean) =>
    ({ left_on: decides ? {} : null, provenance: { days }, why: LEARNING }) as LeftOnModel;
  for (const [one, other] of [
    [model(30, true), model(9, false)],
    [model(2.5, false), model(30, true)],
    [model(2.5, false), model(3, false)],
    [model(4, false), model(3, false)],
  ] as const)
    told.push(withoutTrial(one, other)?.why ?? assert.fail('they can be tried'));
  told.push(untried(model(25.2, true), model(123.1, true)).why, untried(model(30, true), model(9, true)).why);
  for (const inTongue of Object.values(TOLD))
    for (const english of told)
      assert.doesNotMatch(inTongue(english), /\b(the|model|it|days|with|found|nothing)\b/i, english);
  assert.match(toldDe(told.at(-2) ?? ''), /^25,2 Tage .* 123,1 Tage\.$/);
});

test('every kind of reason is told in each language, with its numbers', () => {
  const known = { watts: 600, band: 1.3, baseW: 150, since: 0, lengthMs: 4e6, days: 111 };
  const reasons = WATCH_KINDS.flatMap((kind) =>
    [0, 45 * 60_000].map((longestMs) => reasonOf({ ...known, kind, longestMs }, '02')),
  );
  assert.equal(new Set(reasons).size, 2 * WATCH_KINDS.length);
  const seldom = 'a reading every 24 hours; one in an hour or more often is needed';
  for (const told of Object.values(TOLD)) {
    for (const reason of [...reasons, MADE_BEFORE, seldom]) {
      assert.notEqual(told(reason), reason);
      assert.deepEqual(numbers(told(reason)), numbers(reason.replace(':00', '')));
    }
  }
});

test('what is to be known of taking a history in is told as well, in the words of the service', () => {
  const jobs = readFileSync(new URL('../../runtime/jobs.ts', import.meta.url), 'utf8').replaceAll(
    /' \+\s+'/g,
    '',
  );
  const notes = [...jobs.matchAll(/'((?:This service|On Kafka) .*\.)'/g)].flatMap(([, note]) => note ?? []);
  assert.equal(notes.length, 2);
  for (const told of Object.values(TOLD)) for (const note of notes) assert.doesNotMatch(told(note), / the /);
});

test('why an alert waits or was not told is said in each language', () => {
  const [policy, outbox] = ['policy', 'outbox'].map((name) =>
    readFileSync(new URL(`../../notify/${name}.ts`, import.meta.url), 'utf8'),
  );
  const given = /(?:drop|pass|hold|handOver|why[ :=]+)[^;{\n]*?(['`])([a-z$][^'`]*)\1/g;
  const whys = [...`${policy}${outbox}`.matchAll(given)].map(([, , why = '']) =>
    why
      .replace('${why}', 'muted')
      .replace('${rules.severity}', 'info')
      .replaceAll(/\$\{.*?\}/g, '5'),
  );
  assert.ok(whys.length >= 15, whys.join('\n'));
  for (const told of Object.values(TOLD))
    for (const why of whys) {
      assert.notEqual(told(why), why);
      assert.doesNotMatch(told(`${why}; tablet stands in`), /muted|stands|too old/);
    }
  assert.equal(
    toldDe('20 in an hour, and too old after that; tablet stands in'),
    'schon 20 in einer Stunde, und danach zu alt; tablet springt ein',
  );
});

test('what others were the measure of is said, and what is not known stays as it is', () => {
  const others = 'Measured by homes of cohort flats: this one has too little history of its own.';
  assert.equal(
    toldDe(`Nothing was heard for 3 h 10 min. ${others}`),
    'Für 3 h 10 min war nichts zu hören. Gemessen an Häusern der Gruppe flats: dieses hat selbst zu wenig Verlauf.',
  );
  assert.equal(toldDe('No reading since Tuesday 03:12.'), 'Kein Messwert seit Dienstag 03:12.');
  assert.equal(
    toldDe(
      'In 111 days power that kept coming up to between 1.2 kW and 1.7 kW around 02:00 never did so for longer than 45 minutes.',
    ),
    'In 111 Tagen kam die Leistung gegen 02 Uhr nie länger als 45 Minuten immer wieder auf 1,2 kW bis 1,7 kW.',
  );
  assert.equal(
    toldFr(`Nothing was heard for 2 hours. ${others}`),
    'Rien n’a été entendu pendant 2 heures. Mesuré d’après les logements du groupe flats : celui-ci a trop peu d’historique.',
  );
  assert.equal(toldFr('No reading since Tuesday 03:12.'), 'Aucune mesure depuis mardi 03:12.');
  for (const told of Object.values(TOLD)) assert.equal(told('something new'), 'something new');
});
