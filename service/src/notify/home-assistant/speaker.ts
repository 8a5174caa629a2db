import { setTimeout } from 'node:timers/promises';
import { DeliveryError } from '../../channel.ts';
import type { HomeAssistantConnection } from './connection.ts';
import { Entity } from './entity.ts';
import type { EntityState } from './entity.ts';
import { playerOf } from './player.ts';
import type { Player } from './player.ts';
import type { SpeechLimits } from './speech-settings.ts';
import { Utterance } from './utterance.ts';
import type { PlayerVolume } from './volume.ts';
import { Late, within } from '../../runtime/within.ts';

type Report = (step: string) => void;

/** A media player that is listened to while it speaks. */
export class Speaker {
  readonly #connection: HomeAssistantConnection;
  readonly #id: string;
  readonly #volume: PlayerVolume;
  readonly #limits: SpeechLimits;

  constructor(connection: HomeAssistantConnection, id: string, volume: PlayerVolume, limits: SpeechLimits) {
    this.#connection = connection;
    this.#id = id;
    this.#volume = volume;
    this.#limits = limits;
  }

  /**
   * Has one message spoken, and listens until it has been; the volume is put back in each case.
   * @param call hands the message to the player
   * @param stop breaks off
   * @throws DeliveryError
   */
  async speak(call: () => Promise<void>, report: Report, stop: AbortSignal): Promise<string> {
    const { faults } = this.#connection;
    if (stop.aborted) throw faults.away('this side stops');
    const utterance = new Utterance(this.#limits.leastMs, this.#limits.graceMs);
    const { now, end } = await new Entity(this.#connection, this.#id).watch(
      (state) => {
        if (isThere(state)) utterance.hear(playerOf(state));
        else utterance.breakOff(this.#unavailable(state));
      },
      () => {
        utterance.breakOff(faults.away(`the connection went while ${this.#id} was to speak`, true));
      },
    );
    const done = new AbortController();
    const stopped = (): void => {
      utterance.breakOff(faults.away(`this side stops while ${this.#id} speaks`, true));
    };
    stop.addEventListener('abort', stopped, { signal: done.signal });
    try {
      const before = await this.#usable(now);
      report(`${this.#id} is ${before.state}`);
      await this.#volume.set(before, report);
      this.#audible(before);
      utterance.expect(before);
      void this.#refresh(utterance, done.signal);
      return await this.#follow(utterance, call(), report);
    } finally {
      done.abort();
      end();
      await this.#volume.restore(report);
    }
  }

  async #follow(utterance: Utterance, called: Promise<void>, report: Report): Promise<string> {
    const id = this.#id;
    const { startMs, endMs } = this.#limits;
    await Promise.race([utterance.begun, called]);
    // from here on the player tells; a call that goes on, or fails late, says nothing new
    called.catch(() => undefined);
    const player = await inTime(utterance.begun, startMs);
    if (player === undefined) throw this.#notSpoken(`it did not begin to play within ${startMs / 1000} s`);
    report(`${id} plays`);
    // many tell their volume only while they play
    await this.#volume.set(player, report);
    this.#audible(player);
    const heard = await inTime(utterance.ended, endMs);
    if (heard === undefined) {
      // where the speech is never made the player says that it plays, and waits for it
      await called;
      return `${id} began to play and tells of no end`;
    }
    const played = `${(heard.ms / 1000).toFixed(1)} s`;
    if (heard.kind === 'scrap') throw this.#notSpoken(`it played for at most ${played}`);
    return `${id} played for ${played}`;
  }

  /** Has Home Assistant ask the player: many are asked every 10 s only, and a failure is shorter than that. */
  async #refresh(utterance: Utterance, signal: AbortSignal): Promise<void> {
    const data = { entity_id: this.#id };
    while (!signal.aborted) {
      try {
        await this.#connection.adjust('homeassistant', 'update_entity', data);
        utterance.confirm(true);
      } catch (error) {
        if (error instanceof DeliveryError && error.faultClass === 'fatal') utterance.confirm(false);
      }
      await setTimeout(this.#limits.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #usable(state: EntityState | undefined): Promise<Player> {
    if (isThere(state)) return playerOf(state);
    // while Home Assistant starts, its players come one by one
    await this.#connection.version();
    throw this.#unavailable(state);
  }

  #audible({ muted, volume }: Player): void {
    const silent = muted || volume === 0;
    if (silent && !this.#volume.isSet)
      throw this.#notSpoken('it is muted: set home_assistant_volume, so that it is turned up for a message');
  }

  #unavailable(state: EntityState | undefined): DeliveryError {
    const code = state === undefined ? 'player_missing' : 'player_unavailable';
    const found = state === undefined ? 'no such entity' : 'it is unavailable: is it on, and in the network?';
    return this.#connection.faults.refused(code, `the player ${this.#id}`, found);
  }

  #notSpoken(found: string): DeliveryError {
    return this.#connection.faults.refused('not_spoken', `${this.#id} to speak`, found);
  }
}

const isThere = (state: EntityState | undefined): state is EntityState =>
  state !== undefined && state.state !== 'unavailable';

/** What comes in time, or undefined. */
async function inTime<T>(coming: Promise<T>, ms: number): Promise<T | undefined> {
  try {
    return await within(coming, ms);
  } catch (error) {
    if (error instanceof Late) return undefined;
    throw error;
  }
}
