import type { MeterState } from './answers.ts';
import { button, element } from './document/element.ts';
import type { Home } from './home.ts';
import type { Panel } from './panel.ts';
import { failure, service } from './service.ts';

const TICK_MS = 1_000;

type Standing = 'usual' | 'watching' | 'unusual' | 'unknown' | 'silent';
/** Beside the colour, so that none is needed to tell them apart. */
const SIGNS: Readonly<Record<Standing, string>> = {
  usual: '✓',
  watching: '△',
  unusual: '!',
  unknown: '?',
  silent: '–',
};

/** Power, usual power, score in a word and a number, the health of the meter, and what the model knows. */
export const now: Panel = {
  id: 'now',
  title: (texts) => texts.now.title,
  fill(root, home) {
    const word = element('p', { class: 'standing', role: 'status' });
    const since = element('p', { class: 'since' });
    const facts = element('dl', { class: 'facts' });
    const muted = element('p', { class: 'muted', hidden: true });
    const health = element('dd');
    root.append(word, since, facts, muted);
    const show = (): void => {
      const { texts, meter } = home;
      const standing = standingOf(meter);
      const said = texts.now.words[standing];
      // said aloud only when it changes
      if (word.dataset.standing !== standing || !word.textContent.includes(said)) {
        word.dataset.standing = standing;
        word.replaceChildren(
          element('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[standing]),
          said,
        );
      }
      since.textContent = sinceOf(home, standing) ?? '';
      facts.replaceChildren(
        ...factsOf(home).flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
        element('dt', {}, texts.now.reading),
        health,
      );
      tick();
      showMuted(muted, home);
    };
    const tick = (): void => {
      health.textContent = healthOf(home);
    };
    home.on('state', show);
    home.on('meter', show);
    setInterval(tick, TICK_MS);
    show();
  },
};

/** How a meter stands, in one word. */
function standingOf({ silent_since, score, phase }: MeterState): Standing {
  if (silent_since !== null) return 'silent';
  if (phase === 'open') return 'unusual';
  if (!score.known) return 'unknown';
  return phase === 'suspect' || score.score >= 1 ? 'watching' : 'usual';
}

function sinceOf(home: Home, standing: Standing): string | null {
  const { meter, notation, texts, now } = home;
  const { score, last_episode: last, silent_since } = meter;
  const from = (at: string | null): string | null =>
    at === null
      ? null
      : texts.now.since(notation.moment(Date.parse(at), now), notation.duration(now - Date.parse(at)));
  switch (standing) {
    case 'silent':
      return from(silent_since);
    case 'unusual':
      return from(last?.open === true ? last.since : null);
    case 'usual':
      return from(last?.until ?? null);
    case 'unknown':
      return score.known ? null : texts.told(score.why);
    case 'watching':
      return null;
  }
}

function factsOf(home: Home): [string, string][] {
  const { texts, notation, meter } = home;
  const { score, model } = meter;
  const rows: [string, string][] = [];
  if (score.known) {
    rows.push([texts.now.power, notation.power(score.watts)]);
    if (score.usual_watts !== null) rows.push([texts.now.usual, notation.power(score.usual_watts)]);
    rows.push([texts.now.score, texts.now.scoreOf(notation.number(score.score, 2))]);
  }
  const days = notation.number(model.days, 0);
  const until = notation.date(Date.parse(model.fitted_until));
  const learned = model.mode === 'learning' ? texts.now.learning(days) : texts.now.ready(days, until);
  const quality =
    model.quality === null
      ? texts.now.unmeasured
      : texts.now.quality(
          notation.number(model.quality.alerts_per_30_days, 1),
          notation.number(model.quality.held_out_days, 0),
        );
  const kind = model.kind === 'min-max' ? `${texts.now.table}, ` : '';
  rows.push([texts.now.model, `${kind}${learned}; ${quality}`]);
  return rows;
}

function healthOf({ meter, state, now, notation, texts }: Home): string {
  if (meter.newest_at === null) return texts.now.never;
  const at = Date.parse(meter.newest_at);
  return state.simulated
    ? texts.now.at(notation.moment(at, now))
    : texts.now.ago(notation.duration(now - at));
}

function showMuted(root: HTMLElement, home: Home): void {
  const { state, texts, notation, now } = home;
  const until = state.muted_until === null ? NaN : Date.parse(state.muted_until);
  const text = until > now ? texts.now.muted(notation.moment(until, now)) : '';
  if (root.dataset.text === text) return;
  root.dataset.text = text;
  root.hidden = text === '';
  root.replaceChildren(
    text,
    ' ',
    button(texts.now.unmute, () => {
      service.mute(null).catch((error: unknown) => {
        root.append(failure(error, texts));
      });
    }),
  );
}
