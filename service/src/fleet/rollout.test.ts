import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresIn, pairIn, verdictOf, verdictOn } from './comparison.ts';
import { generationOf, placeOf } from './rollout.ts';

const METERS = Array.from({ length: 20_000 }, (_, i) => `meter-${i}`);
const nobody = (): boolean => false;
const trial = (perMille: number) => ({ stable: 1, candidate: 2, perMille, previous: null });

test('a share of the meters tries the candidate, and a larger share only adds to them', () => {
  let before = new Set<string>();
  for (const perMille of [0, 50, 200, 1_000]) {
    const tries = METERS.filter((meter) => generationOf(meter, trial(perMille), nobody) === 2);
    const share = (tries.length / METERS.length) * 1_000;
    assert.ok(Math.abs(share - perMille) < 10, `${share} of ${perMille}`);
    assert.ok([...before].every((meter) => generationOf(meter, trial(perMille), nobody) === 2));
    before = new Set(tries);
  }
});

test('a meter stands where it stands in every process and version', () => {
  assert.deepEqual(
    ['home', 'Zähler 1', ''].map((meter) => placeOf(meter, 2)),
    [422, 480, 348],
  );
});

test('another generation is tried by other homes first', () => {
  const first = METERS.filter((meter) => placeOf(meter, 2) < 50);
  const both = first.filter((meter) => placeOf(meter, 3) < 50);
  assert.ok(both.length < first.length / 8, `${both.length} of ${first.length}`);
});

test('named meters try it whatever the share', () => {
  assert.equal(
    generationOf('mine', trial(0), (meter) => meter === 'mine'),
    2,
  );
  assert.equal(
    generationOf('mine', { ...trial(0), candidate: null }, () => true),
    1,
  );
});

const metricsOf = (generation: number, alarms: number, months: number): string =>
  `# HELP x\nlefton_generation_alarms_total{generation="${generation}"} ${alarms}\n` +
  `lefton_generation_watched_meter_seconds_total{generation="${generation}"} ${months * 30 * 86_400}\n`;

test('alarms of two generations are compared over all processes', () => {
  const figures = figuresIn([
    metricsOf(1, 100, 60) + metricsOf(2, 20, 5),
    metricsOf(1, 50, 40) + metricsOf(2, 10, 5),
  ]);
  assert.deepEqual(figures, [
    { generation: 1, alarms: 150, meterMonths: 100 },
    { generation: 2, alarms: 30, meterMonths: 10 },
  ]);
});

test('a verdict is given where there is enough for one', () => {
  const stable = { generation: 1, alarms: 150, meterMonths: 100 };
  const candidate = (alarms: number) => ({ generation: 2, alarms, meterMonths: 10 });
  assert.match(verdictOn(stable, candidate(40)), /Generation 2 alarms more often than 1/);
  assert.match(verdictOn(stable, candidate(16)), /as often as/);
  assert.match(verdictOn(stable, candidate(3)), /less often/);
  assert.match(verdictOn({ ...stable, alarms: 5 }, candidate(2)), /Too little to tell: 7 alarms/);
});

const rolesOf = (roles: Readonly<Record<string, number>>): string =>
  Object.entries(roles)
    .map(([role, generation]) => `lefton_rollout_generation{role="${role}"} ${generation}\n`)
    .join('');

test('what is tried is compared with what is in use, not with what was rolled back', () => {
  const metrics = [
    metricsOf(1, 100, 100) +
      metricsOf(2, 100, 10) +
      metricsOf(3, 30, 10) +
      rolesOf({ stable: 1, candidate: 3 }),
  ];
  assert.deepEqual(pairIn(metrics), { stable: 1, candidate: 3 });
  assert.equal(verdictOf(figuresIn(metrics), pairIn(metrics)), 'Generation 3 alarms more often than 1.');
});

test('nothing is compared where no trial is on, processes differ or what is tried was not heard yet', () => {
  const figures = figuresIn([metricsOf(1, 100, 100) + metricsOf(2, 100, 10)]);
  assert.match(verdictOf(figures, pairIn([rolesOf({ stable: 1 })])), /no trial: name what to compare/);
  const differ = pairIn([rolesOf({ stable: 1, candidate: 3 }), rolesOf({ stable: 2, candidate: 3 })]);
  assert.deepEqual(differ, { stable: null, candidate: 3 });
  assert.match(verdictOf(figures, { stable: 1, candidate: 3 }), /generation 3 has watched nothing yet/);
});
