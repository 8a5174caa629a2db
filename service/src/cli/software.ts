export const VERSION = '0.1.0';

/** Name and version, as they stand in a model's provenance. */
export const SOFTWARE = `lefton ${VERSION}`;
