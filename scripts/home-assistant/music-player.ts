import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accepts, freePort } from '../kafka/port.ts';
import { Program } from '../program.ts';

const READY_MS = 20_000;
/** What would decode mp3 or wav. */
const DECODERS = ['mad', 'mpg123', 'ffmpeg', 'sndfile', 'pcm', 'audiofile'] as const;

/** The Music Player Daemon on the loopback: it fetches, decodes and plays in real time, and nobody hears it. */
export class MusicPlayer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'lefton-mpd-'));
  readonly #program: Program;

  private constructor(port: number, decodes: boolean) {
    this.port = port;
    const file = join(this.#folder, 'mpd.conf');
    for (const name of ['music', 'playlists']) mkdirSync(join(this.#folder, name));
    writeFileSync(file, this.#configuration(decodes));
    this.#program = new Program('mpd', 'mpd', ['--no-daemon', '--stderr', file]);
  }

  /** @param decodes false: it takes everything and can play nothing */
  static async start(decodes = true): Promise<MusicPlayer> {
    const player = new MusicPlayer(await freePort(), decodes);
    try {
      await player.resume();
    } catch (error) {
      await player.stop();
      throw error;
    }
    return player;
  }

  /** What it logged. */
  get said(): string {
    return this.#program.said;
  }

  async resume(): Promise<void> {
    await this.#program.start(() => accepts(this.port), READY_MS);
  }

  async kill(): Promise<void> {
    await this.#program.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#program.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #configuration(decodes: boolean): string {
    const disabled = DECODERS.map((name) => `decoder {\n  plugin "${name}"\n  enabled "no"\n}`);
    return [
      `music_directory "${this.#folder}/music"`,
      `playlist_directory "${this.#folder}/playlists"`,
      `db_file "${this.#folder}/database"`,
      'bind_to_address "127.0.0.1"',
      `port "${this.port}"`,
      'zeroconf_enabled "no"',
      'input {\n  plugin "curl"\n}',
      'audio_output {\n  type "null"\n  name "nobody"\n  mixer_type "software"\n  sync "yes"\n}',
      ...(decodes ? [] : disabled),
      '',
    ].join('\n');
  }
}
