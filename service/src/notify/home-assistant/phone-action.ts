/** What a person answers on the phone. */
type PhoneAnswer =
  { readonly kind: 'fine'; readonly episode: string } | { readonly kind: 'mute'; readonly ms: number };

const FINE = 'LEFTON_FINE:';
const MUTE = 'LEFTON_MUTE:';
/** Longer is no action of ours. */
const LONGEST = 300;
const LONGEST_MUTE_S = 7 * 24 * 3600;
/** A meter and the instant of onset, as `episode` in the records. */
const EPISODE = /^[^\p{C}]{1,200}@\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/u;

export const fineAction = (episode: string): string => `${FINE}${episode}`;
export const muteAction = (ms: number): string => `${MUTE}${Math.round(ms / 1000)}`;

/** Whether it claims to be of ours. */
export const isOurs = (action: string): boolean => action.startsWith('LEFTON_');

/** Undefined for what we never sent. */
export function answerOf(action: string): PhoneAnswer | undefined {
  if (action.length > LONGEST) return undefined;
  if (action.startsWith(FINE)) {
    const episode = action.slice(FINE.length);
    return EPISODE.test(episode) ? { kind: 'fine', episode } : undefined;
  }
  const seconds = action.startsWith(MUTE) ? action.slice(MUTE.length) : '';
  if (!/^[1-9]\d{0,6}$/.test(seconds) || Number(seconds) > LONGEST_MUTE_S) return undefined;
  return { kind: 'mute', ms: Number(seconds) * 1000 };
}
