import { after } from 'node:test';
import { HomeAssistant } from './home-assistant.ts';
import { missingHomeAssistant, missingMosquitto } from './needed.ts';

/**
 * Why tests with Home Assistant are skipped here; undefined where they run. Where REQUIRE_HOME_ASSISTANT is set they
 * run, and fail, whatever is missing.
 */
export const withoutHomeAssistant = (): string | undefined => unlessRequired(missingHomeAssistant);

/** As `withoutHomeAssistant`, for tests that need an MQTT broker only. */
export const withoutMosquitto = (): string | undefined => unlessRequired(missingMosquitto);

function unlessRequired(missing: () => string | undefined): string | undefined {
  return process.env.REQUIRE_HOME_ASSISTANT === undefined ? missing() : undefined;
}

let shared: Promise<HomeAssistant> | undefined;
after(async () => (await shared)?.stop());

/** One server for all tests of a file; it ends with them. */
export function sharedHomeAssistant(): Promise<HomeAssistant> {
  shared ??= HomeAssistant.start({
    say: (line) => {
      process.stderr.write(`${line}\n`);
    },
  });
  return shared;
}
