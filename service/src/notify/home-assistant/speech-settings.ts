/** Who speaks, and how. */
export interface SpeechSettings {
  /** A media player: `media_player.kitchen`. */
  readonly player: string;
  /** What makes the speech: `tts.piper`, or an older service: `google_translate_say`. */
  readonly tts: string;
  /** 0..1 while it speaks; null leaves it as it is. */
  readonly volume: number | null;
  /** As Home Assistant names it, such as `de`; null: the speech maker's own. */
  readonly language: string | null;
  /** `accepted`: believe Home Assistant, for players that do not tell of announcements; then the volume is left alone. */
  readonly proof?: 'playing' | 'accepted';
  readonly limits?: Partial<SpeechLimits>;
}

/** All in ms. */
export interface SpeechLimits {
  /** Making the speech and handing it to the player. */
  readonly callMs: number;
  /** From then until it plays. */
  readonly startMs: number;
  /** What plays shorter was not spoken. */
  readonly leastMs: number;
  /** How long a player that stopped at once may take to begin again. */
  readonly graceMs: number;
  /** Longest message; a player that tells of no end is believed then. */
  readonly endMs: number;
  /** How often the player is asked, as many tell only every 10 s. */
  readonly pollMs: number;
  /** How long it is tried to put the volume back while the player or Home Assistant is away. */
  readonly restoreMs: number;
}

export const SPEECH_LIMITS: SpeechLimits = {
  callMs: 20_000,
  startMs: 10_000,
  leastMs: 1_000,
  graceMs: 2_000,
  endMs: 60_000,
  pollMs: 400,
  restoreMs: 120_000,
};
