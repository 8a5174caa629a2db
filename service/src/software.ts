/** Name and version, as they stand in a model's provenance. */
export const SOFTWARE = 'lefton 0.1.0';
