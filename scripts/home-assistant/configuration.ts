import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the configuration of a server names. */
interface HomeParts {
  /** Of the server. */
  readonly port: number;
  /** Where media players are told to fetch sound. */
  readonly internalUrl: string;
  readonly language: string;
  /** Port of the MQTT broker with the login, of the Music Player Daemon, and of the voice. */
  readonly mqtt: {
    readonly port: number;
    readonly username?: string | undefined;
    readonly password?: string | undefined;
  };
  readonly playerPort: number;
  readonly voicePort: number;
  /** How often the media player is asked how it stands, s. */
  readonly pollS: number;
}

/** The least that has a player, speech, notifications and a page. Lists every integration; no default_config. */
const yamlOf = (parts: HomeParts): string => `homeassistant:
  name: Home
  time_zone: Europe/Berlin
  latitude: 52.5
  longitude: 13.4
  elevation: 34
  unit_system: metric
  currency: EUR
  country: DE
  language: ${parts.language}
  internal_url: ${parts.internalUrl}
http:
  server_host: 127.0.0.1
  server_port: ${parts.port}
api:
websocket_api:
frontend:
mobile_app:
history:
media_source:
automation: !include automations.yaml
persistent_notification:
tts:
  - platform: demo
notify:
  - platform: demo
    name: demo
media_player:
  - platform: mpd
    name: speaker
    host: 127.0.0.1
    port: ${parts.playerPort}
    scan_interval: ${parts.pollS}
logger:
  default: warning
`;

const entry = (domain: string, title: string, data: object): object => ({
  entry_id: randomBytes(16).toString('hex'),
  version: 1,
  minor_version: 1,
  domain,
  title,
  data,
  options: {},
  pref_disable_new_entities: false,
  pref_disable_polling: false,
  source: 'user',
  unique_id: null,
  disabled_by: null,
});

/** Writes the configuration, and what a person would have set up on the page. */
export function writeConfiguration(folder: string, parts: HomeParts): void {
  const store = (key: string, version: number, data: object): void => {
    const file = { version, minor_version: 1, key, data };
    writeFileSync(join(folder, '.storage', key), JSON.stringify(file));
  };
  mkdirSync(join(folder, '.storage'), { recursive: true });
  writeFileSync(join(folder, 'automations.yaml'), '[]\n');
  writeFileSync(join(folder, 'configuration.yaml'), yamlOf(parts));
  const { username, password, port } = parts.mqtt;
  const login = username === undefined ? {} : { username, password };
  store('core.config_entries', 1, {
    entries: [
      entry('mqtt', 'Mosquitto', { broker: '127.0.0.1', port, discovery: true, ...login }),
      entry('wyoming', 'voice', { host: '127.0.0.1', port: parts.voicePort }),
    ],
  });
  // the user is made by its API; the other steps would look for integrations on the internet
  store('onboarding', 4, { done: ['core_config', 'analytics', 'integration'] });
}
