import { formatUtc } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { LastEpisode, MeterView } from './meter-view.ts';
import type { Topics } from './topics.ts';

/** Home Assistant's word for a state that is not known. */
const UNKNOWN = 'None';

/** How a meter stands, payloads by topic. What is not known is never a number. */
export function statesOf(view: MeterView, topics: Topics): ReadonlyMap<string, string> {
  const { meter, score, watts, usualWatts, lastEpisode } = view;
  // without one there is nothing to tell, and a time has no word for unknown in every version of Home Assistant
  const episode: [string, string][] =
    lastEpisode === null
      ? []
      : [
          [topics.attributes(meter, 'last_episode'), JSON.stringify(attributesOf(lastEpisode))],
          [topics.state(meter, 'last_episode'), formatUtc(lastEpisode.since)],
        ];
  return new Map([
    // first: an automation that hears that something is unusual asks at once what it is
    ...episode,
    [topics.state(meter, 'score'), score.known ? rounded(score.score, 3) : UNKNOWN],
    [topics.attributes(meter, 'score'), JSON.stringify({ why_unknown: score.known ? null : score.why })],
    [topics.state(meter, 'power'), rounded(watts, 1)],
    [topics.state(meter, 'usual_power'), rounded(usualWatts, 1)],
    [topics.state(meter, 'unusual'), unusual(view)],
    [topics.state(meter, 'meter_silent'), view.silentSince === null ? 'OFF' : 'ON'],
  ]);
}

/** Off only where it is known that nothing is unusual. */
function unusual({ phase, score }: MeterView): string {
  if (phase === 'open') return 'ON';
  return score.known ? 'OFF' : UNKNOWN;
}

function attributesOf(episode: LastEpisode): object {
  const instant = (at: Instant | null): string | null => (at === null ? null : formatUtc(at));
  return {
    episode: episode.episode,
    since: instant(episode.since),
    until: instant(episode.until),
    open: episode.open,
    excess_kwh: Number((episode.excess_wh / 1000).toFixed(3)),
    why: episode.why,
  };
}

function rounded(value: number | null, digits: number): string {
  return value === null || !Number.isFinite(value) ? UNKNOWN : String(Number(value.toFixed(digits)));
}
