// The kinds of connection: protocol and identity provider.

import type { OpenEnum } from "../../wire.ts";

/** The kinds of connection: protocol and identity provider. */
// deno-fmt-ignore
export const ConnectionType = {
  ADFSSAML: "ADFSSAML", AdpOidc: "AdpOidc", AppleOAuth: "AppleOAuth", Auth0Migration: "Auth0Migration",
  Auth0SAML: "Auth0SAML", AzureSAML: "AzureSAML", BitbucketOAuth: "BitbucketOAuth", CasSAML: "CasSAML",
  ClassLinkSAML: "ClassLinkSAML", CleverOIDC: "CleverOIDC", CloudflareSAML: "CloudflareSAML",
  CyberArkSAML: "CyberArkSAML", DiscordOAuth: "DiscordOAuth", DuoSAML: "DuoSAML", EntraIdOIDC: "EntraIdOIDC",
  GenericOIDC: "GenericOIDC", GenericSAML: "GenericSAML", GitHubOAuth: "GitHubOAuth", GitLabOAuth: "GitLabOAuth",
  GoogleOAuth: "GoogleOAuth", GoogleOIDC: "GoogleOIDC", GoogleSAML: "GoogleSAML", GrokOAuth: "GrokOAuth",
  IntuitOAuth: "IntuitOAuth", JumpCloudSAML: "JumpCloudSAML", KeycloakSAML: "KeycloakSAML",
  LastPassSAML: "LastPassSAML", LinkedInOAuth: "LinkedInOAuth", LoginGovOidc: "LoginGovOidc", MagicLink: "MagicLink",
  MicrosoftOAuth: "MicrosoftOAuth", MiniOrangeSAML: "MiniOrangeSAML", NetIqSAML: "NetIqSAML", OktaOIDC: "OktaOIDC",
  OktaSAML: "OktaSAML", OneLoginSAML: "OneLoginSAML", OracleSAML: "OracleSAML", Pending: "Pending",
  PingFederateSAML: "PingFederateSAML", PingOneSAML: "PingOneSAML", RipplingSAML: "RipplingSAML",
  SalesforceOAuth: "SalesforceOAuth", SalesforceSAML: "SalesforceSAML", ShibbolethGenericSAML: "ShibbolethGenericSAML",
  ShibbolethSAML: "ShibbolethSAML", SimpleSamlPhpSAML: "SimpleSamlPhpSAML", SlackOAuth: "SlackOAuth",
  TestIdp: "TestIdp", VercelMarketplaceOAuth: "VercelMarketplaceOAuth", VercelOAuth: "VercelOAuth",
  VMwareSAML: "VMwareSAML", XeroOAuth: "XeroOAuth", XOAuth: "XOAuth",
} as const;
/** The kind of a connection: protocol and identity provider. */
export type ConnectionType = OpenEnum<typeof ConnectionType>;

