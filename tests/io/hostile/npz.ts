/** Archives of arrays of NumPy of those who mean harm. */
import { deflateRawSync } from "node:zlib";
import { crc32 } from "../../../src/io/numpy/crc32.ts";
import { npyOf, said, whole } from "./npy.ts";
import { type Case, latin1, unsafeNames } from "./values.ts";

interface Packed {
  name: string;
  data: Uint8Array;
  method: number;
  flags: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
  extra: Uint8Array;
  /** What the local header has otherwise. */
  local: { signature?: number; method?: number; nameBytes?: number };
}

const words = (bytes: 2 | 4 | 8, ...values: (number | bigint)[]) =>
  values.flatMap((value) => [...new Uint8Array(BigUint64Array.of(BigInt(value)).buffer).subarray(0, bytes)]);

interface Ending {
  entries?: number;
  size?: number;
  offset?: number;
  /** Between the directory and the end. */
  before?: (place: number) => number[];
  after?: number[];
}

/** An archive, each field of which may be another. */
export function zipOf(entries: readonly Partial<Packed>[], ending: Ending = {}): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const all = entries.map((given) => {
    const file = given.data ?? whole;
    const data = given.method === 8 && given.data === undefined ? new Uint8Array(deflateRawSync(file)) : file;
    const one: Packed = {
      ...{
        name: "a.npy",
        method: 0,
        flags: 0,
        crc: crc32(whole),
        size: whole.length,
        extra: new Uint8Array(),
      },
      ...{ local: {}, packed: data.length, offset: bytes.length },
      ...given,
      data,
    };
    const name = latin1(one.name);
    const { signature = 0x04034b50, method = one.method, nameBytes = name.length } = one.local;
    bytes.push(
      ...words(4, signature),
      ...words(2, 20, one.flags, method, 0, 33),
      ...words(4, one.crc, one.packed, one.size),
    );
    bytes.push(...words(2, nameBytes, 0), ...name, ...data);
    return one;
  });
  const start = bytes.length;
  for (const one of all) {
    const name = latin1(one.name);
    bytes.push(...words(4, 0x02014b50), ...words(2, 20, 20, one.flags, one.method, 0, 33));
    bytes.push(
      ...words(4, one.crc, one.packed, one.size),
      ...words(2, name.length, one.extra.length, 0, 0, 0),
    );
    bytes.push(...words(4, 0, one.offset), ...name, ...one.extra);
  }
  const {
    entries: count = all.length,
    size = bytes.length - start,
    offset = start,
    before,
    after = [],
  } = ending;
  bytes.push(...(before?.(bytes.length) ?? []));
  bytes.push(
    ...words(4, 0x06054b50),
    ...words(2, 0, 0, count, count),
    ...words(4, size, offset),
    ...words(2, 0),
    ...after,
  );
  return Uint8Array.from(bytes);
}

const zeros = new Uint8Array(2 ** 20);
const bomb = new Uint8Array(deflateRawSync(zeros));
const good = zipOf([{}]);
const large = (...fields: (number | bigint)[]) =>
  Uint8Array.from([...words(2, 1, 8 * fields.length), ...words(8, ...fields)]);
const MOST = 0xffffffff;
/** An end of 64 bits, whose locator says where it is. */
const end64 = (fields: {
  entries?: bigint;
  size?: bigint;
  offset?: bigint;
  place?: bigint;
  signature?: number;
}) => ({
  entries: 0xffff,
  size: MOST,
  offset: MOST,
  before: (at: number) => [
    ...words(4, fields.signature ?? 0x06064b50),
    ...words(8, 44),
    ...words(2, 45, 45),
    ...words(4, 0, 0),
    ...words(
      8,
      fields.entries ?? 1n,
      fields.entries ?? 1n,
      fields.size ?? 51n,
      fields.offset ?? BigInt(at - 51),
    ),
    ...words(4, 0x07064b50, 0),
    ...words(8, fields.place ?? at),
    ...words(4, 1),
  ],
});

