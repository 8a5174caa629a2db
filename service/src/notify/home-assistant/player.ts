import { z } from 'zod';
import type { EntityState } from './entity.ts';

/** Bits of Home Assistant's MediaPlayerEntityFeature. */
const VOLUME_SET = 4;
const PLAY_MEDIA = 512;

const told = z.object({
  supported_features: z.number().catch(0),
  volume_level: z.number().nullish().catch(null),
  is_volume_muted: z.boolean().nullish().catch(null),
  media_content_id: z.unknown().optional(),
  media_title: z.unknown().optional(),
});

/** A media player at one instant. */
export interface Player {
  readonly state: string;
  readonly playing: boolean;
  /** 0..1; null where it does not tell, as most do while they are off. */
  readonly volume: number | null;
  readonly muted: boolean;
  /** Differs from one piece of sound to the next. */
  readonly media: string;
  /** As bits; 0 where it does not tell. */
  readonly features: number;
  readonly takesMedia: boolean;
  readonly takesVolume: boolean;
  /** Since when, in ms of Home Assistant's clock. */
  readonly at: number;
}

/** Reads the state of a media player. */
export function playerOf({ state, attributes, at }: EntityState): Player {
  const { supported_features, volume_level, is_volume_muted, media_content_id, media_title } =
    told.parse(attributes);
  const can = (feature: number): boolean => (supported_features & feature) !== 0;
  return {
    state,
    playing: state === 'playing',
    volume: volume_level ?? null,
    muted: is_volume_muted === true,
    media: JSON.stringify([media_content_id, media_title]),
    features: supported_features,
    takesMedia: can(PLAY_MEDIA),
    takesVolume: can(VOLUME_SET),
    at,
  };
}
