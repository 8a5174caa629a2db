import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../kafka/port.ts';
import { Bus } from './bus.ts';
import type { EntityState } from './bus.ts';
import { writeConfiguration } from './configuration.ts';
import { homeAssistantPython } from './environment.ts';
import { Mosquitto } from './mosquitto.ts';
import { usualHome } from './home-settings.ts';
import type { HomeSettings } from './home-settings.ts';
import { MusicPlayer } from './music-player.ts';
import { onboard } from './onboarding.ts';
import { Phone } from './phone.ts';
import { Program } from '../program.ts';
import { until } from './until.ts';
import { Voice } from './voice.ts';

const READY_MS = 90_000;

/** A real Home Assistant on the loopback with a media player, speech, MQTT and an owner, in a temporary folder. */
export class HomeAssistant {
  readonly url: string;
  /** What happens, as events. */
  readonly bus = new Bus();
  readonly mqtt: Mosquitto;
  readonly player: MusicPlayer;
  readonly voice: Voice;
  readonly #folder: string;
  readonly #program: Program;
  readonly #phones: Phone[] = [];
  #token = '';

  private constructor(
    url: string,
    folder: string,
    program: Program,
    mqtt: Mosquitto,
    player: MusicPlayer,
    voice: Voice,
  ) {
    this.url = url;
    this.#folder = folder;
    this.#program = program;
    this.mqtt = mqtt;
    this.player = player;
    this.voice = voice;
  }

  /** Installs what is missing, starts everything, makes the owner and a token; resolves when it runs. */
  static async start(settings: Partial<HomeSettings> = {}): Promise<HomeAssistant> {
    const given = { ...usualHome, ...settings };
    const python = await homeAssistantPython(given.say);
    const port = given.port === 0 ? await freePort() : given.port;
    const url = `http://127.0.0.1:${port}`;
    const folder = mkdtempSync(join(tmpdir(), 'lefton-home-assistant-'));
    const { supervisor } = given;
    const env = supervisor && { SUPERVISOR: supervisor.address, SUPERVISOR_TOKEN: supervisor.token };
    const program = new Program(
      'Home Assistant',
      python,
      ['-m', 'homeassistant', '-c', folder, '--skip-pip'],
      env ?? {},
    );
    const [mqtt, player, voice] = await Promise.all([
      Mosquitto.start({ users: given.mqttUsers }),
      MusicPlayer.start(given.decodes),
      Voice.start(),
    ]);
    const home = new HomeAssistant(url, folder, program, mqtt, player, voice);
    const [login] = Object.entries(given.mqttUsers);
    writeConfiguration(folder, {
      port,
      internalUrl: given.internalUrl ?? url,
      language: given.language,
      mqtt: { port: mqtt.port, username: login?.[0], password: login?.[1] },
      playerPort: player.port,
      voicePort: voice.port,
      pollS: given.pollS,
    });
    try {
      await home.#begin();
    } catch (error) {
      await home.stop();
      throw error;
    }
    return home;
  }

  /** A long-lived access token of the owner. */
  get token(): string {
    return this.#token;
  }

  /** What the server logged: warnings and errors. */
  get said(): string {
    return this.#program.said;
  }

  /** Stops in order; `resume` starts it again as it was. */
  async halt(): Promise<void> {
    await this.#program.end('SIGTERM');
  }

  /** Stops without a word to anybody. */
  async kill(): Promise<void> {
    await this.#program.end('SIGKILL');
  }

  /** Connections stay open and nobody answers, until `thaw`. */
  freeze(): void {
    this.#program.freeze();
  }

  thaw(): void {
    this.#program.thaw();
  }

  async resume(): Promise<void> {
    await this.#program.start(() => this.#runs(), READY_MS);
    await this.bus.listen(this.url, this.#token);
  }

  /** Ends everything and deletes all data. */
  async stop(): Promise<void> {
    await this.bus.close();
    await this.#program.end('SIGKILL');
    await Promise.all([...this.#phones, this.mqtt, this.player, this.voice].map((each) => each.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Undefined when there is no such entity. */
  async state(entity: string): Promise<EntityState | undefined> {
    const response = await this.#fetch(`/api/states/${entity}`);
    return response.status === 404 ? undefined : ((await response.json()) as EntityState);
  }

  /** Takes the state of an entity away, as when it is renamed. */
  async forget(entity: string): Promise<void> {
    await this.#fetch(`/api/states/${entity}`, { method: 'DELETE' });
  }

  async states(): Promise<readonly EntityState[]> {
    return (await (await this.#fetch('/api/states')).json()) as EntityState[];
  }

  /** Puts an event on the bus. */
  async fire(event: string, data: object = {}): Promise<void> {
    await this.#fetch(`/api/events/${event}`, { method: 'POST', body: JSON.stringify(data) });
  }

  /** Calls a service as anybody with the token may. */
  async call(domain: string, service: string, data: object = {}): Promise<void> {
    const response = await this.#fetch(`/api/services/${domain}/${service}`, {
      method: 'POST',
      body: JSON.stringify(data),
    });
    if (!response.ok)
      throw new Error(`${domain}.${service}: HTTP ${response.status} ${await response.text()}`);
  }

  /** Saves an automation as the page does; it is in force at once. */
  async automation(id: string, config: object): Promise<void> {
    const body = JSON.stringify(config);
    const response = await this.#fetch(`/api/config/automation/config/${id}`, { method: 'POST', body });
    if (!response.ok) throw new Error(`automation: HTTP ${response.status} ${await response.text()}`);
  }

  /** A phone with the companion app; it goes with the server. */
  async phone(name: string): Promise<Phone> {
    const phone = await Phone.register(this.url, this.#token, name);
    this.#phones.push(phone);
    return phone;
  }

  async #begin(): Promise<void> {
    await this.#program.start(() => this.#answers('/api/onboarding'), READY_MS);
    this.#token = await onboard(this.url);
    await until('Home Assistant runs', () => this.#runs(), READY_MS);
    // it saves a second later, and a kill before would make the token unknown
    const saved = join(this.#folder, '.storage', 'auth');
    const isSaved = (): boolean =>
      existsSync(saved) && readFileSync(saved, 'utf8').includes('long_lived_access_token');
    await until('the token is saved', isSaved);
    await this.bus.listen(this.url, this.#token);
  }

  async #answers(path: string): Promise<boolean> {
    try {
      return (await fetch(`${this.url}${path}`)).ok;
    } catch {
      return false;
    }
  }

  async #runs(): Promise<boolean> {
    try {
      const { state } = (await (await this.#fetch('/api/config')).json()) as { state: string };
      return state === 'RUNNING';
    } catch {
      return false;
    }
  }

  #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' };
    return fetch(`${this.url}${path}`, { ...init, headers });
  }
}
