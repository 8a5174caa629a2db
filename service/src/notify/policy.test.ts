import { HOUR, MINUTE, Zone } from '@lefton/core';
import type { AnomalyType } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChannelName, Severity } from '../channel.ts';
import { judge, severityOf } from './policy.ts';
import type { Circumstances, Judgement } from './policy.ts';
import { defaultRules } from './rules.ts';
import type { ChannelRules } from './rules.ts';

const paris = new Zone('Europe/Paris');
/** Tuesday 24 March 2026, by the clock of Paris. */
const local = (clock: string, day = 24): number => Date.parse(`2026-03-${day}T${clock}:00+01:00`);
const NOTHING: Circumstances = {
  mutedUntil: null,
  away: false,
  label: null,
  overtaken: false,
  lastOnset: null,
  lastHour: [],
  thisMonth: 0,
};

interface Case {
  readonly it: string;
  readonly on: ChannelName;
  readonly type?: AnomalyType;
  readonly severity?: Severity;
  /** Of the event, by the clock. */
  readonly at?: string;
  /** Now, by the clock; the same as `at` where it is not said. */
  readonly now?: string;
  readonly standsIn?: boolean;
  readonly rules?: Partial<ChannelRules>;
  readonly seen?: Partial<Circumstances>;
  /** `tell`, or the act and why; a hold with its end. */
  readonly then: string;
}

const told = (clock: string, severity: Severity = 'warning') => ({ toldAt: local(clock), severity });
const hourBefore = (clock: string, ...minutes: number[]): number[] =>
  minutes.map((minute) => local(clock) - minute * MINUTE);

