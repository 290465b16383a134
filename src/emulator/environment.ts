/** Id of the environment an emulator plays. */
export const ENVIRONMENT_ID = "environment_emulator";

/** The actor of API calls: the owner of the API key. */
export const API_ACTOR: { id: string; source: "api"; name: string } = {
  id: "api_key_emulator",
  source: "api",
  name: "Emulator",
};
