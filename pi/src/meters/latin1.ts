const decoder = new TextDecoder('latin1');

/** bytes[from, to) as text, one character per byte. */
export const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  decoder.decode(bytes.subarray(from, to));
