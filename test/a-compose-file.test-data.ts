import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** What tests read of a service in docker-compose.yml. */
export interface ComposeService {
  readonly build?: { readonly dockerfile: string };
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}

export const composeFile = fileURLToPath(new URL('../docker-compose.yml', import.meta.url));

export const composeServices = (
  parse(readFileSync(composeFile, 'utf8'), { merge: true }) as {
    readonly services: Readonly<Record<string, ComposeService>>;
  }
).services;

/** @throws Error where there is no such service */
export function composeService(name: string): ComposeService {
  const service = composeServices[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
}
