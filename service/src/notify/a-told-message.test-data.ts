import type { Message } from '../channel.ts';

/** An alert as the channels get it. */
export function aToldMessage(changes: Partial<Message> = {}): Message {
  return {
    id: '0123456789abcdef0123456789abcdef',
    severity: 'warning',
    title: 'Unusual power',
    text: '2.1 kW since 02:12, usually under 300 W – 4 kWh so far. Is something left on?',
    speech: 'Two point one kilowatts since twelve past two. Is something left on?',
    zone: 'Europe/Paris',
    records: [
      {
        v: 1,
        type: 'opened',
        episode: 'flat-7@2026-03-24T02:12:00Z',
        meter: 'flat-7',
        at: '2026-03-24T02:42:00Z',
        hour: 3,
        day: 2,
        watts: 2100,
        usual_watts: 300,
        score: 2.5,
        since: '2026-03-24T02:12:00Z',
        excess_wh: 900,
        why: 'More than ever at this hour.',
      },
    ],
    ...changes,
  };
}

/** For steps that nobody looks at. */
export const unheard = (): void => undefined;
