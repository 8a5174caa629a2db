import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Zone } from '@lefton/core';
import { isSameClock } from './same-clock.ts';

const UNTIL = Date.UTC(2026, 0, 1);
const same = (one: string, other: string): boolean => isSameClock(new Zone(one), new Zone(other), UNTIL);

test('names of one zone are the same clock', () => {
  assert.ok(same('US/Eastern', 'America/New_York'));
  assert.ok(same('Asia/Calcutta', 'Asia/Kolkata'));
  assert.ok(same('Etc/UTC', 'UTC'));
});

test('zones that were apart for some weeks or years only are two clocks', () => {
  assert.ok(!same('America/New_York', 'America/Havana'));
  assert.ok(!same('America/New_York', 'America/Chicago'));
  assert.ok(!same('Europe/Istanbul', 'Europe/Athens'));
  assert.ok(!same('America/Phoenix', 'America/Denver'));
});
