import { type Reply, unprocessable } from "./answers.ts";

const REMEMBERED = 1_000;
/** Milliseconds a key is good for. */
const LIFETIME = 24 * 60 * 60_000;

/** A request with an idempotency key. */
interface Keyed {
  key: string;
  /** Its body. */
  text: string;
  /** When it comes, in milliseconds since the epoch. */
  now: number;
}

/** Answers of POST requests by their idempotency key, so that a repeated request does nothing twice. */
export class Idempotency {
  readonly #answers: Map<string, { text: string; expires: number; reply: Promise<Reply> }> = new Map();

  /** Runs a request, or returns its earlier response. Throws a 422 when the key was used with another body. */
  async once({ key, text, now }: Keyed, run: () => Promise<Reply>): Promise<{ reply: Reply; replayed: boolean }> {
    const found = this.#answers.get(key);
    const known = found && found.expires > now ? found : undefined;
    if (known && known.text !== text) {
      throw unprocessable("idempotency_key_reused", "The idempotency key was used with another body.");
    }
    if (known) return { reply: await known.reply, replayed: true };
    const reply = run();
    this.#answers.set(key, { text, expires: now + LIFETIME, reply });
    reply.catch(() => this.#answers.delete(key)); // do not keep an unexpected failure
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > REMEMBERED) this.#answers.delete(oldest);
    return { reply: await reply, replayed: false };
  }
}
