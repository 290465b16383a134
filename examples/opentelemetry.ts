// One span for every attempt of a call, as OpenTelemetry describes HTTP clients, and a trace that goes on at the API:
//
//   import { trace } from "@opentelemetry/api";
//   const workos = new WorkOS({ ...spans(trace.getTracer("workos")) });
import type { HookError, HookResponse, HookRetry, WorkOSOptions } from "@universal/workos";

/** The part of an OpenTelemetry span that is used. */
export interface Span {
  spanContext(): { traceId: string; spanId: string; traceFlags: number };
  setAttribute(name: string, value: string | number): unknown;
  setStatus(status: { code: number }): unknown;
  end(): void;
}

/** The part of an OpenTelemetry tracer that is used. */
export interface Tracer {
  startSpan(name: string, options: { kind: number; attributes: Record<string, string | number> }): Span;
}

const CLIENT = 2; // SpanKind.CLIENT
const ERROR = 2; // SpanStatusCode.ERROR

/** Options of a client whose calls are to be traced. */
export function spans(tracer: Tracer): Required<Pick<WorkOSOptions, "hooks" | "traceparent">> {
  const open = new Map<number, Span>(); // by call, which makes one attempt at a time

  const end = (event: HookResponse | HookRetry | HookError) => {
    const span = open.get(event.call); // none when onResponse has ended it already
    if (!span) return;
    open.delete(event.call);
    if (event.status !== undefined) span.setAttribute("http.response.status_code", event.status);
    if (event.requestID) span.setAttribute("workos.request_id", event.requestID);
    if (event.status === undefined || event.status >= 400) span.setStatus({ code: ERROR });
    span.end();
  };

  return {
    hooks: {
      onRequest({ call, method, route, host, attempt }) {
        const attributes = {
          "http.request.method": method,
          "url.template": route,
          "server.address": host,
          "http.request.resend_count": attempt - 1,
        };
        open.set(call, tracer.startSpan(`${method} ${route}`, { kind: CLIENT, attributes }));
      },
      onResponse: end,
      onRetry: end,
      onError: end,
    },
    traceparent({ call }) {
      const { traceId, spanId, traceFlags } = open.get(call)!.spanContext();
      return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
    },
  };
}
