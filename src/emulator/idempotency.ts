import type { Reply } from "./answers.ts";

const REMEMBERED = 1_000;
/** Milliseconds a key is good for. */
const LIFETIME = 24 * 60 * 60_000;

/** A request with an idempotency key. */
interface Keyed {
  key: string;
  /** When it comes, in milliseconds since the epoch. */
  now: number;
}

/** Answers of POST requests by their idempotency key, so that a repeated request does nothing twice. */
export class Idempotency {
  readonly #answers: Map<string, { expires: number; reply: Promise<Reply> }> = new Map();

  /** Runs a request, or returns the earlier response to its key, whatever the body. */
  async once({ key, now }: Keyed, run: () => Promise<Reply>): Promise<{ reply: Reply; replayed: boolean }> {
    const known = this.#answers.get(key);
    if (known && known.expires > now) return { reply: await known.reply, replayed: true };
    const reply = run();
    this.#answers.set(key, { expires: now + LIFETIME, reply });
    reply.catch(() => this.#answers.delete(key)); // do not keep an unexpected failure
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > REMEMBERED) this.#answers.delete(oldest);
    return { reply: await reply, replayed: false };
  }
}
