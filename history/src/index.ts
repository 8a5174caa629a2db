export { counted } from './counted.ts';
export { formatNames } from './format-names.ts';
export { writeCanonical } from './formats/canonical.ts';
export { openHistoryFile, openHistoryFiles } from './files/history-file.ts';
export { importHistory } from './import.ts';
export type { ImportOptions, Unit } from './options.ts';
export { toldOf } from './report.ts';
export type { ImportReport, ImportedHistory } from './report.ts';
