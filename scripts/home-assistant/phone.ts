import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the companion app is asked to show. */
interface Push {
  readonly title?: string;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A phone with the companion app: registered as the app registers, and pushed to as a phone is. */
export class Phone {
  /** What arrived, in order. */
  readonly pushes: Push[] = [];
  /** What the push service answers; other than 2xx: it refuses. */
  status = 201;
  readonly #server: Server;
  readonly #url: string;
  #webhook = '';

  private constructor(url: string) {
    this.#url = url;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (this.status < 300) this.pushes.push(JSON.parse(Buffer.concat(chunks).toString()) as Push);
        response.writeHead(this.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(this.status < 300 ? {} : { message: 'refused by the test' }));
      });
    });
  }

  /** Registers under a name such as `Anna's phone`; Home Assistant then has `notify.mobile_app_anna_s_phone`. */
  static async register(url: string, token: string, name: string): Promise<Phone> {
    const phone = new Phone(url);
    phone.#server.listen(0, '127.0.0.1');
    await once(phone.#server, 'listening');
    const { port } = phone.#server.address() as AddressInfo;
    const registration = {
      device_id: name,
      app_id: 'io.homeassistant.companion.android',
      app_name: 'Home Assistant',
      app_version: '2024.3.1',
      device_name: name,
      manufacturer: 'LeftOn',
      model: 'test',
      os_name: 'Android',
      os_version: '14',
      supports_encryption: false,
      app_data: { push_token: 'test', push_url: `http://127.0.0.1:${port}/push` },
    };
    const response = await fetch(`${url}/api/mobile_app/registrations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(registration),
    });
    if (!response.ok) throw new Error(`no phone: HTTP ${response.status} ${await response.text()}`);
    ({ webhook_id: phone.#webhook } = (await response.json()) as { webhook_id: string });
    return phone;
  }

  /** Somebody taps a button of a notification; it reaches the bus as `mobile_app_notification_action`. */
  async tap(action: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const data = { event_type: 'mobile_app_notification_action', event_data: { action, ...more } };
    const response = await fetch(`${this.#url}/api/webhook/${this.#webhook}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'fire_event', data }),
    });
    if (!response.ok) throw new Error(`the tap was not taken: HTTP ${response.status}`);
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
