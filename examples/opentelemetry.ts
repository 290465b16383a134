// A span for every attempt of a call, as OpenTelemetry describes HTTP clients, and a trace that goes on at the API:
//
//   import { trace } from "npm:@opentelemetry/api";
//   const workos = new WorkOS({ ...spans(trace.getTracer("workos")) });
//
// Each client needs spans() of its own, as clients count their calls separately.
import { isSpanContextValid, type Span, SpanKind, SpanStatusCode, type Tracer } from "npm:@opentelemetry/api@1.9.0";
import type { HookError, HookResponse, HookRetry, WorkOSOptions } from "@universal/workos";

/** Options of one client whose calls are to be traced. */
export function spans(tracer: Tracer): Required<Pick<WorkOSOptions, "hooks" | "traceparent">> {
  const open = new Map<number, Span>(); // by call, which makes one attempt at a time
  const end = ({ call, status, requestID }: HookResponse | HookRetry | HookError) => {
    const code = status === undefined || status >= 400 ? SpanStatusCode.ERROR : SpanStatusCode.UNSET;
    const attributes = { "http.response.status_code": status, "workos.request_id": requestID || undefined };
    open.get(call)?.setAttributes(attributes).setStatus({ code }).end(); // after onResponse there is none left
    open.delete(call);
  };
  return {
    hooks: {
      onRequest({ call, method, route, host, attempt }) {
        const http = { "http.request.method": method, "http.request.resend_count": attempt - 1 };
        const attributes = { ...http, "url.template": route, "server.address": host };
        open.set(call, tracer.startSpan(`${method} ${route}`, { kind: SpanKind.CLIENT, attributes }));
      },
      ...{ onResponse: end, onRetry: end, onError: end },
    },
    traceparent({ call }) {
      const context = open.get(call)!.spanContext();
      if (!isSpanContextValid(context)) return undefined; // tracing is not set up
      const { traceId, spanId, traceFlags } = context;
      return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
    },
  };
}
