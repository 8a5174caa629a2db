import { DAY, MINUTE } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Answer } from './answer.ts';

const NOW = Date.UTC(2026, 2, 24, 2, 12);
const of = (status: number, text: string, headers = {}, flaw: string | null = null): Answer =>
  new Answer(status, headers, text, flaw);

describe('an answer says what is wrong', () => {
  for (const [body, code, found] of [
    [{ error: { code: 'x_y', type: 't', message: 'm' }, error_code: 'z' }, 'x_y', 'HTTP 400 x_y t m'],
    [{ error: { type: 't', message: 'm' } }, undefined, 'HTTP 400 t m'],
    [{ code: 40101, http: 400, error: 'unauthorized' }, '40101', 'HTTP 400 40101 unauthorized'],
    [{ message: 'Unknown Webhook', code: 10015 }, '10015', 'HTTP 400 10015 Unknown Webhook'],
    [{ error: { code: {}, message: [] }, message: 'm' }, undefined, 'HTTP 400 m'],
    [{}, undefined, 'HTTP 400'],
    [[], undefined, 'HTTP 400'],
    [null, undefined, 'HTTP 400'],
  ] as const)
    it(`as in ${JSON.stringify(body)}`, () => {
      const answer = of(400, JSON.stringify(body));
      assert.equal(answer.errorCode, code);
      assert.equal(answer.found, found);
    });

  it('also without JSON', () => {
    assert.equal(of(404, '<html>').found, 'HTTP 404 without JSON');
    assert.equal(of(404, 'no_service\n', { 'content-type': 'text/plain' }).found, 'HTTP 404 no_service');
    assert.equal(of(500, '{"error":', {}, 'cut off').found, 'HTTP 500 cut off');
    assert.equal(of(200, '{}', {}, 'longer than 64 kB').json, undefined);
  });
});

describe('an answer says when to come again', () => {
  for (const [told, wait] of [
    ['120', 2 * MINUTE],
    ['0', 1000],
    ['9'.repeat(400), DAY],
    ['Tue, 24 Mar 2026 02:17:00 GMT', 5 * MINUTE],
    ['Tue, 24 Mar 2020 02:17:00 GMT', 1000],
    ['soon', MINUTE],
    ['-5', 1000],
    ['', MINUTE],
  ] as const)
    it(`Retry-After: ${told.slice(0, 40)}`, () => {
      // a negative number reads as a year long ago
      assert.equal(of(429, '', { 'retry-after': told }).retryAt(NOW), NOW + wait);
    });

  for (const [told, wait] of [
    [String(NOW / 1000 + 60), MINUTE],
    [String(NOW / 1000 - 60), 1000],
    [String(NOW / 1000 + 1e9), DAY],
    ['9'.repeat(400), DAY],
    ['tomorrow', MINUTE],
  ] as const)
    it(`X-Ratelimit-Reset: ${told.slice(0, 40)}`, () => {
      assert.equal(of(429, '', { 'x-ratelimit-reset': told }).resetAt(NOW), NOW + wait);
    });

  it('by its own clock, where ours is wrong', () => {
    const date = new Date(NOW + 30 * DAY).toUTCString();
    const headers = { date, 'x-ratelimit-reset': String((NOW + 30 * DAY) / 1000 + 90) };
    assert.equal(of(429, '', headers).resetAt(NOW), NOW + 90_000);
  });

  it('or not', () => {
    assert.equal(of(429, '').retryAt(NOW), null);
    assert.equal(of(429, '').resetAt(NOW), NOW + MINUTE);
  });
});
