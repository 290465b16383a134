// A span for every attempt of a call, as OpenTelemetry describes HTTP clients, and a trace that goes on at the API:
//
//   import { trace } from "npm:@opentelemetry/api";
//   const workos = new WorkOS({ ...spans(trace.getTracer("workos")) });
//
// The spans have routes instead of URLs, as ids and tokens in them are nobody else's business. Each client needs spans()
// of its own, as clients count their calls separately. Where fetch is instrumented too (UndiciInstrumentation,
// OTEL_DENO), pass on the `hooks` alone: such tools add a `traceparent` to one that is there, and two are invalid.
import { isSpanContextValid, type Span, SpanKind, SpanStatusCode, type Tracer } from "npm:@opentelemetry/api@1.9.0";
import type { HookError, HookResponse, HookRetry, WorkOSOptions } from "@universal/workos";

/** Options of one client whose calls are to be traced. */
export function spans(tracer: Tracer): Required<Pick<WorkOSOptions, "hooks" | "traceparent">> {
  const open = new Map<number, Span>(); // by call, which makes one attempt at a time
  const end = ({ call, status, requestID }: HookResponse | HookRetry | HookError, failure?: string) => {
    const span = open.get(call); // after onResponse there is none left
    open.delete(call);
    span?.setAttributes({ "http.response.status_code": status, "workos.request_id": requestID || undefined });
    if (failure) span?.setAttributes({ "error.type": failure }).setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  };
  return {
    hooks: {
      onRequest({ call, method, route, host, attempt }) {
        const { hostname, port } = new URL(`https://${host}`);
        const server = { "server.address": hostname, "server.port": Number(port || 443) };
        const resent = attempt > 1 ? { "http.request.resend_count": attempt - 1 } : {};
        const attributes = { "http.request.method": method, "url.template": route, ...server, ...resent };
        open.set(call, tracer.startSpan(`${method} ${route}`, { kind: SpanKind.CLIENT, attributes }));
      },
      onResponse: (event) => end(event, event.status >= 400 ? String(event.status) : undefined),
      onRetry: (event) => end(event, "_OTHER"), // no response, or half of one
      onError: (event) => end(event, event.error instanceof Error ? event.error.name : "_OTHER"),
    },
    traceparent({ call }) {
      const context = open.get(call)!.spanContext();
      if (!isSpanContextValid(context)) return undefined; // tracing is not set up
      const { traceId, spanId, traceFlags } = context;
      return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
    },
  };
}
