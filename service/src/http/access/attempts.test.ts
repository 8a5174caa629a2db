import { MINUTE } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SetClock, START } from '../../a-service.test-data.ts';
import { Attempts, networkOf } from './attempts.ts';

const LIMITS = { withinMs: 10 * MINUTE, each: 3, all: 5 };

const fail = (attempts: Attempts, address: string, times: number): void => {
  for (let i = 0; i < times; i++) attempts.failed(address);
};

describe('wrong tokens', () => {
  it('may be tried by an address a few times, then it waits until the time since the first is over', () => {
    const clock = new SetClock();
    const attempts = new Attempts(clock, LIMITS);
    fail(attempts, '10.0.0.1', 2);
    assert.equal(attempts.wait('10.0.0.1'), 0);
    clock.at = START + MINUTE;
    fail(attempts, '10.0.0.1', 1);
    assert.equal(attempts.wait('10.0.0.1'), 9 * MINUTE);
    assert.equal(attempts.wait('10.0.0.2'), 0);
    clock.at = START + 10 * MINUTE;
    assert.equal(attempts.wait('10.0.0.1'), 0);
  });

  it('are counted together as well, which locks out nobody who had the right one', () => {
    const clock = new SetClock();
    const attempts = new Attempts(clock, LIMITS);
    attempts.succeeded('10.0.0.9');
    for (const last of [1, 2, 3, 4, 5]) fail(attempts, `10.0.0.${last}`, 1);
    assert.equal(attempts.wait('10.0.0.6'), 10 * MINUTE);
    assert.equal(attempts.wait('10.0.0.9'), 0);
    clock.at = START + 10 * MINUTE;
    assert.equal(attempts.wait('10.0.0.6'), 0);
    fail(attempts, '10.0.0.6', 1);
    assert.equal(attempts.wait('10.0.0.7'), 0);
  });

  it('are forgotten with the right one', () => {
    const attempts = new Attempts(new SetClock(), LIMITS);
    fail(attempts, '10.0.0.1', 2);
    attempts.succeeded('10.0.0.1');
    fail(attempts, '10.0.0.1', 2);
    assert.equal(attempts.wait('10.0.0.1'), 0);
  });

  it('keep nobody out for longer when the clock is set back', () => {
    const clock = new SetClock();
    const attempts = new Attempts(clock, LIMITS);
    fail(attempts, '10.0.0.1', 3);
    clock.at = START - 60 * MINUTE;
    assert.equal(attempts.wait('10.0.0.1'), 0);
  });
});

describe('the network of an address', () => {
  for (const [address, network] of [
    ['192.168.1.5', '192.168.1.5'],
    ['::ffff:192.168.1.5', '192.168.1.5'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ] as const)
    it(`of ${address === '' ? 'nobody' : address} is ${network === '' ? 'none' : network}`, () => {
      assert.equal(networkOf(address), network);
    });
});
