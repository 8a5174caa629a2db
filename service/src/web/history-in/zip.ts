/** Signatures and lengths of PKWARE's APPNOTE 6.3. */
const [LOCAL, ENTRY, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const VERSION = 20;
/** Names are UTF-8. */
const UTF8 = 0x0800;
const POLYNOMIAL = 0xedb88320;

const inOrder = new Intl.Collator('en', { numeric: true });

/**
 * Several files as one zip, not compressed, in the order of their names; what it is made of stays where it is until it is
 * sent. It is called after the first one, the same each time.
 */
export async function zipOf(files: readonly File[]): Promise<File> {
  const sorted = files.toSorted((a, b) => inOrder.compare(a.name, b.name));
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let start = 0;
  for (const file of sorted) {
    const name = new TextEncoder().encode(file.name);
    const about = [
      VERSION,
      UTF8,
      0,
      0,
      0,
      ...wide(await crcOf(file)),
      ...wide(file.size),
      ...wide(file.size),
    ];
    const local = shorts(...wide(LOCAL), ...about, name.length, 0);
    parts.push(local, name, file);
    const where = [name.length, 0, 0, 0, 0, 0, 0, ...wide(start)];
    directory.push(shorts(...wide(ENTRY), VERSION, ...about, ...where), name);
    start += local.byteLength + name.length + file.size;
  }
  const { size } = new Blob(directory);
  const count = sorted.length;
  const end = shorts(...wide(END), 0, 0, count, count, ...wide(size), ...wide(start), 0);
  return new File([...parts, ...directory, end], `${sorted[0]?.name ?? ''} (+${count - 1})`);
}

/** 32 bits as two of 16, the lower ones first. */
const wide = (value: number): [number, number] => [value & 0xffff, value >>> 16];

function shorts(...values: readonly number[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, i) => {
    view.setUint16(2 * i, value, true);
  });
  return view.buffer;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
  return sum;
});

/** CRC-32 of a file, which is read for it a part at a time. */
async function crcOf(file: File): Promise<number> {
  let sum = 0xffffffff;
  const reader = file.stream().getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read())
    for (const byte of part.value) sum = (TABLE[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return ~sum >>> 0;
}
