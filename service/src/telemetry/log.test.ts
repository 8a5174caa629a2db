import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Log } from './log.ts';

describe('the log', () => {
  it('writes one line of JSON per event', () => {
    const lines: string[] = [];
    new Log(
      (line) => lines.push(line),
      () => 0,
    ).warn('a thing happened', { meter: 'a\n"b"', n: 1 });
    assert.equal(lines.length, 1);
    const expected = {
      at: '1970-01-01T00:00:00.000Z',
      level: 'warn',
      event: 'a thing happened',
      meter: 'a\n"b"',
      n: 1,
    };
    assert.deepEqual(JSON.parse(lines[0] ?? ''), expected);
    assert.match(lines[0] ?? '', /^[^\n]+\n$/);
  });

  it('counts repeats instead of writing them, and says how many there were', () => {
    const lines: string[] = [];
    let now = 0;
    const log = new Log(
      (line) => lines.push(line),
      () => now,
    );
    for (let i = 0; i < 1000; i++) log.info('again');
    log.info('other');
    assert.equal(lines.length, 6);
    now = 60_000;
    log.info('again');
    assert.match(lines[6] ?? '', /"suppressed":995/);
  });

  it('counts what comes of one source apart from the same of another', () => {
    const lines: string[] = [];
    const log = new Log(
      (line) => lines.push(line),
      () => 0,
    );
    for (let i = 0; i < 1000; i++) log.warn('a meter was heard badly', { source: 'sml /dev/ttyUSB0' });
    for (let n = 1; n <= 10; n++) log.info('a link', { source: `dsmr /dev/ttyUSB${n}` });
    log.warn('a meter was heard badly', { source: 'sml /dev/ttyUSB1' });
    assert.equal(lines.length, 5 + 10 + 1);
  });

  it('begins anew with a clock that was set back', () => {
    const lines: string[] = [];
    let now = 86_400_000;
    const log = new Log(
      (line) => lines.push(line),
      () => now,
    );
    for (let i = 0; i < 10; i++) log.info('again');
    now = 0;
    log.info('again');
    assert.equal(lines.length, 6);
    assert.match(lines[5] ?? '', /"at":"1970-01-01T00:00:00.000Z".*"suppressed":5/);
  });
});
