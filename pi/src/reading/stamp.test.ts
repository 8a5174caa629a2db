import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { START } from '../a-capture.test-data.ts';
import { Stamp, STEADY_BACK_MS, STEADY_MS } from './stamp.ts';

/** A machine: what its clocks tell, and a hand to set the wall clock. */
function aMachine(notBefore?: number) {
  const clock = { mono: 5_000, off: START };
  const stamp = new Stamp(
    () => clock.off + clock.mono,
    () => clock.mono,
    notBefore,
  );
  const pass = (ms: number): void => {
    clock.mono += ms;
  };
  const set = (ms: number): void => {
    clock.off += ms;
  };
  const wall = (): number => clock.off + clock.mono;
  return { stamp, pass, set, wall };
}

const second = fc.integer({ min: 100, max: 5_000 });
const longEnough = Math.ceil(STEADY_BACK_MS / 1_000) + 2;

describe('instants', () => {
  it('are those of a clock that drifts as a crystal does, and only go forward', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(second, fc.double({ min: -0.0005, max: 0.0005, noNaN: true }))),
        (steps) => {
          const { stamp, pass, set, wall } = aMachine();
          let last = stamp.now();
          for (const [ms, drift] of steps) {
            pass(ms);
            set(ms * drift);
            const at = stamp.now();
            assert.ok(at > last);
            assert.ok(Math.abs(at - wall()) <= 2, `${at - wall()} ms beside the clock`);
            last = at;
          }
          assert.equal(stamp.jumps, 0);
        },
      ),
    );
  });

  it('do not show a jump to and fro', () => {
    const jump = fc.integer({ min: 3_000, max: 1e9 });
    fc.assert(
      fc.property(jump, fc.boolean(), fc.array(second, { maxLength: 5 }), (size, back, steps) => {
        const { stamp, pass, set } = aMachine();
        const before = stamp.now();
        const offset = back ? -size : size;
        set(offset);
        let passed = 0;
        for (const ms of steps) {
          pass(ms);
          passed += ms;
          assert.equal(stamp.now(), before + passed);
        }
        set(-offset);
        pass(1_000);
        assert.equal(stamp.now(), before + passed + 1_000);
        assert.equal(stamp.jumps, 0);
      }),
    );
  });

  it('follow a clock that was set once it has stood for a while, and count it', () => {
    const jump = fc.integer({ min: 3_000, max: 1e9 });
    fc.assert(
      fc.property(jump, fc.boolean(), (size, back) => {
        const { stamp, pass, set, wall } = aMachine();
        stamp.now();
        set(back ? -size : size);
        for (let s = 0; s < longEnough; s++) {
          pass(1_000);
          stamp.now();
        }
        assert.equal(stamp.now(), wall() + 1);
        assert.equal(stamp.jumps, 1);
      }),
    );
  });

  it('take a clock that was set ahead sooner than one that was set back', () => {
    const { stamp, pass, set, wall } = aMachine();
    set(3_600_000);
    stamp.now();
    pass(STEADY_MS);
    assert.equal(stamp.now(), wall());
    set(-3_600_000);
    stamp.now();
    pass(STEADY_MS);
    assert.equal(stamp.now(), wall() + 3_600_000);
  });

  it('whatever the clock does differ from the time that passes only where it was believed', () => {
    const step = fc.tuple(second, fc.option(fc.integer({ min: -1e8, max: 1e8 }), { freq: 5 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { stamp, pass, set } = aMachine();
        let [last, jumps] = [stamp.now(), 0];
        for (const [ms, jump] of steps) {
          if (jump !== null) set(jump);
          pass(ms);
          const at = stamp.now();
          if (stamp.jumps === jumps) assert.ok(Math.abs(at - last - ms) <= ms * 0.05 + 1);
          [last, jumps] = [at, stamp.jumps];
        }
      }),
    );
  });

  it('of a machine that wakes in the past begin where the last ones ended', () => {
    const { stamp, pass, set, wall } = aMachine(START + 86_400_000);
    assert.ok(stamp.now() >= START + 86_400_000);
    set(2 * 86_400_000);
    stamp.now();
    pass(STEADY_MS);
    assert.equal(stamp.now(), wall());
  });
});