const CASES: readonly Case[] = [
  { it: 'an onset is told at once', on: 'phone', then: 'tell' },
  { it: 'a reminder too', on: 'phone', type: 'still_on', then: 'tell' },
  { it: 'and the all-clear', on: 'phone', type: 'closed', severity: 'info', then: 'tell' },
  { it: 'a silent meter', on: 'phone', type: 'meter_silent', then: 'tell' },
  {
    it: 'the speaker does not speak of what is over',
    on: 'speech',
    type: 'closed',
    severity: 'info',
    then: 'drop: less than warning',
  },
  { it: 'the speaker speaks by day', on: 'speech', at: '16:00', then: 'tell' },
  // needs.md 53: 02:15, medium is for the phone only, critical is spoken
  { it: 'need 53: at 02:15 a warning is for the phone', on: 'phone', at: '02:15', then: 'tell' },
  {
    it: 'need 53: and not for the speaker',
    on: 'speech',
    at: '02:15',
    then: 'drop: quiet hours, and too old after that',
  },
  {
    it: 'need 53: what is critical is spoken all the same',
    on: 'speech',
    at: '02:15',
    severity: 'critical',
    then: 'tell',
  },
  {
    it: 'quiet hours hold what is still fresh after them',
    on: 'phone',
    at: '02:15',
    rules: { quietHours: { from: 22 * 60, to: 7 * 60 } },
    then: 'hold: quiet hours until 07:00',
  },
  {
    it: 'a quarter of an hour before they end, also for the speaker',
    on: 'speech',
    at: '06:50',
    then: 'hold: quiet hours until 07:00',
  },
  { it: 'at their end they are over', on: 'speech', at: '06:50', now: '07:00', then: 'tell' },
  {
    it: 'what is too old is not spoken',
    on: 'speech',
    at: '15:00',
    now: '15:16',
    then: 'expire: too old to be told',
  },
  { it: 'and is still news on the phone', on: 'phone', at: '03:00', now: '14:00', then: 'tell' },
  {
    it: 'until half a day later',
    on: 'phone',
    at: '03:00',
    now: '15:01',
    then: 'expire: too old to be told',
  },
  { it: 'muted is muted', on: 'phone', seen: { mutedUntil: local('18:00') }, then: 'drop: muted' },
  {
    it: 'also what is critical',
    on: 'phone',
    severity: 'critical',
    seen: { mutedUntil: local('18:00') },
    then: 'drop: muted',
  },
  {
    it: 'a silent meter is told when the mute ends, as it is told once only',
    on: 'phone',
    type: 'meter_silent',
    seen: { mutedUntil: local('18:00') },
    then: 'hold: muted until 18:00',
  },
  {
    it: 'however long that is',
    on: 'speech',
    type: 'meter_silent',
    at: '08:00',
    now: '15:00',
    seen: { mutedUntil: local('18:00') },
    then: 'hold: muted until 18:00',
  },
  {
    it: 'the speaker tells in the morning that the meter fell silent at night',
    on: 'speech',
    type: 'meter_silent',
    at: '02:15',
    then: 'hold: quiet hours until 07:00',
  },
  { it: 'as it still is', on: 'speech', type: 'meter_silent', at: '02:15', now: '07:00', then: 'tell' },
  {
    it: 'and who comes home hears of it',
    on: 'speech',
    type: 'meter_silent',
    at: '15:00',
    now: '16:00',
    seen: { away: true },
    then: 'hold: nobody is at home until 16:01',
  },
  {
    it: 'a mute that is over counts no longer',
    on: 'phone',
    seen: { mutedUntil: local('16:00') },
    then: 'tell',
  },
  {
    it: 'the speaker is silent while nobody is at home',
    on: 'speech',
    at: '16:00',
    seen: { away: true },
    then: 'drop: nobody is at home',
  },
  { it: 'the phone is with them', on: 'phone', seen: { away: true }, then: 'tell' },
  {
    it: 'what was fine is not brought up again',
    on: 'phone',
    type: 'still_on',
    seen: { label: 'fine' },
    then: 'drop: answered: that was fine',
  },
  { it: 'what was left on is', on: 'phone', type: 'still_on', seen: { label: 'left_on' }, then: 'tell' },
  {
    it: 'an event that came too late for its turn is told by the newer one',
    on: 'phone',
    seen: { overtaken: true },
    then: 'drop: a newer event of the episode took its place',
  },
  { it: 'the terminal shows each', on: 'console', seen: { overtaken: true }, then: 'tell' },
  { it: 'a machine gets each', on: 'webhook', seen: { overtaken: true }, then: 'tell' },
  {
    it: 'need 52: a second episode of a meter waits',
    on: 'phone',
    seen: { lastOnset: told('15:50') },
    then: 'hold: soon after another until 16:20',
  },
  { it: 'need 52: the waiting has an end', on: 'phone', seen: { lastOnset: told('15:30') }, then: 'tell' },
  {
    it: 'need 52: but not what matters more',
    on: 'speech',
    severity: 'critical',
    seen: { lastOnset: told('15:50') },
    then: 'tell',
  },
  {
    it: 'need 52: that waits for its like only',
    on: 'phone',
    severity: 'critical',
    seen: { lastOnset: told('15:50', 'critical') },
    then: 'hold: soon after another until 16:20',
  },
  {
    it: 'need 52: a reminder does not wait for that',
    on: 'phone',
    type: 'still_on',
    seen: { lastOnset: told('15:50') },
    then: 'tell',
  },
  {
    it: 'need 52: no more than so many in an hour',
    on: 'phone',
    seen: { lastHour: hourBefore('16:00', 50, 40, 30, 20, 10, 5) },
    then: 'hold: 6 in an hour until 16:10',
  },
  {
    it: 'need 52: where there were more, as after a change of settings, until so many have passed',
    on: 'phone',
    rules: { mostPerHour: 2 },
    seen: { lastHour: hourBefore('16:00', 50, 40, 30) },
    then: 'hold: 2 in an hour until 16:20',
  },
  {
    it: 'when the month is full another channel tells',
    on: 'pushbullet',
    seen: { thisMonth: 100 },
    then: 'hand_over: 100 messages this month',
  },
  {
    it: 'what matters less than a channel takes is not told there',
    on: 'phone',
    rules: { severity: 'critical' },
    then: 'drop: less than critical',
  },
  {
    it: 'unless it stands in for one that failed',
    on: 'phone',
    rules: { severity: 'critical' },
    standsIn: true,
    then: 'tell',
  },
  {
    it: 'a stand-in that sleeps lets the next one tell',
    on: 'speech',
    at: '02:15',
    standsIn: true,
    then: 'hand_over: quiet hours, and too old after that',
  },
  {
    it: 'also where nobody is at home',
    on: 'speech',
    standsIn: true,
    seen: { away: true },
    then: 'hand_over: nobody is at home',
  },
  {
    it: 'or where it came too late',
    on: 'speech',
    at: '15:00',
    now: '15:16',
    standsIn: true,
    then: 'hand_over: too old to be told',
  },
  {
    it: 'or there is a digest',
    on: 'phone',
    rules: { severity: 'critical', digestAt: 20 * 60 },
    then: 'hold: for the digest until 20:00',
  },
  {
    it: 'whose time comes',
    on: 'phone',
    rules: { severity: 'critical', digestAt: 20 * 60, maxAgeMs: HOUR },
    now: '20:00',
    then: 'tell',
  },
  {
    it: 'the digest keeps the quiet hours',
    on: 'phone',
    rules: { severity: 'critical', digestAt: 20 * 60, quietHours: { from: 19 * 60, to: 21 * 60 } },
    now: '20:00',
    then: 'hold: quiet hours until 21:00',
  },
];

