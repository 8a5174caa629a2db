/** Longest name of a meter, in characters. */
export const LONGEST_METER = 128;
/** Half of a surrogate pair is no character: it would be another one after a way through UTF-8. */
const METER = /^[^\u0000-\u001f\u007f,"\p{Cs}]+$/u;

/** What a meter may be called, for errors. */
export const METER_NAME = `a name of 1 to ${LONGEST_METER} characters without comma, quote or control`;

/** Whether a meter may be called so: rows of CSV, keys of records and paths of HTTP carry it as it is. */
export const isMeterName = (text: string): boolean => text.length <= LONGEST_METER && METER.test(text);
