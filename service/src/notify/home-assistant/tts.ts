import { LeftOnError } from '@lefton/core';

/** A call of a service. */
export interface ServiceCall {
  readonly domain: string;
  readonly service: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What makes speech in Home Assistant: an entity such as `tts.piper`, or an older service such as `google_translate_say`. */
export class Tts {
  /** The entity, or undefined for a service. */
  readonly entity: string | undefined;
  /** The service of the domain tts that is called. */
  readonly service: string;

  /** @throws LeftOnError `bad_home_assistant_tts` (fatal) */
  constructor(setting: string) {
    const name = /^(?:tts\.)?([a-z0-9_]+)$/.exec(setting)?.[1];
    const isService = name?.endsWith('_say') === true;
    if (name === undefined || !(isService || setting.startsWith('tts.'))) {
      throw new LeftOnError({
        code: 'bad_home_assistant_tts',
        faultClass: 'fatal',
        place: 'home_assistant_tts',
        expected: 'an entity such as tts.piper, or a service such as google_translate_say',
        found: setting,
      });
    }
    this.entity = isService ? undefined : `tts.${name}`;
    this.service = isService ? name : 'speak';
  }

  /** As people know it. */
  get name(): string {
    return this.entity ?? `tts.${this.service}`;
  }

  /** How Home Assistant's list of speech makers has it. */
  get engine(): string {
    return this.entity ?? this.service.replace(/_say$/, '');
  }

  call(player: string, message: string, language: string | null): ServiceCall {
    const target =
      this.entity === undefined
        ? { entity_id: player }
        : { entity_id: this.entity, media_player_entity_id: player };
    const spoken = language === null ? {} : { language };
    // a message is spoken once: its sound need not be kept
    const data = { ...target, message, cache: false, ...spoken };
    return { domain: 'tts', service: this.service, data };
  }
}
