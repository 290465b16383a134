// Unsigned 32-bit numbers in one to five bytes (LEB128): seven bits per byte, the lowest first.

const MAX_UINT32 = 4294967295;

/** A number read by {@linkcode decodeUint32}. */
export interface DecodedUint32 {
  /** The number, 0 to 4294967295. */
  value: number;
  /** Index of the first byte after the number. */
  nextIndex: number;
}

/** The shortest encoding of a whole number from 0 to 4294967295. Throws a `RangeError` for any other number. */
export function encodeUint32(value: number): Uint8Array<ArrayBuffer> {
  if (!Number.isFinite(value)) throw new RangeError("Value must be a finite number");
  if (!Number.isInteger(value)) throw new RangeError("Value must be an integer");
  if (value < 0) throw new RangeError("Value must be non-negative");
  if (value > MAX_UINT32) throw new RangeError(`Value must not exceed ${MAX_UINT32} (MAX_UINT32)`);
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push(value % 128 | 0x80);
  return new Uint8Array([...bytes, value]);
}

/** Decodes a number at `offset`, even one that is longer than necessary. Throws a `RangeError` for anything else. */
export function decodeUint32(bytes: Uint8Array, offset: number = 0): DecodedUint32 {
  if (!Number.isInteger(offset) || offset < 0 || offset >= bytes.length) {
    throw new RangeError(`Offset ${offset} is out of bounds (buffer length: ${bytes.length})`);
  }
  let value = 0;
  for (let place = 0; offset + place < bytes.length; place++) {
    const byte = bytes[offset + place];
    if (place === 5) throw new RangeError("LEB128 sequence exceeds maximum length for uint32");
    if (place === 4 && (byte & 0x7f) > 0x0f) throw new RangeError("LEB128 sequence exceeds uint32 range");
    value += (byte & 0x7f) * 128 ** place; // not a shift: bit 31 would make it negative
    if (byte < 0x80) return { value, nextIndex: offset + place + 1 };
  }
  throw new RangeError("Truncated LEB128 encoding");
}
