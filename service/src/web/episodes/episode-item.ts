import type { Alert, Episode } from '../answers.ts';
import { button, element } from '../document/element.ts';
import { EpisodePicture } from './episode-picture.ts';
import type { Home } from '../home.ts';
import { failure, service } from '../service.ts';
import { DAY, HOUR } from '../document/notation.ts';
import { widened } from '../power/span.ts';

const MUTE_MS = 2 * HOUR;

/** One episode: its picture, what is known of it, what was told where, and the answers to it. */
export class EpisodeItem {
  readonly element = element('li', { class: 'episode' });
  readonly #home: Home;
  readonly #answered: () => void;
  readonly #title = element('h3');
  readonly #when = element('p');
  readonly #amounts = element('p');
  readonly #why = element('p', { class: 'quiet' });
  readonly #sent = element('ul', { class: 'sent' });
  readonly #answer = element('p', { class: 'answer', role: 'status' });
  readonly #buttons = element('div', { class: 'tools' });
  readonly #fine: HTMLButtonElement;
  readonly #spotted: HTMLButtonElement;
  readonly #mute: HTMLButtonElement;
  readonly #look: HTMLButtonElement;
  readonly #picture: EpisodePicture;
  #episode: Episode | undefined;
  /** Until when it was muted here. */
  #mutedUntil: number | undefined;
  #mutedSaid = '';

