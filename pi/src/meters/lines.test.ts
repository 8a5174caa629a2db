import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, damage, heard } from './a-capture.test-data.ts';
import { LinesParser } from './lines.ts';

test('watts alone, or with an instant and a meter, are read', () => {
  const parser = new LinesParser();
  const text =
    'at,watts\r\n230\n-12.5\r\n2026-03-24T03:12:00+01:00,200\n2026-03-24T03:12:00Z,0,cellar\n\n# a remark\n';
  assert.deepEqual(
    heard(parser, ascii(text), 1).map(({ meter, watts, toldAt }) => [meter, watts, toldAt]),
    [
      [null, 230, null],
      [null, -12.5, null],
      [null, 200, Date.UTC(2026, 2, 24, 2, 12)],
      ['cellar', 0, Date.UTC(2026, 2, 24, 3, 12)],
    ],
  );
});

test('needs 26: unavailable is a gap; what is no number, no instant or no possible power is no reading', () => {
  const parser = new LinesParser();
  const text = [
    ...[
      '',
      'unavailable',
      'unknown',
      'nan',
      '1e9',
      '0x10',
      '12,5',
      '2026-03-24T03:12:00,200',
      '1900-01-01T00:00:00Z,5',
    ],
    ...['2026-03-24T03:12:00Z,', '2026-03-24T03:12:00Z,5,a,b', '167169.21', '9'.repeat(300), '1\xff0', ''],
  ];
  assert.deepEqual(heard(parser, ascii(text.join('\n'))), []);
  assert.deepEqual(damage(parser.quality), { implausible: 1, too_long: 1 });
});
