import { LeftOnError } from '@lefton/core';

/** Where a Home Assistant is: what people open in the browser, and the socket beside it. */
export class HomeAssistantAddress {
  /** Without a slash at the end. */
  readonly url: string;
  readonly socketUrl: string;

  /** @throws LeftOnError `bad_home_assistant_url` (fatal) */
  constructor(url: string) {
    const parsed = URL.parse(url);
    const bare =
      parsed !== null &&
      /^https?:$/.test(parsed.protocol) &&
      parsed.pathname === '/' &&
      `${parsed.username}${parsed.password}${parsed.search}${parsed.hash}` === '';
    if (!bare) {
      throw new LeftOnError({
        code: 'bad_home_assistant_url',
        faultClass: 'fatal',
        place: 'home_assistant_url',
        expected: 'such as http://homeassistant.local:8123, with nothing after the port',
        // what stands there may hold a secret
        found:
          parsed === null ? 'no URL' : `${parsed.protocol} with more than host and port, or another protocol`,
      });
    }
    this.url = parsed.origin;
    this.socketUrl = `${parsed.origin.replace(/^http/, 'ws')}/api/websocket`;
  }
}
