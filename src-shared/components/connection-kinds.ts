import { Bug } from "../base/bug";
import { isJsonObject, type JsonObject } from "../base/json";
import type { Category, ConfigKeySchema, ConfigSchema } from "./descriptor";
import { choice, fields, flag, integer, list, number, pairs, text } from "./keys";

/** What a connection leads to. */
export const CONNECTION_KIND_NAMES = ["sqlite", "postgresql", "mysql", "smtp", "http", "webhook", "slack"] as const;

/** What a connection leads to. */
export type ConnectionKind = (typeof CONNECTION_KIND_NAMES)[number];

/** Everything a form and a check need to know of one kind of connection. */
export interface ConnectionKindDescriptor {
  readonly kind: ConnectionKind;
  /** Sentence case, e.g. `PostgreSQL`. */
  readonly title: string;
  /** One sentence. */
  readonly description: string;
  readonly icon: string;
  readonly category: Category;
  /** JSON Schema of the settings. A key with `x-field: "secret"` is sensitive: it is given as `{{ secrets.NAME }}`, never in plain. */
  readonly settings_schema: ConfigSchema;
  /** The settings a new connection starts with. */
  readonly defaults: JsonObject;
  /** The component types that take a connection of this kind by name. */
  readonly usedBy: readonly string[];
}

const DATABASE_TYPES = ["database", "database_insert", "database_update", "database_delete", "transform"] as const;

const host = text("Host", "The server's name or address.", { minLength: 1 });
const user = text("User", "The name to sign in with.", { minLength: 1 });
const password = secret("Password", "The password to sign in with.");
const tls = { "x-tab": "tls" } as const;
const pool = { "x-tab": "pool" } as const;

const certificates: { readonly [key: string]: ConfigKeySchema } = {
  ca: text("Certificate authority", "PEM text of the authority to trust beside the system's.", {
    "x-field": "text",
    ...tls,
  }),
  certificate: text("Client certificate", "PEM text of the certificate to show to the server.", {
    "x-field": "text",
    ...tls,
  }),
  key: secret("Client key", "PEM text of the client certificate's key.", tls),
  server_name: text("Server name", "The name the server's certificate must bear, where it is not the host.", tls),
};

function server(port: number): { readonly [key: string]: ConfigKeySchema } {
  return {
    host,
    port: integer("Port", "The server's port.", { default: port, minimum: 1, maximum: 65_535 }),
    database: text("Database", "The name of the database on the server.", { minLength: 1 }),
    user,
    password,
    ssl: choice(
      "TLS",
      "`disable`: in plain. `require`: encrypted, any certificate. `verify`: encrypted, and the certificate is checked.",
      ["disable", "require", "verify"],
      { default: "disable", ...tls },
    ),
    ...certificates,
    max_connections: integer("Connections", "Connections a worker keeps open to the server at most.", {
      default: 4,
      minimum: 1,
      maximum: 50,
      ...pool,
    }),
    connect_timeout: number("Connect within", "Seconds to wait for the server to answer.", {
      default: 10,
      exclusiveMinimum: 0,
      ...pool,
    }),
    idle_timeout: number("Close after", "Seconds an unused connection stays open.", {
      default: 30,
      exclusiveMinimum: 0,
      ...pool,
    }),
  };
}

const headers = pairs("Headers", "Sent with every request.", { type: "string" });

