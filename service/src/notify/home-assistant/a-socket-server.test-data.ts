import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** As RFC 6455 has it. */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A text of up to 64 KB as the frame of a server. */
function frame(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 0xff]);
  return Buffer.concat([bytes.length < 126 ? Buffer.from([0x81, bytes.length]) : head, bytes]);
}

/** The short frames of a client, unmasked: texts, and undefined for each other kind. */
function* textsOf(bytes: Buffer): Generator<string | undefined> {
  for (let rest = bytes; rest.length > 5;) {
    const short = (rest[1] ?? 0) & 0x7f;
    const start = short === 126 ? 4 : 2;
    const length = short === 126 ? rest.readUInt16BE(2) : short;
    const mask = rest.subarray(start, start + 4);
    const body = rest.subarray(start + 4, start + 4 + length).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
    yield rest[0] === 0x81 ? Buffer.from(body).toString() : undefined;
    rest = rest.subarray(start + 4 + length);
  }
}

/**
 * A server that speaks WebSocket and says what a real Home Assistant would never say; ends with the test.
 * @param answers what it says to each text; the first text is ''
 * @returns its address
 */
export async function aSocketServer(
  t: TestContext,
  answers: (text: string) => readonly string[],
): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('upgrade', ({ headers }, socket: Socket) => {
    sockets.add(socket);
    const key = createHash('sha1')
      .update(`${headers['sec-websocket-key'] ?? ''}${MAGIC}`)
      .digest('base64');
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write([...head, `Sec-WebSocket-Accept: ${key}`, '', ''].join('\r\n'));
    const say = (text: string): void => {
      for (const answer of answers(text)) socket.write(frame(answer));
    };
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      for (const text of textsOf(bytes)) {
        if (text === undefined) socket.end();
        else say(text);
      }
    });
    say('');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
