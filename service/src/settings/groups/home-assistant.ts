import { z } from 'zod';
import { setting } from '../about.ts';
import { flagField, httpField, numberField, textField } from '../fields.ts';

/** Home Assistant, which speaks, notifies, and may have a sensor with power: docs/home-assistant.md. */
export const homeAssistantFields = {
  home_assistant_url: setting(
    httpField.nullable().default(null),
    'what you open in the browser, without a path; with home_assistant_token',
    { takes: 'http(s) address: `http://homeassistant.local:8123`' },
  ),
  home_assistant_token: setting(textField, 'a long-lived access token', { secret: true }),
  home_assistant_player: setting(textField, 'who speaks; with home_assistant_tts', {
    takes: 'media player: `media_player.kitchen`',
  }),
  home_assistant_tts: setting(textField, 'what makes the speech', {
    takes: 'entity `tts.piper`, or service `google_translate_say`',
  }),
  home_assistant_tts_language: setting(textField, 'language of the speech, as its maker names it', {
    takes: 'a tag: `de`',
    usual: 'language, where that is not en',
  }),
  home_assistant_proof: setting(
    z.enum(['playing', 'accepted']).default('playing'),
    'when it counts as spoken: the player plays, or Home Assistant took the request',
  ),
  home_assistant_volume: setting(
    numberField.pipe(z.number().min(0).max(1)).nullable().default(null),
    'volume while it speaks',
    { usual: 'as it is' },
  ),
  home_assistant_phone: setting(textField, 'which phone is notified', {
    takes: 'notify service `mobile_app_pixel_8`, or a notify entity',
  }),
  home_assistant_dashboard: setting(flagField, 'tell also among the notifications of Home Assistant'),
};
