import { type Reply, unprocessable } from "./answers.ts";

const REMEMBERED = 1_000;

/** Answers of POST requests by their idempotency key, so that a repeated request does nothing twice. */
export class Idempotency {
  readonly #answers: Map<string, { text: string; reply: Promise<Reply> }> = new Map();

  /** Runs a request, or returns its earlier response. Throws a 422 when the key was used with another body. */
  async once(key: string, text: string, run: () => Promise<Reply>): Promise<{ reply: Reply; replayed: boolean }> {
    const known = this.#answers.get(key);
    if (known && known.text !== text) {
      throw unprocessable("idempotency_key_reused", "The idempotency key was used with another body.");
    }
    if (known) return { reply: await known.reply, replayed: true };
    const reply = run();
    this.#answers.set(key, { text, reply });
    reply.catch(() => this.#answers.delete(key)); // do not keep an unexpected failure
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > REMEMBERED) this.#answers.delete(oldest);
    return { reply: await reply, replayed: false };
  }
}
