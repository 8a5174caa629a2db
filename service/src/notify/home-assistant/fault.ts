import { ERR_CONNECTION_LOST } from 'home-assistant-js-websocket';
import { z } from 'zod';
import { DeliveryError } from '../../channel.ts';

const LONGEST_TOLD = 300;

/** What Home Assistant answers where it does not do what it is asked; a lost connection has a number for its code. */
const refusal = z.object({ code: z.string(), message: z.string().default('') });
const lost = z.union([
  z.literal(ERR_CONNECTION_LOST),
  z.object({ code: z.literal(ERR_CONNECTION_LOST) }),
  z.object({ error: z.object({ code: z.literal(ERR_CONNECTION_LOST) }) }),
]);

/** Turns what goes wrong with one Home Assistant into errors that say what to do. */
export class Faults {
  readonly #place: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#place = `Home Assistant ${url}`;
    this.#token = token;
  }

  /** Nobody there, or nobody yet: worth another attempt. */
  away(found: string, doubtful = false): DeliveryError {
    return this.#fault('home_assistant_away', 'an answer', found, { doubtful });
  }

  /** A stop. */
  closed(doubtful = false): DeliveryError {
    return this.away('this side has closed the connection', doubtful);
  }

  /** It starts: what is not there yet may still come. */
  starting(found: string): DeliveryError {
    return this.#fault('home_assistant_starting', 'it to have started', found);
  }

  tokenRefused(): DeliveryError {
    const expected =
      'a token that it lets in: make a new long-lived access token in Home Assistant (your name at the bottom left, Security, Long-lived access tokens) and set home_assistant_token';
    return this.#fault('token_refused', expected, 'the token is refused', { fatal: true });
  }

  /** Home Assistant, or a thing in it, will never do it for this message. */
  refused(code: string, expected: string, found: string): DeliveryError {
    return this.#fault(code, expected, found, { fatal: true });
  }

  /** What Home Assistant answered to a request, or undefined when it did not answer. */
  answered(error: unknown, request: string): DeliveryError | undefined {
    const { success, data } = refusal.safeParse(error);
    if (!success) return undefined;
    const code = data.code === 'unauthorized' ? 'not_allowed' : 'home_assistant_refused';
    const expected = code === 'not_allowed' ? `${request} allowed: the token of an administrator` : request;
    return this.refused(code, expected, `${data.code}: ${data.message}`);
  }

  #fault(
    code: string,
    expected: string,
    found: string,
    { fatal = false, doubtful = false }: { fatal?: boolean; doubtful?: boolean } = {},
  ): DeliveryError {
    const told = found
      .replaceAll(this.#token, '…')
      .replace(/\p{C}+/gu, ' ')
      .slice(0, LONGEST_TOLD);
    const faultClass = fatal ? 'fatal' : 'transient';
    return new DeliveryError({ code, faultClass, place: this.#place, expected, found: told, doubtful });
  }
}

/** The request may have been on its way when the connection went. */
export const isLost = (error: unknown): boolean => lost.safeParse(error).success;
