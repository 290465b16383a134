import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { ConflictException, NotFoundException, type WorkOS, WorkOSException } from "../../mod.ts";
import { emulator, restart } from "./client.ts";

describe("the vault with the emulator", () => {
  let workos: WorkOS;

  beforeEach(() => {
    workos = restart();
  });

  const context = { organization_id: "org_1", firstName: "x" };

  it("keeps secrets with all their versions", async () => {
    const { vault } = workos;
    const { id, versionId, ...metadata } = await vault.createObject({ name: "db/main", value: "one", context });
    const updated = await vault.updateObject({ id, value: "two", versionCheck: versionId! });
    const stale = () => vault.updateObject({ id, value: "three", versionCheck: versionId! });
    const conflict = await assertRejects(stale, ConflictException);

    const read = await vault.readObject({ id });
    const versions = await vault.listObjectVersions({ id });

    assertEquals([metadata.context, metadata.updatedAt instanceof Date], [context, true]);
    assertEquals([read.value, await vault.readObjectByName("db/main")], ["two", read]);
    assertEquals([(await vault.describeObject({ id })).value, updated.value], [undefined, undefined]);
    assertEquals([conflict.status, updated.metadata], [409, read.metadata]);
    assertEquals(versions.map((version) => [version.id, version.currentVersion]), [
      [updated.metadata.versionId, true],
      [versionId, false],
    ]);
    const gone = () => vault.deleteObject({ id, versionCheck: versionId! });
    await assertRejects(gone, ConflictException);
    await vault.deleteObject({ id });
    await assertRejects(() => vault.readObject({ id }), NotFoundException);
  });

  it("lists what there is, and gives a name once", async () => {
    const { vault } = workos;
    for (const name of ["a", "b", "c"]) await vault.createObject({ name, value: name, context });

    const list = await vault.listObjects({ limit: 2 });
    const search = await vault.listObjects({ search: "b", updatedAfter: new Date(emulator.now() - 60_000) });

    assertEquals((await list.toArray()).map(({ name }) => name), ["c", "b", "a"]);
    assertEquals(search.data.map(({ name }) => name), ["b"]);
    await assertRejects(() => vault.createObject({ name: "a", value: "", context }), ConflictException);
  });

  it("encrypts here, with keys of its own", async () => {
    const { vault } = workos;
    const text = "\ufeffnaïve 🗝";

    const encrypted = await vault.encrypt(text, context, "user_1");
    const other = await vault.encrypt(text, context, "user_1");

    assertEquals(await vault.decrypt(encrypted, "user_1"), text);
    assertNotEquals(encrypted, other);
    const wrong = await assertRejects(() => vault.decrypt(encrypted, "user_2"), Error);
    assertEquals([wrong.name, (wrong as { reason?: string }).reason], ["VaultError", "undecryptable"]);
    assertEquals(emulator.events.map(({ event }) => event), [
      "vault.kek.created",
      "vault.dek.read",
      "vault.dek.read",
      "vault.dek.decrypted",
      "vault.dek.decrypted",
    ]);
  });

  it("moves keys to another context", async () => {
    const { vault } = workos;
    const pair = await vault.createDataKey({ context });

    const moved = await vault.createRekey({ context: { tenant: "t1" }, encryptedKeys: pair.encryptedKeys });
    const opened = await vault.decryptDataKey({ keys: moved.encryptedKeys! });

    assertEquals([pair.context, moved.context], [context, { tenant: "t1" }]);
    assertNotEquals(moved.encryptedKeys, pair.encryptedKeys);
    assertEquals([moved.dataKey, opened], [pair.dataKey.key, pair.dataKey]);
    const broken = pair.encryptedKeys.replace(/^./, (first) => first === "A" ? "B" : "A");
    const error = await assertRejects(() => vault.decryptDataKey({ keys: broken }), WorkOSException);
    assertEquals(error.status, 400);
  });
});
