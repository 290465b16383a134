import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type Attributes, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from "npm:@opentelemetry/api@1.9.0";
import { spans } from "../../examples/opentelemetry.ts";
import { fakeApi, json } from "../fake_api.ts";

interface Ended {
  name: string;
  attributes: Attributes;
  failed: boolean;
}

/** A tracer that writes down the spans that have ended. */
function fakeTracer() {
  const ended: Ended[] = [];
  let count = 0;
  const startSpan: Tracer["startSpan"] = (name, { kind, attributes } = {}) => {
    const own: Ended = { name, attributes: { ...attributes }, failed: false };
    const spanId = String(++count).padStart(16, "0");
    const span: Pick<Span, "spanContext" | "setAttributes" | "setStatus" | "end"> = {
      spanContext: () => ({ traceId: "a".repeat(32), spanId, traceFlags: 1 }),
      setAttributes: (more) => (Object.assign(own.attributes, more), span as Span),
      setStatus: ({ code }) => (own.failed = code === SpanStatusCode.ERROR, span as Span),
      end: () => void ended.push(own),
    };
    assertEquals(kind, SpanKind.CLIENT);
    return span as Span;
  };
  return { tracer: { startSpan } as Tracer, ended };
}

describe("spans()", () => {
  it("makes one span per attempt, and sends it along", async () => {
    const { tracer, ended } = fakeTracer();
    const busy = json({}, { status: 503, headers: { "Retry-After": "0" } });
    const api = fakeApi.with({ ...spans(tracer), maxRetries: 1 }, busy, { id: "org_1" });

    await api.workos.organizations.getOrganization("org_1");

    const attributes = {
      "http.request.method": "GET",
      "url.template": "/organizations/{}",
      "server.address": "api.workos.com",
      "server.port": 443,
    };
    const answered = (status: number) => ({ "http.response.status_code": status, "workos.request_id": "req_fake" });
    const name = "GET /organizations/{}";
    assertEquals(ended, [
      { name, attributes: { ...attributes, "error.type": "503", ...answered(503) }, failed: true },
      { name, attributes: { ...attributes, "http.request.resend_count": 1, ...answered(200) }, failed: false },
    ]);
    assertEquals(
      api.requests.map(({ headers }) => headers.traceparent),
      [1, 2].map((span) => {
        return `00-${"a".repeat(32)}-${String(span).padStart(16, "0")}-01`;
      }),
    );
  });

  it("ends the spans of a call that has no answer, and tells why", async () => {
    const { tracer, ended } = fakeTracer();
    const { workos } = fakeApi.with({ ...spans(tracer), maxRetries: 1 }, new TypeError("refused"));

    await assertRejects(() => workos.organizations.getOrganization("org_1"));

    assertEquals(ended.map(({ failed }) => failed), [true, true]);
    assertEquals(ended.map(({ attributes }) => attributes["error.type"]), ["_OTHER", "NetworkException"]);
    assertEquals(ended.map(({ attributes }) => attributes["http.response.status_code"]), [undefined, undefined]);
  });

  it("tells the host from its port", async () => {
    const { tracer, ended } = fakeTracer();
    const { workos } = fakeApi.with({ ...spans(tracer), apiHostname: "localhost", port: 8080 }, { id: "org_1" });

    await workos.organizations.getOrganization("org_1");

    const { "server.address": server, "server.port": port } = ended[0].attributes;
    assertEquals([server, port], ["localhost", 8080]);
  });

  it("ends the span of a call that is aborted", async () => {
    const { tracer, ended } = fakeTracer();
    const controller = new AbortController();
    const fetchFn = () => {
      controller.abort();
      return new Promise<Response>(() => {});
    };
    const { workos } = fakeApi.with({ ...spans(tracer), fetchFn });

    await assertRejects(() => workos.organizations.getOrganization("org_1", { signal: controller.signal }));

    assertEquals(ended.map(({ failed }) => failed), [true]);
  });

  it("sends no trace, and complains about nothing, where tracing is not set up", async () => {
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const logger = { debug: log, info: log, warn: log, error: log };
    const tracer = trace.getTracer("workos");
    const { workos, requests } = fakeApi.with({ ...spans(tracer), logger, logLevel: "warn" }, { id: "org_1" });

    await workos.organizations.getOrganization("org_1");

    assertEquals([lines, requests[0].headers.traceparent], [[], undefined]);
  });
});
