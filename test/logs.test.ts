import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const LEVELS = ['info', 'warn', 'error'];

/** Texts that a log is given, wherever one is called, that are not constant. */
function changingTexts(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2023, true);
  const found: string[] = [];
  const isConstant = (text: ts.Expression | undefined): boolean => {
    if (text === undefined) return false;
    if (ts.isConditionalExpression(text)) return isConstant(text.whenTrue) && isConstant(text.whenFalse);
    return ts.isStringLiteral(text);
  };
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression: of, name } = node.expression;
      const isLog = /(?:^|[.#])log$/.test(of.getText(source)) && LEVELS.includes(name.text);
      if (isLog && !isConstant(node.arguments[0]))
        found.push(`${relative(root, path)}: ${node.getText(source)}`);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

describe('the log', () => {
  it('has a constant text in each of its lines, so that they can be counted', () => {
    const sources = globSync(['service/src/**/*.ts', 'pi/src/**/*.ts'], { cwd: root })
      .filter((path) => !/\.test(?:-data)?\.ts$/.test(path))
      .map((path) => join(root, path));
    assert.ok(sources.length > 100);
    assert.deepEqual(
      sources.flatMap(changingTexts).filter((call) => !/log\.warn\(event,/.test(call)),
      [],
    );
  });

  it('is JSON, a line each, with its time and level, and no secret that the settings hold', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'lefton-logs-'));
    t.after(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const secrets = {
      LEFTON_TOKEN: 'secret-of-the-interface',
      LEFTON_PUSHBULLET_TOKEN: 'o.secretofpushbullet00000000000000',
      LEFTON_MQTT_PASSWORD: 'secret-of-the-broker',
      LEFTON_HOME_ASSISTANT_TOKEN: 'secret-of-home-assistant',
    };
    const child = spawn(process.execPath, ['service/lefton.js', 'serve'], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        ...secrets,
        LEFTON_DB: join(folder, 'lefton.db'),
        LEFTON_MODEL: 'models/august-2018.json',
        LEFTON_PORT: '0',
        // nobody listens there: what goes wrong is logged as well
        LEFTON_MQTT_URL: 'mqtt://127.0.0.1:9',
        LEFTON_MQTT_USERNAME: 'lefton',
        LEFTON_HOME_ASSISTANT_URL: 'http://127.0.0.1:9',
        LEFTON_HOME_ASSISTANT_DASHBOARD: 'true',
        LEFTON_PUSHBULLET_URL: 'http://127.0.0.1:9',
      },
    });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('"level":"warn"')) child.kill('SIGTERM');
    });
    await once(child, 'close');
    const lines = log.trim().split('\n');
    assert.ok(lines.length > 2, log);
    for (const line of lines) {
      const { at, level, event } = JSON.parse(line) as Record<string, unknown>;
      assert.ok(typeof at === 'string' && !Number.isNaN(Date.parse(at)), line);
      assert.ok(LEVELS.includes(String(level)), line);
      assert.ok(typeof event === 'string', line);
    }
    for (const secret of Object.values(secrets)) assert.ok(!log.includes(secret), secret);
  });
});
