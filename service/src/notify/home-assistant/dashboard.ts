import type { Channel, Message } from '../../channel.ts';
import type { HomeAssistantConnection } from './connection.ts';
import { tagOf, untemplated } from './notification.ts';
import { servicesOf } from './services.ts';

const DOMAIN = 'persistent_notification';

/** A notification in Home Assistant itself, in its side bar; the end of an episode takes the place of its beginning. */
export class DashboardChannel implements Channel {
  readonly name = 'dashboard';
  readonly idempotent = true;
  readonly #connection: HomeAssistantConnection;

  constructor(connection: HomeAssistantConnection) {
    this.#connection = connection;
    connection.hold(this);
  }

  async deliver(message: Message, report: (step: string) => void): Promise<string> {
    const notification_id = tagOf(message);
    const data = {
      notification_id,
      title: untemplated(message.title),
      message: untemplated(message.text),
    };
    await this.#connection.act(DOMAIN, 'create', data);
    report(`${DOMAIN}.create called`);
    return `shown as ${notification_id}`;
  }

  async check(): Promise<string> {
    const { faults } = this.#connection;
    const version = await this.#connection.version();
    const services = await servicesOf(this.#connection, DOMAIN);
    if (!services.includes('create'))
      throw faults.refused('service_missing', `the service ${DOMAIN}.create`, 'none');
    return `Home Assistant ${version} shows notifications`;
  }

  close(): Promise<void> {
    this.#connection.letGo(this);
    return Promise.resolve();
  }
}
