/** A setting for people to look at. */
export interface SettingRow {
  readonly key: string;
  /** Of a secret only that it is set. */
  readonly value: string;
  /** The option, the variable, or the file and its key; null: nowhere, so it is the default. */
  readonly source: string | null;
}
