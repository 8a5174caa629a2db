import { LeftOnError } from '@lefton/core';
import type { FaultClass } from '@lefton/core';
import { z } from 'zod';
import { RegistryAddress } from './registry-address.ts';

/** How a schema registry is reached. */
export interface RegistrySettings {
  /** http or https; may have a path, and `user:password@` before the host. */
  readonly url: string;
  /** `user:password`, over what the URL has; null without. */
  readonly auth: string | null;
  /** Without an answer for this long it is away. */
  readonly timeoutMs?: number;
}

/** What a registry answered, where that is for the caller to judge: well, not found, or refused for its content. */
interface RegistryAnswer {
  readonly status: number;
  /** Undefined when it is longer than any answer about a reading. */
  readonly json: unknown;
}

const TIMEOUT_MS = 5_000;
/** Bytes of an answer: a schema of 64 KB with each character escaped, and some more. */
const LONGEST_ANSWER = 256 * 1024;
const LONGEST_TOLD = 200;
const TRY_LATER: readonly number[] = [408, 425, 429];
const FOR_THE_CALLER: readonly number[] = [404, 409, 422];
const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json';

const refusal = z.object({ error_code: z.number(), message: z.string().default('') });

/** Speaks HTTP with a registry of Confluent's API. */
export class RegistryClient {
  readonly #address: RegistryAddress;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;

  /** @throws LeftOnError `bad_registry_url` (fatal) */
  constructor({ url, auth, timeoutMs }: RegistrySettings) {
    this.#address = new RegistryAddress(url, auth);
    const { authorization } = this.#address;
    this.#headers = {
      accept: `${CONTENT_TYPE}, application/json`,
      ...(authorization === undefined ? {} : { authorization }),
    };
    this.#timeoutMs = timeoutMs ?? TIMEOUT_MS;
  }

  /**
   * GET, or POST where there is a body.
   * @throws LeftOnError `registry_away` (transient) or `registry_refused` (fatal)
   */
  async ask(path: string, body?: unknown): Promise<RegistryAnswer> {
    const { response, text } = await this.#exchange(`${this.#address.url}/${path}`, body);
    const { status, headers } = response;
    const http = `HTTP ${status}`;
    if (status >= 500 || TRY_LATER.includes(status)) throw this.#away(http);
    if (status >= 300 && status < 400)
      throw this.refused('no redirect: set the URL that it leads to', `${http} to ${whereTo(response)}`);
    if (status === 401 || status === 403) throw this.refused('to be let in: check user and password', http);
    const json = text === undefined ? undefined : parse(text);
    const isJson = text === undefined ? /json/.test(headers.get('content-type') ?? '') : json !== undefined;
    if (!isJson) throw this.noRegistry(`${http} without JSON`);
    if (!response.ok && !FOR_THE_CALLER.includes(status))
      throw this.refused('the request to be taken', `${http}, ${reasonOf(json)}`);
    return { status, json };
  }

  /** Something answers, but it is not the API of a registry. */
  noRegistry(found: string): LeftOnError {
    const todo = 'check the URL and its path, such as /apis/ccompat/v7 of Apicurio';
    return this.refused(`the API of a schema registry: ${todo}`, found);
  }

  /** The registry says no, and will say it again. `expected` tells what to do. */
  refused(expected: string, found: string): LeftOnError {
    return this.#fault('registry_refused', 'fatal', expected, found);
  }

  async #exchange(url: string, body: unknown): Promise<{ response: Response; text: string | undefined }> {
    const headers = this.#headers;
    const posted = {
      method: 'POST',
      headers: { ...headers, 'content-type': CONTENT_TYPE },
      body: JSON.stringify(body),
    };
    try {
      const response = await fetch(url, {
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#timeoutMs),
        ...(body === undefined ? { headers } : posted),
      });
      return { response, text: await textOf(response) };
    } catch (error) {
      throw this.#away(whyOf(error));
    }
  }

  #away(found: string): LeftOnError {
    return this.#fault('registry_away', 'transient', 'an answer', found);
  }

  #fault(code: string, faultClass: FaultClass, expected: string, found: string): LeftOnError {
    const place = `schema registry ${this.#address.url}`;
    const told = this.#address
      .tellable(found)
      .replace(/\p{C}+/gu, ' ')
      .slice(0, LONGEST_TOLD);
    return new LeftOnError({ code, faultClass, place, expected, found: told });
  }
}

/** What the registry says is wrong. */
export function reasonOf(json: unknown): string {
  const told = refusal.safeParse(json);
  if (!told.success) return 'no reason';
  const { error_code, message } = told.data;
  return `${error_code} ${message}`;
}

/** The body, or undefined when it is too long; what is too long is not read to its end. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > LONGEST_ANSWER) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Host and path only: the rest of a location may be secret. */
function whereTo({ headers, url }: Response): string {
  const to = URL.parse(headers.get('location') ?? '', url);
  return to === null ? 'nowhere' : `${to.origin}${to.pathname}`;
}

/** A code where there is one: the texts of fetch may repeat what it was given. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection';
  if (error.name === 'TimeoutError') return 'none in time';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection';
}