/** The kinds of connection as types, such as `ConnectionType.OktaSAML`. */
// deno-fmt-ignore
export declare namespace ConnectionType {
  /** AD FS through SAML. */ type ADFSSAML = "ADFSSAML";
  /** ADP through OpenID Connect. */ type AdpOidc = "AdpOidc";
  /** Apple through OAuth. */ type AppleOAuth = "AppleOAuth";
  /** Auth0, for a migration. */ type Auth0Migration = "Auth0Migration";
  /** Auth0 through SAML. */ type Auth0SAML = "Auth0SAML";
  /** Entra ID, once Azure AD, through SAML. */ type AzureSAML = "AzureSAML";
  /** Bitbucket through OAuth. */ type BitbucketOAuth = "BitbucketOAuth";
  /** CAS through SAML. */ type CasSAML = "CasSAML";
  /** ClassLink through SAML. */ type ClassLinkSAML = "ClassLinkSAML";
  /** Clever through OpenID Connect. */ type CleverOIDC = "CleverOIDC";
  /** Cloudflare through SAML. */ type CloudflareSAML = "CloudflareSAML";
  /** CyberArk through SAML. */ type CyberArkSAML = "CyberArkSAML";
  /** Discord through OAuth. */ type DiscordOAuth = "DiscordOAuth";
  /** Duo through SAML. */ type DuoSAML = "DuoSAML";
  /** Entra ID through OpenID Connect. */ type EntraIdOIDC = "EntraIdOIDC";
  /** Any other provider through OpenID Connect. */ type GenericOIDC = "GenericOIDC";
  /** Any other provider through SAML. */ type GenericSAML = "GenericSAML";
  /** GitHub through OAuth. */ type GitHubOAuth = "GitHubOAuth";
  /** GitLab through OAuth. */ type GitLabOAuth = "GitLabOAuth";
  /** Google through OAuth. */ type GoogleOAuth = "GoogleOAuth";
  /** Google through OpenID Connect. */ type GoogleOIDC = "GoogleOIDC";
  /** Google through SAML. */ type GoogleSAML = "GoogleSAML";
  /** Grok through OAuth. */ type GrokOAuth = "GrokOAuth";
  /** Intuit through OAuth. */ type IntuitOAuth = "IntuitOAuth";
  /** JumpCloud through SAML. */ type JumpCloudSAML = "JumpCloudSAML";
  /** Keycloak through SAML. */ type KeycloakSAML = "KeycloakSAML";
  /** LastPass through SAML. */ type LastPassSAML = "LastPassSAML";
  /** LinkedIn through OAuth. */ type LinkedInOAuth = "LinkedInOAuth";
  /** Login.gov through OpenID Connect. */ type LoginGovOidc = "LoginGovOidc";
  /** A link by email, without an identity provider. */ type MagicLink = "MagicLink";
  /** Microsoft through OAuth. */ type MicrosoftOAuth = "MicrosoftOAuth";
  /** miniOrange through SAML. */ type MiniOrangeSAML = "MiniOrangeSAML";
  /** NetIQ through SAML. */ type NetIqSAML = "NetIqSAML";
  /** Okta through OpenID Connect. */ type OktaOIDC = "OktaOIDC";
  /** Okta through SAML. */ type OktaSAML = "OktaSAML";
  /** OneLogin through SAML. */ type OneLoginSAML = "OneLoginSAML";
  /** Oracle through SAML. */ type OracleSAML = "OracleSAML";
  /** Not selected yet. */ type Pending = "Pending";
  /** PingFederate through SAML. */ type PingFederateSAML = "PingFederateSAML";
  /** PingOne through SAML. */ type PingOneSAML = "PingOneSAML";
  /** Rippling through SAML. */ type RipplingSAML = "RipplingSAML";
  /** Salesforce through OAuth. */ type SalesforceOAuth = "SalesforceOAuth";
  /** Salesforce through SAML. */ type SalesforceSAML = "SalesforceSAML";
  /** Shibboleth, generic, through SAML. */ type ShibbolethGenericSAML = "ShibbolethGenericSAML";
  /** Shibboleth through SAML. */ type ShibbolethSAML = "ShibbolethSAML";
  /** SimpleSAMLphp through SAML. */ type SimpleSamlPhpSAML = "SimpleSamlPhpSAML";
  /** Slack through OAuth. */ type SlackOAuth = "SlackOAuth";
  /** The identity provider of WorkOS for tests. */ type TestIdp = "TestIdp";
  /** The Vercel Marketplace through OAuth. */ type VercelMarketplaceOAuth = "VercelMarketplaceOAuth";
  /** Vercel through OAuth. */ type VercelOAuth = "VercelOAuth";
  /** VMware through SAML. */ type VMwareSAML = "VMwareSAML";
  /** Xero through OAuth. */ type XeroOAuth = "XeroOAuth";
  /** X through OAuth. */ type XOAuth = "XOAuth";
}
