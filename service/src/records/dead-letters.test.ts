import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder, aService } from '../a-service.test-data.ts';

/** As a portal exports it: no row of it is a canonical one. */
const SEMICOLONS = 'time;power\n2026-01-05 00:00;200\n2026-01-05 00:01;210\n';

describe('a line that is no reading', () => {
  for (const source of ['tail', 'stdin', 'replay', 'replay from an instant']) {
    it(`is told in the log and counted where it came by ${source}`, async (t) => {
      const file = join(aFolder(t), 'semi.csv');
      writeFileSync(file, SEMICOLONS);
      const from = source === 'replay' ? {} : { from: '2026-01-05T00:00:00Z' };
      const service = await aService(t, {
        once: true,
        ...(source === 'tail' ? { tail: file } : {}),
        ...(source === 'stdin' ? { stdin: true } : {}),
        ...(source.startsWith('replay') ? { replay: file, speed: 'max', ...from } : {}),
      });
      service.stdin.end(SEMICOLONS);
      await service.done;
      assert.equal(service.metrics.deadLetters.get({ reason: 'row' }), 3);
      const told = service.logged.filter((line) => line.includes('a record is no reading'));
      assert.equal(told.length, 3);
      assert.match(
        told[0] ?? '',
        /row: expected at,watts\[,meter\], which lefton import makes of an export, found .*time;power.*"source"/,
      );
    });
  }
});
