import { z } from 'zod';
import type { HomeAssistantConnection } from './connection.ts';
import { Entity } from './entity.ts';
import { playerOf } from './player.ts';
import { servicesOf } from './services.ts';
import type { SpeechSettings } from './speech-settings.ts';
import type { Tts } from './tts.ts';

const MAKER = 'home_assistant_tts to be one of its speech makers';

const engine = z.object({ provider: z.object({ supported_languages: z.array(z.string()).nullish() }) });

/**
 * Proves token, player, speech maker and language, without a sound.
 * @throws DeliveryError with what is to be mended
 */
export async function checkSpeech(
  connection: HomeAssistantConnection,
  { player: id, language, volume }: SpeechSettings,
  tts: Tts,
): Promise<string> {
  const { faults } = connection;
  const version = await connection.version();
  const state = await new Entity(connection, id).now();
  if (state === undefined)
    throw faults.refused(
      'player_missing',
      `home_assistant_player to be one of its media players`,
      `no ${id}`,
    );
  const player = playerOf(state);
  if (player.state === 'unavailable')
    throw faults.refused('player_unavailable', `the player ${id} to be on and in the network`, 'unavailable');
  // a player that is off tells what it can do all the same, or nothing
  if (player.features !== 0 && !player.takesMedia)
    throw faults.refused('player_unfit', 'a player that plays what it is given', `${id} does not`);
  await checkMaker(connection, tts);
  if (language !== null) await checkLanguage(connection, tts, language);
  const loud =
    volume === null ? '' : player.takesVolume ? `, at ${Math.round(volume * 100)} %` : ', whose volume stays';
  return `Home Assistant ${version}: ${tts.name} speaks on ${id} (${player.state})${loud}`;
}

async function checkMaker(connection: HomeAssistantConnection, tts: Tts): Promise<void> {
  const services = await servicesOf(connection, 'tts');
  if (services.includes(tts.service)) {
    await proveMaker(connection, tts);
    return;
  }
  const found = `no ${tts.name}; services: ${services.join(', ') || 'none'}`;
  throw connection.faults.refused('tts_missing', MAKER, found);
}

/**
 * Home Assistant takes a call for an entity that is not there, and does nothing.
 * @throws DeliveryError where there is no speech to be expected
 */
export async function proveMaker(connection: HomeAssistantConnection, { entity }: Tts): Promise<void> {
  if (entity === undefined) return;
  const state = await new Entity(connection, entity).now();
  if (state !== undefined && state.state !== 'unavailable') return;
  // while Home Assistant starts, its entities come one by one
  await connection.version();
  const { faults } = connection;
  if (state === undefined) throw faults.refused('tts_missing', MAKER, `no ${entity}`);
  throw faults.refused('tts_unavailable', `the speech maker ${entity}`, 'it is unavailable: does it run?');
}

async function checkLanguage(connection: HomeAssistantConnection, tts: Tts, language: string): Promise<void> {
  const told = await connection.ask({ type: 'tts/engine/get', engine_id: tts.engine });
  const { success, data } = engine.safeParse(told);
  const languages = success ? data.provider.supported_languages : undefined;
  if (languages === undefined || languages === null || languages.includes(language)) return;
  const expected = `a language that ${tts.name} speaks: ${languages.join(', ')}`;
  throw connection.faults.refused('language_missing', expected, language);
}
