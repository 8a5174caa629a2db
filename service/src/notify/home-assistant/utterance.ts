import type { Player } from './player.ts';

/** What is heard of one message on its player. */
export type Heard =
  | { readonly kind: 'nothing' }
  /** It began to play, and goes on; since: of Home Assistant's clock, in ms. sure: asked long enough after, it still did. */
  | { readonly kind: 'playing'; readonly since: number; readonly sure: boolean }
  /** It stopped, after at most so long, before anybody could have understood a word; some players begin again. */
  | { readonly kind: 'scrap'; readonly ms: number }
  | { readonly kind: 'spoken'; readonly ms: number };
type Ended = Extract<Heard, { ms: number }>;

/**
 * What is heard after the next state of the player.
 * @param before the player when the message was sent: sound that went on before is not the message
 * @param leastMs what plays shorter is no speech
 */
export function hear(heard: Heard, player: Player, before: Player, leastMs: number): Heard {
  const sounds = player.playing && !(before.playing && player.media === before.media);
  switch (heard.kind) {
    case 'nothing':
    case 'scrap':
      return sounds ? { kind: 'playing', since: player.at, sure: false } : heard;
    case 'playing': {
      if (sounds || player.state === 'buffering') return heard;
      const ms = player.at - heard.since;
      // where a player is asked now and then, it may have stopped right after it was asked
      return ms >= leastMs && heard.sure ? { kind: 'spoken', ms } : { kind: 'scrap', ms };
    }
    case 'spoken':
      return heard;
  }
}

/** Listens to a player until a message has been spoken. */
export class Utterance {
  readonly #leastMs: number;
  readonly #graceMs: number;
  readonly #begun = Promise.withResolvers<Player>();
  readonly #ended = Promise.withResolvers<Ended>();
  #before: Player | undefined;
  #heard: Heard = { kind: 'nothing' };
  #grace: NodeJS.Timeout | undefined;
  /** When it was seen to begin, of this side's clock. */
  #begunMs = 0;

  /**
   * @param leastMs what plays shorter is no speech
   * @param graceMs how long a player that stopped at once may take to begin again
   */
  constructor(leastMs: number, graceMs: number) {
    this.#leastMs = leastMs;
    this.#graceMs = graceMs;
    // whoever waits hears of it; nobody may be waiting yet
    this.#begun.promise.catch(() => undefined);
    this.#ended.promise.catch(() => undefined);
  }

  /** Resolves when the player plays something that it did not play before. */
  get begun(): Promise<Player> {
    return this.#begun.promise;
  }

  /** Resolves with `spoken`, or with `scrap` when the player stopped too soon. */
  get ended(): Promise<Ended> {
    return this.#ended.promise;
  }

  /** From now on the message may be heard. */
  expect(before: Player): void {
    this.#before = before;
  }

  hear(player: Player): void {
    if (this.#before === undefined) return;
    const heard = hear(this.#heard, player, this.#before, this.#leastMs);
    if (heard === this.#heard) return;
    this.#heard = heard;
    clearTimeout(this.#grace);
    if (heard.kind === 'playing') {
      this.#begunMs = performance.now();
      this.#begun.resolve(player);
    }
    if (heard.kind === 'spoken') this.#ended.resolve(heard);
    if (heard.kind === 'scrap') {
      this.#grace = setTimeout(() => {
        this.#ended.resolve(heard);
      }, this.#graceMs);
    }
  }

  /** The player was asked just now, or cannot be asked: what was heard of it last is how it stands. */
  confirm(askable: boolean): void {
    if (this.#heard.kind !== 'playing') return;
    const longEnough = performance.now() - this.#begunMs >= this.#leastMs;
    if (longEnough || !askable) this.#heard = { ...this.#heard, sure: true };
  }

  /** Nothing more can be heard. */
  breakOff(why: Error): void {
    clearTimeout(this.#grace);
    this.#begun.reject(why);
    this.#ended.reject(why);
  }
}
