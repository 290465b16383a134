import { after, before, describe, it } from "@std/testing/bdd";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { compare, officialDeclarations, report } from "../../scripts/parity.ts";

const OFFICIAL = `
export type EventName = "thing.made";
export interface ThingMade { event: "thing.made"; data: Thing; createdAt: string }
export interface Thing { id: string; state: "on" | "off"; kind: Kind; events: ThingMade[] }
export enum Kind { A = "a" }
export interface GetThingOptions { id: string; kind?: Kind }
export interface Unreached { id: string }
export interface Page<T> { items: T[]; last: boolean }
declare class Things {
  private hidden(): Secret;
  readonly ready: boolean;
  getThing(options: GetThingOptions): Promise<Thing>;
  thingUrl(id: string): string;
}
interface Secret { id: string }
export declare class Broken { readonly name = "Broken"; retry(): void }
export declare class WorkOS { readonly things: Things }
export {};
`;

const OURS = `
export type EventName = "thing.made" | "thing.lost";
export interface ThingMade { event: "thing.made"; data: Thing; createdAt: string }
export interface ThingLost { event: "thing.lost"; data: null; createdAt: string }
export interface Thing { id: string; state: "on" | "off" | (string & {}); kind: Kind; events: (ThingMade | ThingLost)[] }
export const Kind = { A: "a" } as const;
export type Kind = "a" | (string & {});
export declare namespace Kind { type A = "a" }
export interface GetThingOptions { id: string; kind?: Kind }
export interface Page<T> { items: T[] }
export class Things {
  readonly ready = true;
  async getThing(options: GetThingOptions, request?: object): Promise<Thing> { return await Promise.reject({ options, request }); }
  thingUrl(id: string): string { return id; }
}
export declare class Broken { readonly name = "Broken"; retry(): void; readonly more: string }
export class WorkOS { readonly things = new Things(); }
`;

describe("compare()", () => {
  let folder: string;
  before(async () => {
    folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/official.d.mts`, OFFICIAL);
  });
  after(() => Deno.remove(folder, { recursive: true }));

  /** What differs when this text of the library is replaced. */
  async function differences(text = "", replacement = ""): Promise<string[]> {
    await Deno.writeTextFile(`${folder}/ours.ts`, OURS.replace(text, replacement));
    const { mismatches } = compare(`${folder}/official.d.mts`, `${folder}/ours.ts`);
    return mismatches.map(({ name, kind }) => `${name} ${kind}`);
  }

  it("takes open enums, new events, further parameters, and data that lacks something", async () => {
    assertEquals(await differences(), []);
  });

  it("lists public methods and the names they reach", async () => {
    await Deno.writeTextFile(`${folder}/ours.ts`, OURS);

    const { methods, types, data, members, properties } = compare(`${folder}/official.d.mts`, `${folder}/ours.ts`);

    assertEquals(methods, ["things.getThing", "things.thingUrl"]);
    assertEquals(types, ["Broken", "GetThingOptions", "Kind", "Thing", "ThingMade", "WorkOS"]);
    assertEquals(data.sort(), ["EventName", "GetThingOptions", "Kind", "Page", "Thing", "ThingMade"]);
    assertEquals(members, ["Kind.A"]);
    assertEquals(properties, ["Broken.name"]);
  });

  it("finds a narrower parameter", async () => {
    assertEquals(await differences("kind?: Kind", "kind: Kind"), [
      "things.getThing arguments",
      "GetThingOptions data",
    ]);
  });

  it("finds a result with a field missing, another type, or another known value", async () => {
    assertEquals(await differences("{ id: string; state", "{ state"), ["things.getThing result"]);
    assertEquals(await differences("id: string; state", "id: number; state"), [
      "things.getThing result",
      "ThingMade data",
      "Thing data",
    ]);
    assertEquals(await differences('"on" | "off"', '"on" | "broken"'), ["things.getThing result"]);
  });

  it("finds a type that does not take all data of the other", async () => {
    assertEquals(await differences("{ items: T[] }", "{ items: T[]; more: string }"), ["Page data"]);
    assertEquals(await differences("{ items: T[] }", "{ items: T[]; last: true }"), ["Page data"]);
  });

  it("finds a member of an enum that is no type, or another one", async () => {
    assertEquals(await differences('namespace Kind { type A = "a" }', "namespace Kind {}"), ["Kind.A member"]);
    assertEquals(await differences('type A = "a"', 'type A = "a" | "b"'), ["Kind.A member"]);
    assertEquals(await differences('{ A: "a" }', '{ A: "a", B: "b" }'), ["Kind.B member"]);
  });

  it("finds a method that is missing, or returns a promise where the other does not", async () => {
    assertEquals(await differences("thingUrl(id: string): string", "url(id: string): string"), [
      "things.thingUrl arguments",
      "WorkOS.things.thingUrl missing",
    ]);
    assertEquals(
      await differences(
        "thingUrl(id: string): string { return",
        "async thingUrl(id: string): Promise<string> { return await",
      ),
      [
        "things.thingUrl result",
      ],
    );
  });

  it("finds a property that is missing", async () => {
    assertEquals(await differences("readonly ready = true;"), ["WorkOS.things.ready missing"]);
  });

  it("finds a property of a class that has another type", async () => {
    assertEquals(await differences('readonly name = "Broken";', "readonly name: string;"), ["Broken.name property"]);
  });

  it("finds a name that is missing, or has no value", async () => {
    assertEquals(await differences("export interface GetThing", "interface GetThing"), [
      "GetThingOptions missing",
    ]);
    assertEquals(await differences('export const Kind = { A: "a" } as const;'), ["Kind missing"]);
  });
});

describe("the public types", () => {
  it("fit where those of the Node SDK are used", () => {
    const { summary, unwanted } = report(compare(officialDeclarations()));

    console.log(summary);
    assertStringIncludes(summary, "of 253 methods");
    assertEquals(unwanted, []);
  });
});
