import { messageOf } from '@lefton/core';
import { setTimeout } from 'node:timers/promises';
import { DeliveryError } from '../../channel.ts';
import type { Log } from '../../telemetry/log.ts';
import type { HomeAssistantConnection } from './connection.ts';
import { Entity } from './entity.ts';
import type { Player } from './player.ts';

const AGAIN_MS = 2_000;
/** Players round. */
const SAME = 0.02;

/** How the player stood before a message. */
interface Before {
  readonly volume: number;
  readonly muted: boolean;
}

/** The volume of one player: set for a message, and put back whatever happens. */
export class PlayerVolume {
  readonly #connection: HomeAssistantConnection;
  readonly #player: string;
  readonly #wanted: number | null;
  readonly #restoreMs: number;
  readonly #log: Log;
  #before: Before | undefined;
  #later = new AbortController();

  /**
   * @param wanted 0..1; null leaves it alone
   * @param restoreMs how long it is tried to put the volume back while the player or Home Assistant is away
   */
  constructor(
    connection: HomeAssistantConnection,
    player: string,
    wanted: number | null,
    restoreMs: number,
    log: Log,
  ) {
    this.#connection = connection;
    this.#player = player;
    this.#wanted = wanted;
    this.#restoreMs = restoreMs;
    this.#log = log;
  }

  /** It is ours for now. */
  get isSet(): boolean {
    return this.#before !== undefined;
  }

  /**
   * Sets the volume where the player tells what it was; else nothing: it could not be put back.
   * @throws DeliveryError
   */
  async set(player: Player, report: (step: string) => void): Promise<void> {
    this.#later.abort();
    const { volume, muted } = player;
    if (this.#wanted === null) return;
    if (!player.takesVolume || volume === null) {
      // one that is off may tell it once it plays; a group never does
      if (player.playing) report('the volume stays: the player does not tell it, or does not take one');
      return;
    }
    // what an earlier message could not put back is what people had
    this.#before ??= { volume, muted };
    try {
      // before the volume: to some players it means the volume that they had
      if (muted) await this.#mute(false);
      if (Math.abs(volume - this.#wanted) > SAME) {
        await this.#put(this.#wanted);
        report(`volume ${percent(volume)}, set to ${percent(this.#wanted)}`);
      }
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.faultClass === 'transient') throw error;
      // better heard at another volume than not at all
      report(`the volume stays: ${error.found}`);
      this.#before = undefined;
    }
  }

  /** Puts the volume back: now, or in the background once player and Home Assistant are there again. */
  async restore(report: (step: string) => void): Promise<void> {
    try {
      if (await this.#restored()) report(`volume back at ${percent(this.#before?.volume ?? 0)}`);
      this.#before = undefined;
    } catch (error) {
      report('the volume is put back later');
      this.#later = new AbortController();
      void this.#restoreLater(this.#later.signal, error);
    }
  }

  /** Stops trying. */
  stop(): void {
    this.#later.abort();
  }

  async #restoreLater(signal: AbortSignal, first: unknown): Promise<void> {
    const deadline = performance.now() + this.#restoreMs;
    let why = first;
    while (performance.now() < deadline) {
      await setTimeout(AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#restored();
        this.#before = undefined;
        this.#log.info('the volume is put back', { player: this.#player });
        return;
      } catch (error) {
        why = error;
      }
    }
    this.#log.warn('the volume could not be put back', {
      player: this.#player,
      why: messageOf(why),
    });
  }

  /** False when there was nothing to do. */
  async #restored(): Promise<boolean> {
    if (this.#before === undefined) return false;
    const state = await new Entity(this.#connection, this.#player).now();
    // Home Assistant takes a call for a player that is away, and does nothing
    if (state === undefined || state.state === 'unavailable')
      throw this.#connection.faults.away(`${this.#player} is not available`);
    const { volume, muted } = this.#before;
    await this.#put(volume);
    if (muted) await this.#mute(true);
    return true;
  }

  #put(volume: number): Promise<void> {
    const data = { entity_id: this.#player, volume_level: volume };
    return this.#connection.adjust('media_player', 'volume_set', data);
  }

  #mute(muted: boolean): Promise<void> {
    const data = { entity_id: this.#player, is_volume_muted: muted };
    return this.#connection.adjust('media_player', 'volume_mute', data);
  }
}

const percent = (volume: number): string => `${Math.round(volume * 100)} %`;
