export * from "./src/workos.ts";
export * from "./src/config.ts";
export * from "./src/errors.ts";
export * from "./src/page.ts";
export { type RequestOptions, type ResponseInfo, responseOf } from "./src/transport.ts";