export const npz: readonly Case[] = [
  ...[4, 21, 22, 60, good.length - 60, good.length - 22, good.length - 1].map((length) => ({
    name: `an archive that is cut to ${length} bytes`,
    bytes: good.slice(0, length),
    says: /no end; it is cut short/,
  })),
  { name: "an archive with more behind it", bytes: zipOf([{}], { after: [0] }), says: "no end" },
  ...unsafeNames.map((name) => ({
    name: `the name ${JSON.stringify(name)}`,
    bytes: zipOf([{ name }]),
    says: "leads nowhere",
  })),
  { name: "the name of nothing", bytes: zipOf([{ name: "" }]), says: "leads nowhere" },
  { name: "a name twice", bytes: zipOf([{}, {}]), says: 'the name "a.npy" twice' },
  { name: "a name that is no UTF-8", bytes: zipOf([{ name: "\xff.npy" }]), says: "the name of entry 0" },
  ...[1, 6, 9, 12, 14, 93, 95, 98, 99, 65_535].map((method) => ({
    name: `method ${method}`,
    bytes: zipOf([{ method }]),
    says: `"a.npy" is packed by method ${method}`,
  })),
  { name: "an entry that is encrypted", bytes: zipOf([{ flags: 1 }]), says: '"a.npy" is encrypted' },
  ...[0, 65_534, 2].map((entries) => ({
    name: `a directory of ${entries} entries where there is 1`,
    bytes: zipOf([{}], { entries }),
    says: entries === 0 ? /no tensor/ : "the directory has",
  })),
  ...[0, 1, 45, 2 ** 24 + 1, 2 ** 31, MOST - 1].map((size) => ({
    name: `a directory of ${size} bytes`,
    bytes: zipOf([{}], { size }),
    says: /directory/,
  })),
  ...[1, 10, 2 ** 31, MOST - 1].map((offset) => ({
    name: `a directory at ${offset}`,
    bytes: zipOf([{}], { offset }),
    says: /directory|begins/,
  })),
  ...[1, 100, 2 ** 31, MOST - 1].map((offset) => ({
    name: `an entry at ${offset}`,
    bytes: zipOf([{ offset }]),
    says: /"a\.npy" has \d+ bytes from \d+ on|has no header at/,
  })),
  ...[1, 2 ** 31, MOST - 1].map((more) => ({
    name: `an entry of ${more} bytes more than it has`,
    bytes: zipOf([
      { packed: Math.min(MOST - 1, whole.length + more), size: Math.min(MOST - 1, whole.length + more) },
    ]),
    says: /"a\.npy" (has \d+ bytes from 0 on|unpacks to|has no header at 0)/,
  })),
  {
    name: "two entries of the same bytes",
    bytes: zipOf([{}, { name: "b.npy", offset: 0 }]),
    says: /has \d+ bytes from 0 on; needs to end before 0/,
  },
  {
    name: "two entries that overlap",
    bytes: zipOf([{ packed: whole.length + 40, size: whole.length + 40 }, { name: "b.npy" }]),
    says: /"a\.npy" has \d+ bytes from 0 on; needs to end before/,
  },
  ...[0, 1, 10].map((size) => ({
    name: `a stored entry that is said to have ${size} bytes`,
    bytes: zipOf([{ size }]),
    says: `"a.npy" is stored in ${whole.length} bytes, of ${size}`,
  })),
  ...[whole.length - 1, whole.length + 1].map((size) => ({
    name: `a deflated entry that is said to have ${size} bytes`,
    bytes: zipOf([{ method: 8, size }]),
    says: /unpacks to|bytes of numbers|cut short/,
  })),
  {
    name: "a bomb that says what it is, above the limit",
    bytes: zipOf([{ method: 8, data: bomb, size: 2 ** 30 + 1 }]),
    says: `"a.npy" unpacks to ${2 ** 30 + 1} bytes; needs at most ${2 ** 30}`,
  },
  {
    name: "a bomb that says more than can be",
    bytes: zipOf([{ method: 8, data: bomb, size: 2 ** 30 }]),
    says: "that cannot be",
  },
  {
    name: "a bomb of zeros",
    bytes: zipOf([{ method: 8, data: bomb, size: 2 ** 20, crc: crc32(zeros) }]),
    says: "no array of NumPy",
  },
  {
    name: "a bomb that says less than it is",
    bytes: zipOf([
      { method: 8, data: new Uint8Array(deflateRawSync(Buffer.concat([whole, zeros]))), size: whole.length },
    ]),
    says: `unpacks to more than ${whole.length} bytes`,
  },
  {
    name: "a bomb of 64 bits",
    bytes: zipOf([{ method: 8, data: bomb, size: MOST, extra: large(2n ** 40n) }]),
    says: "unpacks to 1099511627776 bytes",
  },
  ...[2n ** 53n, 2n ** 63n, 2n ** 64n - 1n].map((size) => ({
    name: `an entry of ${size} bytes, in 64 bits`,
    bytes: zipOf([{ size: MOST, extra: large(size) }]),
    says: "entry 0 of the ZIP archive has no size that there can be",
  })),
  {
    name: "an entry whose 64 bits are missing",
    bytes: zipOf([{ size: MOST }]),
    says: "has no size that there can be",
  },
  {
    name: "an entry whose second 64 bits are missing",
    bytes: zipOf([{ size: MOST, packed: MOST, extra: large(9n) }]),
    says: "has no packed size that there can be",
  },
  {
    name: "an entry whose place in 64 bits is missing",
    bytes: zipOf([{ offset: MOST }]),
    says: "has no offset that there can be",
  },
  ...[2n ** 63n, 2n ** 53n - 1n, 100_000n].map((place) => ({
    name: `an end of 64 bits at ${place}`,
    bytes: zipOf([{}], end64({ place })),
    says: "the end of the ZIP archive is at",
  })),
  {
    name: "an end of 64 bits that is none",
    bytes: zipOf([{}], end64({ signature: 1 })),
    says: "has no end at",
  },
  ...[2n ** 16n + 1n, 2n ** 53n, 2n ** 64n - 1n].map((entries) => ({
    name: `${entries} entries, in 64 bits`,
    bytes: zipOf([{}], end64({ entries })),
    says: "the ZIP archive lists",
  })),
  ...[2n ** 25n, 2n ** 63n].map((size) => ({
    name: `a directory of ${size} bytes, in 64 bits`,
    bytes: zipOf([{}], end64({ size })),
    says: "the directory has",
  })),
  ...[2n ** 53n, 2n ** 63n].map((offset) => ({
    name: `a directory at ${offset}, in 64 bits`,
    bytes: zipOf([{}], end64({ offset })),
    says: "the directory has",
  })),
  { name: "another checksum", bytes: zipOf([{ crc: 1 }]), says: '"a.npy" has another checksum' },
  {
    name: "another checksum of what is deflated",
    bytes: zipOf([{ method: 8, crc: 1 }]),
    says: '"a.npy" has another checksum',
  },
  {
    name: "no local header",
    bytes: zipOf([{}, { name: "b.npy", local: { signature: 1 } }]),
    says: '"b.npy" has no header at',
  },
  {
    name: "a local header of another method",
    bytes: zipOf([{ local: { method: 8 } }]),
    says: "has no header at 0 that fits",
  },
  {
    name: "a local header of a long name",
    bytes: zipOf([{ local: { nameBytes: 65_535 } }]),
    says: "has no header at 0 that fits",
  },
  ...[1, 20, 40].map((at) => {
    const data = new Uint8Array(deflateRawSync(whole));
    data[Math.min(at, data.length - 1)]! ^= 0x55;
    return { name: `what is deflated, changed at ${at}`, bytes: zipOf([{ method: 8, data }]), says: /"a/ };
  }),
  {
    name: "what is deflated, cut short",
    bytes: zipOf([{ method: 8, data: new Uint8Array(deflateRawSync(whole)).slice(0, 20) }]),
    says: /"a/,
  },
  {
    name: "what is no deflated data",
    bytes: zipOf([{ method: 8, data: Uint8Array.of(6, 6, 6, 6), size: 100 }]),
    says: /"a/,
  },
  {
    name: "an array in it that is damaged",
    bytes: zipOf([{ data: npyOf(said("(-1,)")), crc: 0, size: npyOf(said("(-1,)")).length }]),
    says: "shape[0] is -1",
  },
];
