import { randomBytes, toHex } from "../bytes.ts";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ";

/** Where random bytes come from. */
export type Entropy = (length: number) => Uint8Array;

/** The same bytes on every run: for reproducible tests, never for secrets. */
export function repeatableEntropy(): Entropy {
  let state = 0x9e3779b9;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
  return (length) => Uint8Array.from({ length }, next);
}

/** Ids, tokens and codes of one emulator. */
export class Ids {
  readonly #now: () => number;
  readonly #entropy: Entropy;
  readonly #counts: Map<string, number> | undefined;

  /** Without `deterministic` ids are ULIDs, and random bytes come from the system unless `entropy` is given. */
  constructor(
    { now, deterministic, entropy = deterministic ? repeatableEntropy() : randomBytes }: {
      now: () => number;
      deterministic?: boolean;
      entropy?: Entropy;
    },
  ) {
    this.#now = now;
    this.#entropy = entropy;
    this.#counts = deterministic ? new Map() : undefined;
  }

  /** `prefix_` and 26 characters: a ULID, or a count per prefix when deterministic. */
  id(prefix: string): string {
    return `${prefix}_${this.#counts ? this.#counted(prefix, this.#counts) : this.#ulid()}`;
  }

  /** A secret of letters and digits. */
  token(length = 43): string {
    return this.#pick(LETTERS, length);
  }

  /** A one-time code, such as "042519". */
  digits(length = 6): string {
    return this.#pick("0123456789", length);
  }

  /** A code for people to type, such as "BCDF-GHJK". */
  userCode(): string {
    return `${this.#pick(CONSONANTS, 4)}-${this.#pick(CONSONANTS, 4)}`;
  }

  /** A UUID (RFC 9562, version 4). */
  uuid(): string {
    const bytes = new Uint8Array(this.#entropy(16));
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /** Raw random bytes. */
  bytes(length: number): Uint8Array {
    return this.#entropy(length);
  }

  #counted(prefix: string, counts: Map<string, number>): string {
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    return `01${base32(count, 24)}`;
  }

  #ulid(): string {
    return base32(Math.max(0, Math.floor(this.#now())), 10) + this.#pick(CROCKFORD, 16);
  }

  /** Characters drawn without bias: bytes past the last whole multiple are thrown away. */
  #pick(alphabet: string, length: number): string {
    const limit = 256 - 256 % alphabet.length;
    let text = "";
    while (text.length < length) {
      for (const byte of this.#entropy(length - text.length)) {
        if (byte < limit) text += alphabet[byte % alphabet.length];
      }
    }
    return text;
  }
}

function base32(value: number, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = CROCKFORD[rest % 32] + text;
  return text;
}
