import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** How a voice answers: a tone, no sound at all, nothing before it hangs up, or never. */
type VoiceMode = 'speaks' | 'silent' | 'hangs up' | 'hangs';

const RATE_HZ = 16_000;
const TONE_HZ = 440;
const MS_A_LETTER = 25;

const ARTIFACT = {
  attribution: { name: 'LeftOn', url: 'https://example.org' },
  installed: true,
  version: null,
};
const INFO = {
  asr: [],
  handle: [],
  intent: [],
  wake: [],
  tts: [
    {
      ...ARTIFACT,
      name: 'voice',
      description: 'a tone as long as the text',
      voices: [{ ...ARTIFACT, name: 'tone', description: 'tone', languages: ['en', 'de', 'fr'] }],
    },
  ],
};

/** A speech synthesiser for Home Assistant's Wyoming integration; hears what is to be spoken. */
export class Voice {
  mode: VoiceMode = 'speaks';
  /** Texts in the order in which they were to be spoken. Home Assistant keeps the sound of a text and asks once. */
  readonly texts: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      this.#serve(socket);
    });
  }

  static async start(): Promise<Voice> {
    const voice = new Voice();
    voice.#server.listen(0, '127.0.0.1');
    await once(voice.#server, 'listening');
    return voice;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Each event is a line of JSON, then as many bytes of further JSON and of sound as the line says. */
  #serve(socket: Socket): void {
    let buffer: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      for (;;) {
        const end = buffer.indexOf('\n');
        if (end < 0) return;
        const head = JSON.parse(buffer.toString('utf8', 0, end)) as {
          type: string;
          data?: { text?: string };
          data_length?: number;
          payload_length?: number;
        };
        const dataEnd = end + 1 + (head.data_length ?? 0);
        const whole = dataEnd + (head.payload_length ?? 0);
        if (buffer.length < whole) return;
        const more =
          dataEnd > end + 1
            ? (JSON.parse(buffer.toString('utf8', end + 1, dataEnd)) as { text?: string })
            : {};
        buffer = buffer.subarray(whole);
        this.#answer(socket, head.type, { ...head.data, ...more }.text);
      }
    });
  }

  #answer(socket: Socket, type: string, text = ''): void {
    if (type === 'describe') socket.write(event('info', INFO));
    if (type !== 'synthesize') return;
    this.texts.push(text);
    if (this.mode === 'hangs') return;
    if (this.mode === 'hangs up') {
      socket.destroy();
      return;
    }
    const format = { rate: RATE_HZ, width: 2, channels: 1 };
    socket.write(event('audio-start', format));
    if (this.mode === 'speaks') socket.write(event('audio-chunk', format, tone(text.length * MS_A_LETTER)));
    socket.write(event('audio-stop', {}));
  }
}

function event(type: string, data: object, payload: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.from(JSON.stringify(data));
  const head = { type, version: '1.5.3', data_length: bytes.length, payload_length: payload.length };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes, payload]);
}

function tone(ms: number): Buffer {
  const samples = Math.round((RATE_HZ * Math.max(ms, 500)) / 1000);
  const wave = Int16Array.from(
    { length: samples },
    (_, i) => 8_000 * Math.sin((2 * Math.PI * TONE_HZ * i) / RATE_HZ),
  );
  return Buffer.from(wave.buffer);
}
