import { signPayload } from "../signature.ts";
import type { EmulatorEvent } from "./records.ts";

/** How an event was delivered to a webhook endpoint. */
export interface Delivery {
  /** Id of the webhook endpoint. */
  endpointId: string;
  /** URL it was sent to. */
  url: string;
  /** Id of the event. */
  eventId: string;
  /** Name of the event, such as `user.created`. */
  event: string;
  /** Status of each attempt, in order; `null` where there was no response. */
  statuses: (number | null)[];
  /** Whether an attempt succeeded (2xx). */
  delivered: boolean;
}

/** Where and how events are sent. */
export interface WebhookOptions {
  /** Sends the requests. */
  deliver: (url: string, init: RequestInit) => Promise<Response>;
  /** How often one event is tried. */
  attempts: number;
  /** Clock of the signatures, in milliseconds. */
  now: () => number;
}

/** A receiver of events. */
export interface Receiver {
  /** Id of the webhook endpoint. */
  id: string;
  /** URL of the endpoint. */
  endpoint_url: string;
  /** Secret that signs its deliveries. */
  secret: string;
}

const REMEMBERED = 1_000;

/** Sends signed events to webhook endpoints: one at a time, in the order they happened. */
export class Webhooks {
  readonly #options: WebhookOptions;
  readonly #log: Delivery[] = [];
  #queue: Promise<void> = Promise.resolve();

  /** Sends nothing yet. */
  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /** The last deliveries that are over. */
  get log(): Delivery[] {
    return structuredClone(this.#log);
  }

  /** Puts one event in line for one receiver. */
  enqueue(event: EmulatorEvent, receiver: Receiver): void {
    const payload = JSON.stringify(event);
    const target = { ...receiver };
    this.#queue = this.#queue.then(async () => {
      const { id: endpointId, endpoint_url: url } = target;
      const statuses = await this.#deliver(payload, target);
      const delivered = isSuccess(statuses.at(-1));
      this.#log.push({ endpointId, url, eventId: event.id, event: event.event, statuses, delivered });
      if (this.#log.length > REMEMBERED) this.#log.shift();
    });
  }

  /** Waits until nothing is in line any more, including what was added meanwhile. */
  async flush(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.#queue) {
      seen = this.#queue;
      await seen;
    }
  }

  async #deliver(payload: string, receiver: Receiver): Promise<(number | null)[]> {
    const statuses: (number | null)[] = [];
    while (statuses.length < this.#options.attempts && !isSuccess(statuses.at(-1))) {
      statuses.push(await this.#attempt(payload, receiver));
    }
    return statuses;
  }

  async #attempt(payload: string, { endpoint_url, secret }: Receiver): Promise<number | null> {
    const { deliver, now } = this.#options; // called bare: Workers reject a fetch with a receiver
    const timestamp = now();
    const signature = await signPayload({ timestamp, payload, secret });
    const headers = { "Content-Type": "application/json", "WorkOS-Signature": `t=${timestamp}, v1=${signature}` };
    try {
      const signal = AbortSignal.timeout(10_000);
      const response = await deliver(endpoint_url, { method: "POST", headers, body: payload, signal });
      await response.body?.cancel(); // an unread body keeps its connection open
      return response.status;
    } catch {
      return null; // a failed attempt is a result here: it is logged and repeated
    }
  }
}

function isSuccess(status: number | null | undefined): boolean {
  return typeof status === "number" && status >= 200 && status < 300;
}