function outcomeOf(judgement: Judgement): string {
  if (judgement.act === 'tell') return 'tell';
  const end = judgement.act === 'hold' ? ` until ${paris.format(judgement.until).slice(11, 16)}` : '';
  return `${judgement.act}: ${judgement.why}${end}`;
}

describe('the policy', () => {
  for (const { it: title, on, then, ...rest } of CASES) {
    it(`${title} (${on})`, () => {
      const { type = 'opened', severity = 'warning', at = '16:00', standsIn = false } = rest;
      const event = { type, at: local(at) };
      const rules = { ...defaultRules[on], ...rest.rules };
      const seen = { ...NOTHING, ...rest.seen };
      const waiting = { event, severity, createdAt: local(at), standsIn };
      assert.equal(outcomeOf(judge(waiting, rules, seen, paris, local(rest.now ?? at))), then);
    });
  }

  it('has the digest at its time on the clock of a replay, too', () => {
    const at = local('16:00');
    const rules: ChannelRules = { ...defaultRules.phone, severity: 'critical', digestAt: 20 * 60 };
    const waiting = {
      event: { type: 'opened', at },
      severity: 'warning',
      createdAt: at + 200 * 24 * HOUR,
      standsIn: false,
    } as const;
    const outcome = (now: number): string => outcomeOf(judge(waiting, rules, NOTHING, paris, now));
    assert.equal(outcome(at), 'hold: for the digest until 20:00');
    assert.equal(outcome(local('20:00')), 'tell');
  });

  it('has 1 message for 60 onsets of one meter within 60 seconds (need 52)', () => {
    const told: number[] = [];
    for (let second = 0; second < 60; second++) {
      const at = local('16:00') + second * 1000;
      const last = told.at(-1);
      const seen = {
        ...NOTHING,
        lastOnset: last === undefined ? null : { toldAt: last, severity: 'warning' as const },
        lastHour: told,
      };
      const waiting = {
        event: { type: 'opened', at },
        severity: 'warning',
        createdAt: at,
        standsIn: false,
      } as const;
      if (judge(waiting, defaultRules.phone, seen, paris, at).act === 'tell') told.push(at);
    }
    assert.equal(told.length, 1);
  });
});

describe('the severity of an event', () => {
  const event = { type: 'opened', at: local('16:00'), watts: 2100, usualWatts: 200 } as unknown as Parameters<
    typeof severityOf
  >[0];
  const of = (change: object, away: { from: number; to: number }[] = []): Severity =>
    severityOf({ ...event, ...change }, 3000, { away });

  it('warns of what is unusual or silent, and informs of what is over', () => {
    assert.equal(of({}), 'warning');
    assert.equal(of({ type: 'still_on' }), 'warning');
    assert.equal(of({ type: 'meter_silent', watts: null, usualWatts: null }), 'warning');
    assert.equal(of({ type: 'closed' }), 'info');
    assert.equal(of({ type: 'meter_back' }), 'info');
  });

  it('is critical for much power, and while nobody is at home', () => {
    assert.equal(of({ watts: 3200 }), 'critical');
    assert.equal(of({ watts: 3199 }), 'warning');
    assert.equal(of({}, [{ from: local('15:00'), to: local('17:00') }]), 'critical');
    assert.equal(of({ type: 'closed', watts: 3200 }), 'info');
  });
});
