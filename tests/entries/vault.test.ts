import { assertEquals, assertInstanceOf, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import {
  type DataKeyEncryption,
  decryptWithDataKey,
  encryptedKeysOf,
  encryptWithDataKey,
  VaultError,
} from "../../src/entries/vault.ts";
import { fakeApi } from "../fake_api.ts";

const dataKey = btoa("0123456789abcdef0123456789abcdef");
const encryptedKeys = btoa("WOS.EKM.v1 and so on");
const TEXT = "\uFEFFa secret, zoë 🔐";

describe("Vault's encryption without a client", () => {
  it("decrypts what it encrypted, each time anew", async () => {
    const options = { dataKey, encryptedKeys, associatedData: "user_1" };

    const [one, other] = [await encryptWithDataKey(TEXT, options), await encryptWithDataKey(TEXT, options)];

    assertNotEquals(one, other);
    assertEquals(encryptedKeysOf(one), encryptedKeys);
    assertEquals(await decryptWithDataKey(one, options), TEXT);
    assertEquals(await decryptWithDataKey(other, { dataKey, associatedData: "user_1" }), TEXT);
  });

  it("shares texts with a client", async () => {
    const pair = { context: { a: "b" }, id: "key_1", data_key: dataKey, encrypted_keys: encryptedKeys };
    const api = fakeApi(pair, { id: "key_1", data_key: dataKey });

    const encrypted = await api.workos.vault.encrypt(TEXT, { a: "b" }, "user_1");

    assertEquals(await decryptWithDataKey(encrypted, { dataKey, associatedData: "user_1" }), TEXT);
    const own = await encryptWithDataKey("own", { dataKey, encryptedKeys });
    assertEquals(await api.workos.vault.decrypt(own), "own");
    assertEquals(api.requests[1].body, { keys: encryptedKeys });
  });

  it("counts no associated data as an empty text", async () => {
    const encrypted = await encryptWithDataKey("a", { dataKey, encryptedKeys, associatedData: null });

    for (const associatedData of [undefined, null, ""]) {
      assertEquals(await decryptWithDataKey(encrypted, { dataKey, associatedData }), "a");
    }
  });

  it("makes its own IV, whatever the options say", async () => {
    const options = { dataKey, encryptedKeys, iv: new Uint8Array(12) } as DataKeyEncryption;

    assertNotEquals(await encryptWithDataKey("a", options), await encryptWithDataKey("a", options));
  });

  it("fails with a reason", async () => {
    const encrypted = await encryptWithDataKey("a", { dataKey, encryptedKeys, associatedData: "user_1" });
    const failing: [string, () => unknown][] = [
      ["malformed", () => decryptWithDataKey(encrypted.slice(0, 40), { dataKey })],
      ["malformed", async () => await encryptedKeysOf("none")],
      ["undecryptable", () => decryptWithDataKey(encrypted, { dataKey })],
      [
        "undecryptable",
        () => decryptWithDataKey(encrypted, { dataKey: btoa("x".repeat(32)), associatedData: "user_1" }),
      ],
      ["bad_key", () => decryptWithDataKey(encrypted, { dataKey: btoa("short") })],
      ["bad_key", () => encryptWithDataKey("a", { dataKey, encryptedKeys: "" })],
    ];
    for (const [reason, run] of failing) {
      const error = await assertRejects(async () => await run());
      assertInstanceOf(error, VaultError);
      assertEquals(error.reason, reason);
    }
  });

  it("takes nothing but texts", async () => {
    const none = 7 as unknown as string;

    await assertRejects(() => encryptWithDataKey(none, { dataKey, encryptedKeys }), TypeError, "text");
    await assertRejects(
      () => encryptWithDataKey("a", { dataKey, encryptedKeys, associatedData: none }),
      TypeError,
      "associatedData",
    );
    await assertRejects(() => decryptWithDataKey(none, { dataKey }), TypeError, "encryptedData");
    assertThrows(() => encryptedKeysOf(none), TypeError);
  });
});
