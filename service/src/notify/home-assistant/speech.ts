import { LeftOnError } from '@lefton/core';
import type { Channel, Message } from '../../channel.ts';
import type { Log } from '../../telemetry/log.ts';
import type { HomeAssistantConnection } from './connection.ts';
import { Speaker } from './speaker.ts';
import { checkSpeech, proveMaker } from './speech-check.ts';
import { SPEECH_LIMITS } from './speech-settings.ts';
import type { SpeechSettings } from './speech-settings.ts';
import { Tts } from './tts.ts';
import { PlayerVolume } from './volume.ts';

/** Speaks on a media player, one message after the other, and makes sure that it was heard. */
export class SpeechChannel implements Channel {
  readonly name = 'speech';
  readonly idempotent = false;
  readonly #connection: HomeAssistantConnection;
  readonly #settings: SpeechSettings;
  readonly #callMs: number;
  readonly #tts: Tts;
  readonly #volume: PlayerVolume;
  readonly #speaker: Speaker;
  readonly #closing = new AbortController();
  #speaking: Promise<unknown> = Promise.resolve();

  /** @throws LeftOnError `bad_home_assistant_player`, `bad_home_assistant_tts` (fatal) */
  constructor(connection: HomeAssistantConnection, settings: SpeechSettings, log: Log) {
    const { player, tts, volume } = settings;
    // Home Assistant takes a call for anything, and does nothing
    if (!/^media_player\.[a-z0-9_]+$/.test(player)) {
      throw new LeftOnError({
        code: 'bad_home_assistant_player',
        faultClass: 'fatal',
        place: 'home_assistant_player',
        expected:
          'one media player such as media_player.kitchen; for several speakers that of a group, made in Home Assistant',
        found: player,
      });
    }
    const limits = { ...SPEECH_LIMITS, ...settings.limits };
    this.#connection = connection;
    this.#settings = settings;
    this.#callMs = limits.callMs;
    this.#tts = new Tts(tts);
    this.#volume = new PlayerVolume(connection, player, volume, limits.restoreMs, log);
    this.#speaker = new Speaker(connection, player, this.#volume, limits);
    connection.hold(this);
  }

  deliver({ speech }: Message, report: (step: string) => void): Promise<string> {
    const call = (): Promise<void> => this.#call(speech, report);
    const spoken = this.#speaking.then(async () => {
      await proveMaker(this.#connection, this.#tts);
      if (this.#settings.proof !== 'accepted')
        return await this.#speaker.speak(call, report, this.#closing.signal);
      await call();
      return `${this.#tts.name} took it for ${this.#settings.player}`;
    });
    this.#speaking = spoken.catch(() => undefined);
    return spoken;
  }

  check(): Promise<string> {
    return checkSpeech(this.#connection, this.#settings, this.#tts);
  }

  /** Breaks off what is spoken, and puts the volume back. */
  async close(): Promise<void> {
    this.#closing.abort();
    // whoever does not answer is waited for only where there is a volume to put back
    if (this.#volume.isSet) await this.#speaking;
    this.#connection.letGo(this);
    await this.#speaking;
    this.#volume.stop();
  }

  #call(speech: string, report: (step: string) => void): Promise<void> {
    const { player, language } = this.#settings;
    const { domain, service, data } = this.#tts.call(player, speech, language);
    report(`${this.#tts.name} speaks on ${player}`);
    return this.#connection.act(domain, service, data, this.#callMs);
  }
}
