import { Refused, refusalOf } from '../service.ts';

/** What is asked: score to tell from, and another budget than the model's; left out or null: as it is now. */
export interface TryQuestion {
  readonly meter: string;
  readonly alert_at?: number;
  readonly false_alarms_per_month?: number | null;
}

export interface TriedEpisode {
  readonly episode: string;
  readonly since: string;
  readonly until: string | null;
  readonly watts: number | null;
  readonly excess_wh: number;
}

export interface TriedAnswer {
  readonly alert_at: number;
  readonly from: string;
  readonly until: string;
  readonly days: number;
  readonly count: number;
  readonly per_30_days: number | null;
  readonly months: readonly { readonly month: string; readonly days: number; readonly episodes: number }[];
  readonly episodes: readonly TriedEpisode[];
  readonly fitted: 'in_use' | 'anew';
  readonly flattered: boolean;
  readonly keep: { readonly setting: string | null; readonly command: string | null };
}

export type TryStage = 'reading' | 'fitting' | 'trying';

type Line =
  | { readonly stage: TryStage; readonly share: number }
  | { readonly tried: TriedAnswer }
  | { readonly problem: { readonly detail: string } };

/** Asks what other settings would have told. Leaving (signal) ends the work on it. @throws Refused */
export async function askTry(
  question: TryQuestion,
  signal: AbortSignal,
  progress: (stage: TryStage, share: number) => void,
): Promise<TriedAnswer> {
  // what is called JSON is packed by Home Assistant's ingress, and held back meanwhile
  const headers = { 'Content-Type': 'application/json', Accept: 'application/octet-stream' };
  const response = await fetch('api/try', {
    method: 'POST',
    headers,
    body: JSON.stringify(question),
    signal,
  });
  if (!response.ok || response.body === null) throw await refusalOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Refused('The answer broke off; try again.');
    text += value;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines.map((each) => JSON.parse(each) as Line)) {
      if ('tried' in line) return line.tried;
      if ('problem' in line) throw new Refused(line.problem.detail);
      progress(line.stage, line.share);
    }
  }
}