/** Every kind of connection, in the order a form lists them. */
export const CONNECTION_KINDS: readonly ConnectionKindDescriptor[] = [
  {
    kind: "sqlite",
    title: "SQLite",
    description: "A database in one file.",
    icon: "database",
    category: "integrations",
    settings_schema: {
      type: "object",
      properties: {
        file: text(
          "File",
          "The database file, relative to the workflow's folder; made when it is missing. In that folder, in the workspace's files, or in a folder that was allowed.",
          { "x-field": "path", minLength: 1 },
        ),
        read_only: flag("Read only", "Refuses every change.", { default: false }),
        busy_timeout: number("Wait for a lock", "Seconds to wait while another program writes.", {
          default: 5,
          minimum: 0,
          ...pool,
        }),
        idle_timeout: number("Close after", "Seconds an unused file stays open.", {
          default: 30,
          exclusiveMinimum: 0,
          ...pool,
        }),
      },
      required: ["file"],
      additionalProperties: false,
    },
    defaults: { file: "data.sqlite" },
    usedBy: DATABASE_TYPES,
  },
  {
    kind: "postgresql",
    title: "PostgreSQL",
    description: "A PostgreSQL server, version 12 or later.",
    icon: "database",
    category: "integrations",
    settings_schema: {
      type: "object",
      properties: {
        ...server(5432),
        schema: text("Schema", "Where tables without a schema in their name are looked for first."),
      },
      required: ["host", "database", "user"],
      additionalProperties: false,
    },
    defaults: { host: "127.0.0.1", port: 5432, database: "", user: "" },
    usedBy: DATABASE_TYPES,
  },
  {
    kind: "mysql",
    title: "MySQL or MariaDB",
    description: "A MySQL server, version 8 or later, or MariaDB, version 10.5 or later.",
    icon: "database",
    category: "integrations",
    settings_schema: {
      type: "object",
      properties: server(3306),
      required: ["host", "database", "user"],
      additionalProperties: false,
    },
    defaults: { host: "127.0.0.1", port: 3306, database: "", user: "" },
    usedBy: DATABASE_TYPES,
  },
  {
    kind: "smtp",
    title: "Mail server (SMTP)",
    description: "A server that takes email.",
    icon: "mail",
    category: "integrations",
    settings_schema: {
      type: "object",
      properties: {
        host,
        port: integer("Port", "587 with STARTTLS, 465 with TLS from the start.", {
          default: 587,
          minimum: 1,
          maximum: 65_535,
        }),
        secure: flag("TLS from the start", "On for port 465. Off: STARTTLS where the server offers it.", {
          default: false,
        }),
        require_tls: flag("Insist on TLS", "Refuses to send where the server offers no STARTTLS.", {
          default: false,
          ...tls,
        }),
        verify: flag("Check the certificate", "Refuses a server whose certificate is not trusted.", {
          default: true,
          ...tls,
        }),
        ...certificates,
        user: text("User", "The name to sign in with; without it, no sign-in."),
        password,
        from: text("From", "The sender's address, e.g. `Shop <shop@example.com>`.", { minLength: 1 }),
        recipients: list(
          "Recipients",
          "Whom `notify` writes to by this connection.",
          { type: "string" },
          { default: [] },
        ),
        connect_timeout: number("Connect within", "Seconds to wait for the server to answer.", {
          default: 10,
          exclusiveMinimum: 0,
          ...pool,
        }),
      },
      required: ["host", "from"],
      additionalProperties: false,
    },
    defaults: { host: "", port: 587, from: "" },
    usedBy: ["email", "notify"],
  },
  {
    kind: "http",
    title: "HTTP API",
    description: "A service reached over HTTP: its base address and how to sign in.",
    icon: "globe",
    category: "integrations",
    settings_schema: {
      type: "object",
      properties: {
        base_url: text("Base URL", "What paths are appended to, e.g. `https://api.example.com/v1`.", {
          format: "uri",
          minLength: 1,
        }),
        auth: fields("Sign-in", "How requests prove who sends them.", {
          type: choice("Type", "How to sign in.", ["none", "basic", "bearer", "api_key", "oauth2_client_credentials"], {
            default: "none",
          }),
          username: text("User", "For `basic`."),
          password: secret("Password", "For `basic`."),
          token: secret("Token", "For `bearer`."),
          name: text("Name", "For `api_key`: the header or query parameter.", { default: "X-API-Key" }),
          value: secret("Key", "For `api_key`."),
          in: choice("Sent in", "For `api_key`.", ["header", "query"], { default: "header" }),
          token_url: text("Token URL", "For `oauth2_client_credentials`.", { format: "uri" }),
          client_id: text("Client id", "For `oauth2_client_credentials`."),
          client_secret: secret("Client secret", "For `oauth2_client_credentials`."),
          scope: text("Scope", "For `oauth2_client_credentials`: scopes, with spaces between them."),
          audience: text("Audience", "For `oauth2_client_credentials`, where the server asks for it."),
          client_auth: choice(
            "Client proves itself",
            "For `oauth2_client_credentials`: in a header or in the body.",
            ["basic", "body"],
            {
              default: "basic",
            },
          ),
        }),
        headers,
        sensitive_headers: pairs("Sensitive headers", "Sent with every request, hidden everywhere.", {
          type: "string",
          "x-field": "secret",
        }),
        timeout: number("Timeout", "Seconds one request may take, where the component says nothing.", {
          exclusiveMinimum: 0,
        }),
        openapi: text("OpenAPI", "Where the service's description is: a path or an address.", { "x-field": "path" }),
      },
      required: ["base_url"],
      additionalProperties: false,
    },
    defaults: { base_url: "https://" },
    usedBy: ["http_request"],
  },
  {
    kind: "webhook",
    title: "Webhook",
    description: "An address that takes messages as JSON.",
    icon: "webhook",
    category: "integrations",
    settings_schema: {
      type: "object",
      properties: {
        url: secret("URL", "Where messages are posted to; anyone who knows it can post.", { minLength: 1 }),
        headers,
        secret: secret(
          "Signing secret",
          "Signs each message: HMAC-SHA256 in the header `X-Signature-256`, over the time in `X-Signature-Timestamp` and the body.",
        ),
      },
      required: ["url"],
      additionalProperties: false,
    },
    defaults: { url: "" },
    usedBy: ["notify"],
  },
  {
    kind: "slack",
    title: "Slack",
    description: "A Slack channel's incoming webhook, or one of the same form (Mattermost, Rocket.Chat).",
    icon: "message-square",
    category: "integrations",
    settings_schema: {
      type: "object",
      properties: {
        url: secret("Webhook URL", "The address Slack gave for the channel.", { minLength: 1 }),
        channel: text("Channel", "Where the webhook lets one choose, e.g. `#alerts`."),
        username: text("Sender", "The name messages bear."),
        mentions: list(
          "Mentions",
          "Who is named in each message, e.g. `@channel`.",
          { type: "string" },
          { default: [] },
        ),
      },
      required: ["url"],
      additionalProperties: false,
    },
    defaults: { url: "" },
    usedBy: ["notify"],
  },
];

/** What is known of a kind of connection. */
export function connectionKind(kind: ConnectionKind): ConnectionKindDescriptor {
  const found = CONNECTION_KINDS.find((each) => each.kind === kind);
  if (found === undefined) throw new Bug(`No kind of connection is called ${kind}`);
  return found;
}

/** The settings of a kind that are sensitive: paths of keys, `*` for every key of an object, e.g. `["auth", "token"]`. */
export function sensitiveSettings(kind: ConnectionKind): readonly (readonly string[])[] {
  return marked(connectionKind(kind).settings_schema, []);
}

function marked(schema: JsonObject, path: readonly string[]): readonly (readonly string[])[] {
  if (schema["x-field"] === "secret") return [path];
  const found: (readonly string[])[] = [];
  for (const [name, part] of Object.entries(isJsonObject(schema.properties) ? schema.properties : {})) {
    if (isJsonObject(part)) found.push(...marked(part, [...path, name]));
  }
  if (isJsonObject(schema.additionalProperties)) found.push(...marked(schema.additionalProperties, [...path, "*"]));
  return found;
}

function secret(title: string, description: string, extras: { readonly [key: string]: string | number } = {}) {
  return text(title, description, { "x-field": "secret", ...extras });
}
