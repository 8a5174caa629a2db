import { LANGUAGES } from '@lefton/core';
import { z } from 'zod';
import { setting } from '../about.ts';
import { httpField, httpLoginField, numberField, textField } from '../fields.ts';
import { rulesField } from '../rules.ts';

/** What people are told, when and in what words. */
export const peopleFields = {
  language: setting(z.enum(LANGUAGES).default('en'), 'language of messages', { value: 'tag' }),
  critical_w: setting(
    numberField.pipe(z.number().positive()).default(3_000),
    'so much above usual is worth waking for',
    { unit: 'W' },
  ),
  channels: setting(
    rulesField.default({}),
    'when each channel tells what, and which one stands in: docs/alerts.md',
    {
      takes: 'JSON, rules by channel: `{"speech":{"severity":"critical"}}`',
      usual: 'as docs/alerts.md has it',
    },
  ),
};

/** Pushbullet: docs/pushbullet.md. */
export const pushbulletFields = {
  pushbullet_token: setting(textField, 'access token; sets the channel up', { secret: true }),
  pushbullet_device: setting(textField, 'nickname or iden of the one device to tell', {
    usual: 'all of them',
  }),
  pushbullet_channel: setting(textField, 'tag of a channel of yours, to tell its subscribers'),
  pushbullet_url: setting(
    httpField.default('https://api.pushbullet.com'),
    'where Pushbullet is asked; another for a stand-in of your own',
  ),
};

/** Posts to ntfy and to an address of your own: docs/webhook.md. */
export const postFields = {
  ntfy_topic: setting(
    textField,
    'topic to publish to; sets the channel up, and who knows it can read along',
    {
      secret: true,
    },
  ),
  ntfy_url: setting(httpField.default('https://ntfy.sh'), 'the ntfy server'),
  ntfy_token: setting(textField, 'access token of a server that asks for one', { secret: true }),
  webhook_url: setting(
    httpLoginField.nullable().default(null),
    'each alert is a POST of JSON there; sets the channel up',
    { takes: 'http(s) address, may have user and password in it', secret: true },
  ),
  webhook_secret: setting(
    z.string().min(16, 'expected at least 16 characters').nullable().default(null),
    'signs what is sent',
    { takes: '16 characters or more', secret: true },
  ),
};
