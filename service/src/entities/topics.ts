import { createHash } from 'node:crypto';
import { ENTITIES } from './names.ts';
import type { EntityKey } from './names.ts';

const PLAIN = /^[a-z0-9_-]{1,48}$/;

/** Where things are published. */
export interface TopicSettings {
  /** Begins the topics of states: `lefton`, `home/lefton`. */
  readonly prefix: string;
  /** Where Home Assistant looks for new entities: `homeassistant`. */
  readonly discoveryPrefix: string;
  /** Tells apart several processes that publish meters under one prefix; null for one alone. */
  readonly instance: string | null;
}

/** The name where it is plain; otherwise what is plain in it, and a hash so that no two names share an id. */
export function idOf(name: string): string {
  if (PLAIN.test(name)) return name;
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 32);
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return plain === '' ? hash : `${plain}_${hash}`;
}

/** The topics of a prefix. */
export class Topics {
  /** `online`, or `offline` when the process stopped or died. */
  readonly availability: string;
  /** Says `online` when Home Assistant has started. */
  readonly homeAssistant: string;
  readonly #settings: TopicSettings;

  constructor(settings: TopicSettings) {
    const { prefix, discoveryPrefix, instance } = settings;
    this.#settings = settings;
    this.availability = `${prefix}/availability${instance === null ? '' : `/${idOf(instance)}`}`;
    this.homeAssistant = `${discoveryPrefix}/status`;
  }

  /** Of an entity's state. */
  state(meter: string, key: EntityKey): string {
    return `${this.#settings.prefix}/${idOf(meter)}/${key}`;
  }

  /** Of what an entity tells besides. */
  attributes(meter: string, key: EntityKey): string {
    return `${this.state(meter, key)}/attributes`;
  }

  /** All that stands on the broker of how a meter is. */
  statesOf(meter: string): readonly string[] {
    return ENTITIES.flatMap((key) => [this.state(meter, key), this.attributes(meter, key)]);
  }

  /** Of what makes Home Assistant show an entity. */
  discovery(component: string, meter: string, key: EntityKey): string {
    return `${this.#settings.discoveryPrefix}/${component}/${this.device(meter)}/${key}/config`;
  }

  /** Identifies a meter among all that is on the broker. */
  device(meter: string): string {
    return `${idOf(this.#settings.prefix.replaceAll('/', '_'))}_${idOf(meter)}`;
  }

  /** For trying whether something may be written and read. */
  get trial(): string {
    return `${this.#settings.prefix}/check`;
  }
}
