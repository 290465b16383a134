/** What the tests of Pipes share: an owner, paths, and short ways to ask. */
import { type Answer, type Driver, read } from "./drive.ts";

export const PATH = "/data-integrations";
export const ADA = { user_id: "user_ada" };
export const ADA_PATH = "/user_management/users/user_ada/connected_accounts";
export const PROVIDERS = "/user_management/users/user_ada/data_providers";
export const CONFIGURATIONS = "/organizations/org_1/data_integration_configurations";
export const CREDENTIALS = { type: "custom", client_id: "client", client_secret: "s3cret-of-ours" };
export const STAMPS = { created_at: "2026-01-01T00:00:00.000Z", updated_at: "2026-01-01T00:00:00.000Z" };

/** Short ways to ask the emulator of the moment. */
export function waysOf(api: () => Driver) {
  return {
    token: (slug: string, body: object = ADA): Promise<Answer> => api().post(`${PATH}/${slug}/token`, body),
    vend: (slug: string, body: object = ADA): Promise<Answer> => api().post(`${PATH}/${slug}/credentials`, body),
    /** Status, and where it leads or why not. */
    visit: async (url: string): Promise<unknown[]> => {
      const { status, headers, body } = await read(await api().emulator.fetch(url));
      return [status, headers.get("Location") ?? body.code];
    },
    statuses: async (answers: Promise<Answer>[]): Promise<number[]> =>
      (await Promise.all(answers)).map(({ status }) => status),
  };
}
