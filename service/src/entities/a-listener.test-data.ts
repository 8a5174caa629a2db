import { connectAsync } from 'mqtt';
import type { MqttClient } from 'mqtt';

/** Somebody else on the broker, who knows the newest payload of each topic. */
export class Listener {
  readonly client: MqttClient;
  readonly payloads = new Map<string, string>();
  /** All that arrived, in order. */
  readonly heard: [topic: string, payload: string][] = [];

  private constructor(client: MqttClient) {
    this.client = client;
    client.on('message', (topic, payload) => {
      this.payloads.set(topic, payload.toString());
      this.heard.push([topic, payload.toString()]);
    });
  }

  /** Sees at once what is retained. */
  static async on(url: string, login: { username?: string; password?: string } = {}): Promise<Listener> {
    const listener = new Listener(await connectAsync(url, { ...login, reconnectPeriod: 50 }));
    await listener.client.subscribeAsync('#');
    return listener;
  }

  async stop(): Promise<void> {
    await this.client.endAsync(true);
  }
}
