import type { JsonWebKeySet } from "../jwt.ts";
import { generateSigningKey, type SigningKey, signJwt } from "./signing.ts";

/** The keys access tokens are signed with. The first one is made when it is first needed. */
export class SigningKeys {
  #current: Promise<SigningKey> | undefined;
  #older: Promise<SigningKey>[] = [];
  #made = 0;

  /** Starts with a key that was made before, or none. */
  constructor(key?: SigningKey) {
    if (key) this.#current = Promise.resolve(key);
  }

  /** Signs claims with the newest key. */
  async sign(claims: object): Promise<string> {
    const { privateKey, jwk } = await this.#key();
    return await signJwt(claims, { privateKey, kid: jwk.kid });
  }

  /** The public halves, newest first. */
  async jwks(): Promise<JsonWebKeySet> {
    const keys = await Promise.all([this.#key(), ...this.#older]);
    return { keys: keys.map(({ jwk }) => jwk) };
  }

  /** Signs with a new key from now on; the others stay in the key set unless `retire` is set. */
  async rotate({ retire = false }: { retire?: boolean } = {}): Promise<void> {
    this.#older = retire ? [] : [this.#key(), ...this.#older];
    this.#current = this.#generate();
    await this.#current;
  }

  #key(): Promise<SigningKey> {
    return this.#current ??= this.#generate();
  }

  #generate(): Promise<SigningKey> {
    return generateSigningKey(`sso_oidc_key_pair_${String(++this.#made).padStart(26, "0")}`);
  }
}
