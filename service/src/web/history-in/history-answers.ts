import { answerOf, ask, post } from '../service.ts';
import type { Question } from '../texts/texts-jobs-en.ts';

export interface HistoryChoices {
  readonly meter?: string;
  readonly zone?: string;
  readonly unit?: string;
  readonly labels?: string;
  readonly entity?: string;
  readonly file_meter?: string;
  readonly day_first?: boolean;
  readonly take?: boolean;
  readonly use?: boolean;
}

type HistoryState =
  | 'receiving'
  | 'reading'
  | 'asking'
  | 'read'
  | 'storing'
  | 'fitting'
  | 'choosing'
  | 'starting'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'taking_out'
  | 'taken_out';

interface HistoryReport {
  readonly format: string;
  readonly unit: string;
  readonly zone: string;
  readonly rows: number;
  readonly readings: number;
  readonly duplicates: number;
  readonly gaps: number;
  readonly rejected: readonly {
    readonly line: number;
    readonly why: string;
    readonly file?: string;
    readonly file_line?: number;
  }[];
  readonly rejected_count: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly notes: readonly string[];
}

export interface HistoryJob {
  readonly id: number;
  readonly state: HistoryState;
  readonly name: string;
  readonly size: number;
  readonly received: number;
  readonly stage: string | null;
  readonly share: number | null;
  readonly choices: HistoryChoices;
  readonly question: Question | null;
  /** What the question has to choose from. */
  readonly asked_of: readonly string[];
  readonly problem: string | null;
  readonly report: HistoryReport | null;
  readonly stored: {
    readonly added: number;
    readonly known: number;
    readonly too_old: number;
    readonly unusable: number;
  } | null;
  readonly model: {
    readonly file: string;
    readonly mode: string;
    readonly why: string | null;
    readonly days: number;
    readonly alerts_per_30_days: number | null;
  } | null;
  readonly in_use: { readonly file: string; readonly kind: string } | null;
  readonly record: { readonly promoted: boolean; readonly why: string } | null;
  readonly used: boolean | null;
  readonly taken_out: { readonly readings: number; readonly model: 'before' | 'gone' | 'kept' | null } | null;
}

export interface HistoryView {
  readonly job: HistoryJob | null;
  readonly note: string | null;
  /** What can be taken out again. */
  readonly last: { readonly name: string; readonly meter: string; readonly readings: number } | null;
}

export const isOver = ({ state }: HistoryJob): boolean =>
  ['done', 'failed', 'cancelled', 'taken_out'].includes(state);

/** Small enough to arrive in time over a slow network. */
const PART = 1_048_576;

export const history = {
  view: (): Promise<HistoryView> => ask('api/history'),
  choose: (choices: HistoryChoices): Promise<HistoryView> => post('api/history/choices', choices),
  cancel: (): Promise<HistoryView> => post('api/history/cancel', {}),
  undo: (): Promise<HistoryView> => post('api/history/undo', {}),

  /** Sends a file part by part; one that was begun before goes on where it was. @throws Refused */
  async send(file: File, told: (view: HistoryView) => void): Promise<void> {
    let view = await history.view();
    const isBegun =
      view.job?.state === 'receiving' && view.job.name === file.name && view.job.size === file.size;
    if (!isBegun) view = await post('api/history', { name: file.name, size: file.size });
    told(view);
    while (view.job?.state === 'receiving' && view.job.received < file.size) {
      const at = view.job.received;
      view = await part(at, file.slice(at, at + PART));
      told(view);
    }
  },
};

async function part(at: number, bytes: Blob): Promise<HistoryView> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  return answerOf(await fetch(`api/history/bytes?at=${at}`, { method: 'POST', headers, body: bytes }));
}