  /** @param answered called when an answer has been taken */
  constructor(home: Home, answered: () => void) {
    const { texts } = home;
    this.#home = home;
    this.#answered = answered;
    this.#fine = button(texts.episodes.fine, () => void this.#label('fine'));
    this.#spotted = button(texts.episodes.spotted, () => void this.#label('left_on'));
    this.#mute = button(texts.episodes.mute, () => void this.#muteNow());
    this.#look = button(texts.episodes.onDay, () => {
      const { from, to } = widened(this.#span(), 0.6);
      home.look(from, to);
    });
    this.#picture = new EpisodePicture(home);
    this.element.append(
      this.#picture.element,
      element(
        'div',
        {},
        ...[this.#title, this.#when, this.#amounts, this.#why, this.#buttons, this.#answer],
        element('details', {}, element('summary', {}, texts.episodes.sent), this.#sent),
      ),
    );
    this.#buttons.append(this.#fine, this.#spotted, this.#mute, this.#look);
  }

  /** @param alerts about it, oldest first */
  show(episode: Episode, alerts: readonly Alert[]): void {
    this.#episode = episode;
    const { texts, notation, now } = this.#home;
    const { episodes: told } = texts;
    const isUnusual = episode.kind === 'unusual';
    const since = Date.parse(episode.since);
    const until = episode.until === null ? null : Date.parse(episode.until);
    const power = episode.watts === null ? null : notation.power(episode.watts);
    set(this.#title, isUnusual && power !== null ? told.unusual(power) : told.silent);
    this.element.dataset.open = String(episode.open);
    const from = notation.moment(since, now);
    const when =
      until === null
        ? `${told.lasting(from, notation.duration((isUnusual ? this.#home.heard : now) - since))}${isUnusual ? `, ${told.open}` : ''}`
        : told.length(...notation.stretch(since, until, now), notation.duration(until - since));
    set(this.#when, when);
    const amounts = [
      episode.usual_watts === null ? null : told.usual(notation.power(episode.usual_watts)),
      (episode.open ? told.excessTold : told.excess)(notation.energy(episode.excess_wh)),
      episode.cost === null ? null : told.cost(notation.number(episode.cost, 2)),
      episode.score === null ? null : `${texts.now.score} ${notation.number(episode.score, 2)}`,
    ];
    set(this.#amounts, isUnusual ? amounts.filter((amount) => amount !== null).join(' · ') : '');
    set(this.#why, texts.told(episode.why));
    this.#buttons.hidden = !isUnusual;
    this.#mute.hidden = until !== null && now - until > DAY;
    this.#fine.setAttribute('aria-pressed', String(episode.label === 'fine'));
    this.#spotted.setAttribute('aria-pressed', String(episode.label === 'left_on'));
    this.#sayAnswer(episode);
    this.#tell(alerts);
    if (isUnusual) this.#picture.show(since, until);
  }

  /** A newer state: what was muted here may be over, or told again. */
  hear(): void {
    if (this.#episode !== undefined && this.#muted !== this.#mutedSaid) this.#sayAnswer(this.#episode);
  }

  #sayAnswer(episode: Episode): void {
    this.#mutedSaid = this.#muted;
    set(this.#answer, ...this.#answerTo(episode));
  }

  /** That it was muted here, while that holds. */
  get #muted(): string {
    const { state, now, notation, texts } = this.#home;
    const until = state.muted_until === null ? NaN : Date.parse(state.muted_until);
    const holds = until === this.#mutedUntil && until > now;
    return holds ? texts.episodes.mutedUntil(notation.moment(until, now)) : '';
  }

  /** What was answered, and what comes of it. */
  #answerTo({ label, learning }: Episode): (HTMLElement | string)[] {
    const { episodes: told } = this.#home.texts;
    if (label === null) return [this.#mutedSaid];
    const { refit } = this.#home.state;
    const said = `${label === 'fine' ? told.saidFine : told.saidLeftOn} `;
    if (learning === null) return [said, `${told.nextFit.never} `, this.#mutedSaid];
    if (refit === 'weekly') return [said, `${told.nextFit.weekly} `, this.#mutedSaid];
    const byItself = learning.by_itself ? ` ${told.nextFit.byItself} ` : ' ';
    return [said, `${told.nextFit.off} `, element('code', {}, learning.command), byItself, this.#mutedSaid];
  }

  #span(): { from: number; to: number } {
    const { since, until } = this.#episode ?? { since: '', until: null };
    return { from: Date.parse(since), to: until === null ? this.#home.heard : Date.parse(until) };
  }

  #tell(alerts: readonly Alert[]): void {
    const { texts, notation, now } = this.#home;
    const lines = alerts.map((alert) => {
      const [type = ''] = alert.event.split(' ');
      const events: Readonly<Record<string, string>> = texts.episodes.events;
      const at = alert.settled_at ?? alert.created_at;
      const parts = [
        `${alert.channel}: ${events[type] ?? type}`,
        `${texts.episodes.states[alert.state]} ${notation.moment(Date.parse(at), now)}`,
        alert.stands_in_for === null ? '' : texts.episodes.standsIn(alert.stands_in_for),
        alert.note === null ? '' : texts.told(alert.note),
      ];
      return parts.filter((part) => part !== '').join(', ');
    });
    const wanted = lines.length === 0 ? [texts.episodes.nothingSent] : lines;
    if (wanted.join('\n') === [...this.#sent.children].map(({ textContent }) => textContent).join('\n'))
      return;
    this.#sent.replaceChildren(...wanted.map((line) => element('li', {}, line)));
  }

  async #label(label: 'fine' | 'left_on'): Promise<void> {
    if (this.#episode === undefined) return;
    const { episode } = this.#episode;
    await this.#try(() => service.label(episode, label));
  }

  async #muteNow(): Promise<void> {
    const until = Math.trunc(this.#home.now) + MUTE_MS;
    await this.#try(async () => {
      await service.mute(until);
      this.#mutedUntil = until;
      this.#home.hear(await service.state());
    });
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      this.#answered();
    } catch (error) {
      set(this.#answer, failure(error, this.#home.texts));
    }
  }
}

/** Only what changes, so that it is not read out again. */
function set(target: HTMLElement, ...parts: readonly (HTMLElement | string)[]): void {
  const text = parts.map((part) => (typeof part === 'string' ? part : part.textContent)).join('');
  if (target.textContent !== text) target.replaceChildren(...parts);
}
