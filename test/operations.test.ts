import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { Histogram } from '../service/src/telemetry/metric.ts';
import { Metrics } from '../service/src/telemetry/metrics.ts';
import { composeService } from './a-compose-file.test-data.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface Panel {
  readonly title: string;
  readonly type: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly w: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const { groups } = parse(read('ops/prometheus/rules.yml')) as {
  groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(read('ops/grafana/lefton.json')) as { panels: readonly Panel[] };
const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** What the service exports, as PromQL names it. */
const exported = new Metrics().families.flatMap((family) =>
  family instanceof Histogram ? ['_bucket', '_sum', '_count'].map((end) => family.name + end) : [family.name],
);
/** Made by Prometheus itself. */
const OF_PROMETHEUS = ['up'];
const WORDS = ['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan'];

/** The metrics that an expression names. */
function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replace(/\b(?:by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, '');
  return [...bare.matchAll(/(?<![\w.])[a-z_:][\w:]*(?!\w)(?!\s*\()/gi)]
    .map(([name]) => name)
    .filter((name) => !WORDS.includes(name.toLowerCase()));
}

const { REQUIRE_KAFKA } = process.env;
const skip =
  REQUIRE_KAFKA === undefined && spawnSync('promtool', ['--version']).status !== 0
    ? 'promtool checks rules: apt-get install prometheus'
    : false;

function promtool(...args: readonly string[]): void {
  const run = spawnSync('promtool', args, { cwd: root, encoding: 'utf8', timeout: 60_000 });
  assert.equal(run.error, undefined);
  assert.equal(run.status, 0, run.stdout + run.stderr);
}

describe('the rules for Prometheus', () => {
  it('are rules, and fire as their tests say', { skip }, () => {
    promtool('check', 'rules', 'ops/prometheus/rules.yml');
    promtool('test', 'rules', 'ops/prometheus/rules.test.yml');
  });

  it('stand in a configuration that is right', { skip }, () => {
    promtool('check', 'config', '--syntax-only', 'ops/prometheus/prometheus.yml');
  });

  it('are each tested by ops/prometheus/rules.test.yml', () => {
    const { tests } = parse(read('ops/prometheus/rules.test.yml')) as { tests: readonly { name: string }[] };
    const tested = tests.map(({ name }) => name);
    assert.deepEqual(
      rules.map(({ alert }) => alert).filter((name) => !tested.includes(name)),
      [],
    );
  });

  it('are explained, each under its own heading, which its annotation names', () => {
    const headings = [...read('docs/operations.md').matchAll(/^#+ (\w+)$/gm)].map(([, name]) => name);
    for (const { alert, annotations } of rules) {
      assert.ok(headings.includes(alert), `docs/operations.md has no heading ${alert}`);
      assert.equal(annotations.runbook, `docs/operations.md#${alert.toLowerCase()}`);
    }
  });
});

describe('metrics that are looked at', () => {
  it('are named in expressions', () => {
    assert.deepEqual(
      metricsIn(
        'sum by (le, a) (rate(x_bucket{le="y"}[5m])) / on (a) z > 2 and time() - w_seconds < 3 * 86400',
      ),
      ['x_bucket', 'z', 'w_seconds'],
    );
  });

  for (const [what, expressions] of [
    ['the dashboard', shown],
    ['the rules', rules.map(({ expr }) => expr)],
  ] as const) {
    it(`are all exported by the service: ${what}`, () => {
      const named = expressions.flatMap(metricsIn);
      assert.ok(named.length > 10);
      assert.deepEqual(
        named.filter((name) => !exported.includes(name) && !OF_PROMETHEUS.includes(name)),
        [],
      );
    });
  }

  it('are all but these: what is shown nowhere', () => {
    const named = shown.flatMap(metricsIn);
    const families = new Metrics().families.map(({ name }) => name);
    const hidden = families.filter((name) => !named.some((each) => each.replace(/_bucket$/, '') === name));
    // what `lefton fleet compare` asks for, and a version to join by
    assert.deepEqual(hidden, ['lefton_rollout_generation', 'lefton_build_info']);
  });

  it('have a panel that says what it shows and fits on the page', () => {
    for (const { title, type, description, gridPos, targets = [] } of panels) {
      assert.ok(gridPos.x + gridPos.w <= 24, title);
      if (type === 'row') continue;
      assert.ok(targets.length > 0 && (description ?? '') !== '', title);
    }
  });
});

describe('the profile metrics of docker-compose.yml', () => {
  it('brings what is here to Prometheus and Grafana', () => {
    const [prometheus, grafana] = [composeService('prometheus'), composeService('grafana')];
    assert.ok(prometheus.volumes?.includes('./ops/prometheus:/etc/prometheus:ro'));
    const { volumes = [] } = grafana;
    assert.ok(volumes.includes('./ops/grafana/provisioning:/etc/grafana/provisioning:ro'));
    assert.ok(volumes.includes('./ops/grafana/lefton.json:/var/lib/lefton-dashboards/lefton.json:ro'));
    assert.match(
      read('ops/grafana/provisioning/dashboards/lefton.yml'),
      /path: \/var\/lib\/lefton-dashboards/,
    );
  });

  it('lets Prometheus ask under a name that the service answers to', () => {
    const target = /targets: \['(\w+):7420'\]/.exec(read('ops/prometheus/prometheus.yml'))?.[1];
    assert.equal(composeService('service').environment?.LEFTON_ALLOW_HOST, target);
  });
});
