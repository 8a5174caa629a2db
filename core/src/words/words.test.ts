import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AnomalyEvent } from '../event.ts';
import { DAY, HOUR } from '../time.ts';
import { watts, wattHours } from '../units.ts';
import { Zone } from '../zone.ts';
import { AMSTERDAM, EVENTS, OPENED, SILENT } from './an-event.test-data.ts';
import { spell as german } from './de.ts';
import { spell as english } from './en.ts';
import { spell as french } from './fr.ts';
import { LANGUAGES, wordsIn } from './words.ts';

const CHANGES = [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1), Date.UTC(2026, 3, 4, 15)];
const instant = fc.oneof(
  fc.integer({ min: Date.UTC(1990, 0, 2), max: Date.UTC(2199, 0, 1) }),
  ...CHANGES.map((change) => fc.integer({ min: change - 3 * HOUR, max: change + 3 * HOUR })),
);
const zone = fc.constantFrom(
  ...['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC'].map(
    (name) => new Zone(name),
  ),
);
/** Also what no meter can show. */
const number = fc.oneof(
  fc.double({ min: -30_000, max: 30_000, noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    -0.4,
    0.5,
    1,
    99.5,
    100,
    999.99,
    1000,
    1e8,
    999_999_999,
    1e21,
    -1e300,
    NaN,
    Infinity,
  ),
);
const event: fc.Arbitrary<AnomalyEvent> = fc
  .record({
    type: fc.constantFrom('opened', 'still_on', 'closed', 'meter_silent', 'meter_back'),
    episode: fc.string({ minLength: 1 }),
    meter: fc.string({ minLength: 1 }),
    at: instant,
    hour: fc.integer({ min: 0, max: 23 }),
    day: fc.integer({ min: 1, max: 7 }),
    watts: fc.option(number.map(watts)),
    meanWatts: fc.option(number.map(watts)),
    usualWatts: fc.option(number.map(watts)),
    score: fc.option(number),
    ago: fc.oneof(fc.integer({ min: -HOUR, max: 9 * DAY }), fc.integer({ min: 0, max: 3650 * DAY })),
    until: fc.option(instant),
    longestMs: fc.option(fc.integer({ min: 0, max: DAY })),
    excessWh: number.map(wattHours),
    cost: fc.option(number),
    why: fc.string({ minLength: 1 }),
  })
  .map(({ ago, ...rest }) => ({ ...rest, since: Math.max(rest.at - ago, Date.UTC(1990, 0, 1)) }));
const language = fc.constantFrom(...LANGUAGES);

const NOT_WORDS = /NaN|undefined|null\b|Infinity|\be\+?\d/;
/** Letters and what makes a voice pause; a sign stands only at the end of a word. */
const SPOKEN = /^(?:\p{L}+(?:['-]\p{L}+)*(?: ?[.,:?])? ?)+$/u;
const UNIT = /(?<!\p{L})(?:k?Wh?|h|min|Std|Min|kw|kwh)(?!\p{L})/u;

describe('the words of every language', () => {
  it('are spoken without a digit, a sign or a unit that a voice would have to guess', () => {
    fc.assert(
      fc.property(language, fc.array(event, { minLength: 1, maxLength: 6 }), zone, (code, events, where) => {
        const speech = wordsIn(code).speech(events, where);
        assert.match(speech, SPOKEN);
        assert.doesNotMatch(speech, UNIT);
        assert.doesNotMatch(speech, /NaN|undefined|Infinity/i);
        if (code !== 'de') assert.doesNotMatch(speech, /\bnull\b/);
        assert.doesNotMatch(speech, / {2}|^ | $/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are read below 300 characters for one event, below 1000 for fifty, and in a few for the head', () => {
    const some = fc.oneof(
      event.map((one) => [one]),
      fc.array(event, { minLength: 2, maxLength: 50 }),
    );
    fc.assert(
      fc.property(language, some, zone, (code, events, where) => {
        const { title, text } = wordsIn(code);
        const said = text(events, where);
        assert.ok(said.length < (events.length === 1 ? 300 : 1000), `${said.length}: ${said}`);
        assert.ok(title(events).length <= 40, title(events));
        const named = text(events, where, undefined, () => 'n'.repeat(64));
        assert.ok(named.length < (events.length === 1 ? 300 : 1000), `${named.length}: ${named}`);
        for (const each of [said, title(events)]) {
          assert.doesNotMatch(each, NOT_WORDS);
          assert.doesNotMatch(each, / {2}|^ | $/m);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('count what a digest has no room for, and tell the newest', () => {
    for (const code of LANGUAGES) {
      const lines = wordsIn(code)
        .text([...Array<AnomalyEvent>(49).fill(OPENED), SILENT], AMSTERDAM)
        .split('\n');
      assert.equal(lines.length, 9);
      assert.match(lines[8] ?? '', /42/);
      assert.equal(lines[7], wordsIn(code).text([OPENED, SILENT], AMSTERDAM).split('\n')[1]);
    }
  });

  it('name the day of what is told late', () => {
    const late = SILENT.at + 2 * DAY;
    const { text, speech } = wordsIn('en');
    const day = /since [A-Z][a-z]+day /;
    assert.doesNotMatch(text([SILENT], AMSTERDAM), day);
    for (const told of [
      text([SILENT], AMSTERDAM, late),
      speech([SILENT], AMSTERDAM, late),
      text([SILENT, SILENT], AMSTERDAM, late),
    ])
      assert.match(told, day);
  });

  it('needs 57: nothing personal is in them: no meter, no episode, no reason, whatever these are', () => {
    const personal = fc.record({ meter: fc.string(), episode: fc.string(), why: fc.string() });
    fc.assert(
      fc.property(
        language,
        fc.array(event, { minLength: 1 }),
        personal,
        zone,
        (code, events, theirs, where) => {
          const { title, text, speech } = wordsIn(code);
          const others = events.map((each) => ({ ...each, ...theirs }));
          assert.equal(title(others), title(events));
          assert.equal(text(others, where), text(events, where));
          assert.equal(speech(others, where), speech(events, where));
        },
      ),
    );
    const theirs = {
      meter: 'Anna Schmidt, flat 3',
      episode: 'Anna Schmidt@2026-03-24T02:12:00Z',
      why: 'Anna',
    };
    for (const code of LANGUAGES) {
      const { title, text, speech } = wordsIn(code);
      for (const events of [...EVENTS.map((each) => [each]), EVENTS]) {
        const others = events.map((each) => ({ ...each, ...theirs }));
        const all = [title(others), text(others, AMSTERDAM), speech(others, AMSTERDAM)].join(' ');
        assert.doesNotMatch(all, /Anna|flat|Amsterdam|Europe|@/);
      }
    }
  });

  it('spell each number from 0 to 9999 once, in letters', () => {
    for (const spell of [english, german, french]) {
      const all = Array.from({ length: 10_000 }, (_, n) => spell(n));
      assert.equal(new Set(all).size, 10_000);
      for (const words of all) assert.match(words, /^\p{Ll}+(?:[ -]\p{Ll}+)*$/u);
    }
  });

  it('say no number that no home can have', () => {
    const huge = {
      ...OPENED,
      watts: watts(1e12),
      meanWatts: watts(NaN),
      usualWatts: watts(NaN),
      excessWh: wattHours(-5),
      cost: Infinity,
    };
    assert.equal(
      wordsIn('en').text([{ ...huge, longestMs: null }], AMSTERDAM),
      'Unusual power since 03:12. Is something still on? Worth a look.',
    );
  });

  it('have all their names, and a test that says it is one', () => {
    for (const code of LANGUAGES) {
      const { language: own, answers, entities, test } = wordsIn(code);
      assert.equal(own, code);
      const short = [...Object.values(answers), ...Object.values(entities)];
      assert.equal(new Set(short).size, short.length);
      assert.ok(short.every((name) => name !== '' && name.length <= 25));
      assert.match(test.text, /\btest\b/i);
      assert.match(test.speech, SPOKEN);
      // in most voices the name sounds like two words of the sentence, or like none
      assert.doesNotMatch(test.speech, /LeftOn/);
    }
  });
});
