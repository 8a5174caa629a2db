import { MINUTE } from '@lefton/core';
import { z } from 'zod';
import { CHANNELS, SEVERITIES } from '../channel.ts';
import type { ChannelName } from '../channel.ts';
import { jsonField } from './fields.ts';
import { parseQuietHours, parseTime } from '../notify/daily.ts';
import { defaultRules } from '../notify/rules.ts';
import type { ChannelRules } from '../notify/rules.ts';

const quietHours = z.string().transform((written, context) => {
  const hours = parseQuietHours(written);
  if (hours !== undefined) return hours;
  context.addIssue({ code: 'custom', message: 'expected two local times, such as 22:00-07:00' });
  return z.NEVER;
});
const time = z.string().transform((written, context) => {
  const minute = parseTime(written);
  if (minute !== undefined) return minute;
  context.addIssue({ code: 'custom', message: 'expected a local time, such as 08:00' });
  return z.NEVER;
});
const count = z.int().min(1).nullable();
const minutes = z.number().min(0).max(100_000);

/** What may be said of one channel; what is not said is as `defaultRules` has it. */
const ruleFields = z.strictObject({
  severity: z.enum(SEVERITIES).optional(),
  quiet_hours: quietHours.nullable().optional(),
  quiet_passes: z.enum(SEVERITIES).optional(),
  when_away: z.boolean().optional(),
  cooldown_min: minutes.optional(),
  most_per_hour: count.optional(),
  most_per_month: count.optional(),
  max_age_min: minutes.nullable().optional(),
  digest_at: time.nullable().optional(),
  fallback: z.enum(CHANNELS).nullable().optional(),
});

/** Rules by channel: an object, or the JSON text of one. */
export const rulesField = jsonField(
  z.partialRecord(z.enum(CHANNELS), ruleFields),
  '{"speech":{"severity":"critical"}}',
);

/** How each channel is to be used. */
export function rulesOf({
  channels,
}: {
  readonly channels: z.infer<typeof rulesField>;
}): Readonly<Record<ChannelName, ChannelRules>> {
  const each = CHANNELS.map((name): [ChannelName, ChannelRules] => {
    const usual = defaultRules[name];
    const given = channels[name] ?? {};
    const { most_per_hour: hour, most_per_month: month, max_age_min: age, cooldown_min: cooldown } = given;
    return [
      name,
      {
        ...usual,
        severity: given.severity ?? usual.severity,
        quietHours: given.quiet_hours === undefined ? usual.quietHours : given.quiet_hours,
        quietPasses: given.quiet_passes ?? usual.quietPasses,
        whenAway: given.when_away ?? usual.whenAway,
        cooldownMs: cooldown === undefined ? usual.cooldownMs : Math.round(cooldown * MINUTE),
        mostPerHour: hour === undefined ? usual.mostPerHour : (hour ?? Infinity),
        mostPerMonth: month === undefined ? usual.mostPerMonth : (month ?? Infinity),
        maxAgeMs: age === undefined ? usual.maxAgeMs : age === null ? Infinity : age * MINUTE,
        digestAt: given.digest_at === undefined ? usual.digestAt : given.digest_at,
        fallback: given.fallback === undefined ? usual.fallback : given.fallback,
      },
    ];
  });
  return Object.fromEntries(each) as Record<ChannelName, ChannelRules>;
}
