import { signPayload } from "../signature.ts";
import type { EmulatorEvent, WebhookEndpoint } from "./records.ts";

/** The delivery of an event to a webhook endpoint. */
export interface Delivery {
  /** Id of the webhook endpoint. */
  endpointId: string;
  /** Where it was sent. */
  url: string;
  /** Id of the event. */
  eventId: string;
  /** Name of the event, such as `user.created`. */
  event: string;
  /** Status of each attempt's response, in order; `null` where there was none. */
  statuses: (number | null)[];
  /** Whether an attempt succeeded (2xx). */
  delivered: boolean;
}

/** Where and how events are sent. */
export interface WebhookOptions {
  /** Sends the requests. */
  deliver: (url: string, init: RequestInit) => Promise<Response>;
  /** Maximum number of attempts per event. */
  attempts: number;
  /** Clock of the signatures, in milliseconds. */
  now: () => number;
}

/** A receiver of events. */
type Receiver = Pick<WebhookEndpoint, "id" | "endpoint_url" | "secret">;

const REMEMBERED = 1_000;

/** Sends signed events to webhook endpoints, one at a time, in the order of the events. */
export class Webhooks {
  readonly #options: WebhookOptions;
  readonly #log: Delivery[] = [];
  #queue: Promise<void> = Promise.resolve();
  #stopped = false;

  /** Sends nothing yet. */
  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /** The last deliveries that are over. */
  get log(): Delivery[] {
    return structuredClone(this.#log);
  }

  /** Queues one event for one receiver. */
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

  /** Sends nothing any more; what is under way is not tried again. */
  stop(): void {
    this.#stopped = true;
  }

  /** Waits until the queue is empty, including events that were added meanwhile. */
  async flush(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.#queue) {
      seen = this.#queue;
      await seen;
    }
  }

  async #deliver(payload: string, receiver: Receiver): Promise<(number | null)[]> {
    const statuses: (number | null)[] = [];
    while (!this.#stopped && statuses.length < this.#options.attempts && !isSuccess(statuses.at(-1))) {
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
      return null; // a missing response is logged and retried
    }
  }
}

function isSuccess(status: number | null | undefined): boolean {
  return typeof status === "number" && status >= 200 && status < 300;
}
