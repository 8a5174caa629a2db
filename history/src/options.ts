import type { Instant } from '@lefton/core';
import type { FilePlaces } from './files/joined-files.ts';

/** What the numbers of a file are, where the file does not say. */
export type Unit = 'W' | 'kW' | 'Wh' | 'kWh' | 'MWh';

/** What the person knows about a file that the file itself does not say. */
export interface ImportOptions {
  /** File name, for messages. */
  readonly place: string;
  /** The files whose bytes follow each other, where there are several: they have to be of one meter. */
  readonly files?: FilePlaces | undefined;
  /** Name of a format; without it the format is detected. */
  readonly format?: string | undefined;
  /** IANA zone of the local times in the file, for example Europe/Paris. */
  readonly zone?: string | undefined;
  /** Whether a row's time is the start or the end of its interval, against the format's own habit. */
  readonly labels?: 'start' | 'end' | undefined;
  readonly unit?: Unit | undefined;
  /** Id of the meter: chooses one where a file has several, and names the result. */
  readonly meter?: string | undefined;
  /**
   * Entity, device or column to read where a file has several; several joined by commas are added. Of Home Assistant's
   * entities +id counts as import and -id as export, whatever it is called.
   */
  readonly entity?: string | undefined;
  /** True: 03/04 is the third of April. */
  readonly dayFirst?: boolean | undefined;
  /** No home draws more than this; what would need more is a fault of the meter. Default as `defaultLimits` has it. */
  readonly maxPowerW?: number | undefined;
  /** Times more than a day after this are a clock's fault, and rejected. Default: now, by the clock of this machine. */
  readonly now?: Instant | undefined;
  /** Receives the number of bytes read so far, after decompression. */
  readonly onProgress?: ((bytesRead: number) => void) | undefined;
}
