/** What the benchmarks use of packages that come without types. */

declare module 'dsmr-parser' {
  const parser: { parse(telegram: string): { objects: Record<string, unknown> } };
  export default parser;
}

declare module 'open-sml' {
  export class SmlFile {
    /** Whether the checksum of the frame is right; undefined where no end was found. */
    valid: boolean | undefined;
    parse(frame: Buffer): void;
  }
}

declare module 'jsmodbus/dist/rtu-client-response-handler.js' {
  interface Handler {
    handleData(data: Buffer): void;
    shift(): { readonly body: { readonly valuesAsArray: ArrayLike<number> } } | undefined;
  }
  const module: { default: new () => Handler };
  export default module;
}
