import { LeftOnError } from '@lefton/core';
import { DeliveryError } from '../../channel.ts';
import type { Channel, Message } from '../../channel.ts';
import { ANSWER_EVENT } from './answers.ts';
import type { HomeAssistantConnection } from './connection.ts';
import { Entity } from './entity.ts';
import { tagOf, untemplated } from './notification.ts';
import { fineAction, muteAction } from './phone-action.ts';
import { servicesOf } from './services.ts';

/** Which phone, and what stands on its buttons. */
interface PhoneSettings {
  /** A service such as `mobile_app_pixel_8`, with or without `notify.`; or a notify entity, which shows no buttons. */
  readonly target: string;
  /** Words of the buttons, in the language of the home. */
  readonly fineTitle: string;
  readonly muteTitle: string;
  /** How long the second button mutes. */
  readonly muteMs: number;
}

/** What these are about can be answered with "that was fine". */
const ANSWERABLE: readonly string[] = ['opened', 'still_on', 'closed'];

/** A notification on a phone, by Home Assistant's app or any other notify service. */
export class PhoneChannel implements Channel {
  readonly name = 'phone';
  /** The companion app puts a repetition in place of the first; a chat, a mail or an entity tells both. */
  readonly idempotent: boolean;
  readonly #connection: HomeAssistantConnection;
  readonly #settings: PhoneSettings;
  readonly #service: string;

  /** @throws LeftOnError `bad_home_assistant_phone` (fatal) */
  constructor(connection: HomeAssistantConnection, settings: PhoneSettings) {
    const service = /^(?:notify\.)?([a-z0-9_]+)$/.exec(settings.target)?.[1];
    if (service === undefined) {
      throw new LeftOnError({
        code: 'bad_home_assistant_phone',
        faultClass: 'fatal',
        place: 'home_assistant_phone',
        expected: 'a notify service such as mobile_app_pixel_8',
        found: settings.target,
      });
    }
    this.#connection = connection;
    this.#settings = settings;
    this.#service = service;
    this.idempotent = service.startsWith('mobile_app_');
    connection.hold(this);
  }

  async deliver(message: Message, report: (step: string) => void): Promise<string> {
    const words = { title: untemplated(message.title), message: untemplated(message.text) };
    try {
      const data = { ...words, data: this.#extras(message) };
      await this.#connection.act('notify', this.#service, data);
      report(`notify.${this.#service} called`);
      return `notify.${this.#service} took it`;
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.faultClass === 'transient') throw error;
      if (!(await this.#isEntity())) throw error;
    }
    await this.#connection.act('notify', 'send_message', { entity_id: this.#entity.id, ...words });
    report(`notify.send_message called for ${this.#entity.id}`);
    return `${this.#entity.id} took it`;
  }

  async check(): Promise<string> {
    const { faults } = this.#connection;
    const version = await this.#connection.version();
    const services = await servicesOf(this.#connection, 'notify');
    if (services.includes(this.#service)) {
      await this.#checkAnswers();
      return `Home Assistant ${version}: notify.${this.#service} is there, and its answers are heard`;
    }
    if (services.includes('send_message') && (await this.#isEntity()))
      return `Home Assistant ${version}: ${this.#entity.id} is there; it shows no buttons`;
    const expected = `home_assistant_phone to be one of its notify services: ${services.join(', ')}`;
    throw faults.refused('phone_missing', expected, `no notify.${this.#service}`);
  }

  close(): Promise<void> {
    this.#connection.letGo(this);
    return Promise.resolve();
  }

  get #entity(): Entity {
    return new Entity(this.#connection, `notify.${this.#service}`);
  }

  async #isEntity(): Promise<boolean> {
    return (await this.#entity.now()) !== undefined;
  }

  /** Home Assistant lets administrators only listen to what phones answer. */
  async #checkAnswers(): Promise<void> {
    const subscription = { type: 'subscribe_events', event_type: ANSWER_EVENT };
    const ignore = (): void => undefined;
    const end = await this.#connection.subscribe(subscription, ignore, ignore);
    end();
  }

  /** What phones understand beside the words; each kind of phone ignores what is for the other. */
  #extras(message: Message): object {
    const urgent = {
      // Android: wake it up at once, and let people choose a sound for it
      ttl: 0,
      priority: 'high',
      channel: 'LeftOn',
      // iOS: also through a focus
      push: { 'interruption-level': 'time-sensitive' },
    };
    return {
      tag: tagOf(message),
      actions: this.#actions(message),
      ...(message.severity === 'critical' ? urgent : {}),
    };
  }

  #actions({ records, severity }: Message): { action: string; title: string }[] {
    const { fineTitle, muteTitle, muteMs } = this.#settings;
    const episodes = new Set(
      records.filter(({ type }) => ANSWERABLE.includes(type)).map(({ episode }) => episode),
    );
    const [episode] = episodes;
    const fine =
      episode === undefined || episodes.size > 1 ? [] : [{ action: fineAction(episode), title: fineTitle }];
    const mute = severity === 'info' ? [] : [{ action: muteAction(muteMs), title: muteTitle }];
    return [...fine, ...mute];
  }
}
