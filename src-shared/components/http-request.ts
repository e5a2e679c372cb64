import { cacheKeys, sensitiveFields, timeoutKey } from "./common";
import type { Descriptor } from "./descriptor";
import { anything, choice, fields, flag, integer, number, pairs, text } from "./keys";

export const httpRequest: Descriptor = {
  type: "http_request",
  title: "HTTP request",
  category: "integrations",
  description: "Calls an HTTP API and gives back status, headers and body.",
  icon: "globe",
  config_schema: {
    type: "object",
    properties: {
      url: text("URL", "The address, `http` or `https`; with a connection, the path below its base URL.", {
        minLength: 1,
      }),
      connection: text("Connection", "The workspace's HTTP connection whose base URL, headers and sign-in are used."),
      method: choice("Method", "The HTTP method.", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"], {
        default: "GET",
      }),
      headers: pairs("Headers", "Sent with the request.", { type: ["string", "number", "boolean"] }),
      query: pairs("Query", "Added to the address; a list repeats its name, null leaves it out.", {}),
      body: anything(
        "Body",
        "Text is sent as it is, anything else as JSON, or as a form where the content type is `application/x-www-form-urlencoded`.",
        { "x-field": "text" },
      ),
      multipart: pairs(
        "Parts",
        "Sent as `multipart/form-data`: text, `{path, filename, content_type}` for a file, `{content, filename, encoding, content_type}` for content; a list repeats its name.",
        {},
      ),
      body_file: text("Body from file", "A file that is sent as the body, as it is read.", { "x-field": "path" }),
      auth: fields("Sign-in", "How the request proves who sends it.", {
        type: choice(
          "Kind",
          "`basic`, `bearer`, `api_key`, `oauth2_client_credentials` or `none`.",
          ["none", "basic", "bearer", "api_key", "oauth2_client_credentials"],
          {
            default: "none",
          },
        ),
        username: text("User name", "With `basic`."),
        password: text("Password", "With `basic`.", { "x-field": "secret" }),
        token: text("Token", "With `bearer`.", { "x-field": "secret" }),
        key: text("Key", "With `api_key`: the key itself.", { "x-field": "secret" }),
        name: text("Sent as", "With `api_key`: the header or query field.", { default: "X-API-Key" }),
        in: choice("Sent in", "With `api_key`: where it goes.", ["header", "query"], { default: "header" }),
        token_url: text("Token URL", "With `oauth2_client_credentials`: where tokens are got."),
        client_id: text("Client id", "With `oauth2_client_credentials`."),
        client_secret: text("Client secret", "With `oauth2_client_credentials`.", { "x-field": "secret" }),
        scope: text("Scope", "With `oauth2_client_credentials`: scopes, with spaces between them."),
        audience: text("Audience", "With `oauth2_client_credentials`, where the server asks for it."),
        client_auth: choice(
          "Client proves itself",
          "With `oauth2_client_credentials`: in a header or in the body.",
          ["basic", "body"],
          { default: "basic" },
        ),
      }),
      timeout: timeoutKey,
      follow_redirects: flag(
        "Follow redirects",
        "Goes where the server points, at most 10 times; credentials stay with their own host.",
        { default: true },
      ),
      response_type: choice(
        "Response",
        "How the body is read: `auto` goes by its content type, `bytes` gives base64 text.",
        ["auto", "json", "text", "bytes"],
        { default: "auto" },
      ),
      max_response_mb: number("Largest response", "Megabytes; a longer body is `resource_limit_exceeded`.", {
        default: 64,
        exclusiveMinimum: 0,
      }),
      save_to: text(
        "Save to",
        "A file that takes the body as it comes; the output's body is then `{path, bytes, sha256}`. It has no largest size unless one is written.",
        { "x-field": "path" },
      ),
      pagination: fields("Pages", "Fetches the following pages too and joins their lists into one body.", {
        type: choice(
          "Kind",
          "`next_link`: an address in the body or the `Link` header; `page`: a counted query field; `cursor`: a token from the body.",
          ["next_link", "page", "cursor"],
          { default: "next_link" },
        ),
        next: text("Next link at", "Where the body has the next address, e.g. `links.next`.", { default: "next" }),
        page_param: text("Page field", "The query field with the page's number.", { default: "page" }),
        start_page: integer("First page", "The number of the first page.", { default: 1 }),
        cursor: text("Cursor at", "Where the body has the next cursor.", { default: "next_cursor" }),
        cursor_param: text("Cursor field", "The query field that takes the cursor.", { default: "cursor" }),
        items: text("List at", "Where the body has the list; without it, the body or its first list."),
        max_pages: integer("Most pages", "Stops after this many pages, with a warning if there are more.", {
          default: 50,
          minimum: 1,
        }),
      }),
      ...cacheKeys,
      sensitive_fields: sensitiveFields,
      network_policy: choice(
        "Network policy",
        "`restricted` reaches public addresses only, or what the workspace allows; also after redirects, whatever a name stands for.",
        ["open", "restricted"],
        { default: "open", "x-tab": "limits" },
      ),
    },
    required: ["url"],
  },
  output_schema: {
    type: "object",
    properties: {
      status: { type: "integer", description: "The HTTP status." },
      headers: { type: "object", additionalProperties: { type: "string" }, description: "Names in lower case." },
      body: { description: "The body, read as `response_type` says; null when there is none." },
    },
    required: ["status", "headers", "body"],
  },
  ports: { input: true, success: true, error: true, conditional: true },
  defaults: { url: "https://", method: "GET" },
  pure: false,
  nature: "remote",
  help: [
    "A status of 400 or more fails the component: 401 `authentication_error`, 403 `authorization_error`, 404 `not_found`, 408 `timeout`, 422 `validation_error`, 429 `rate_limited`, other 4xx `bad_request`, 5xx `server_error`. No answer at all is `connection_error` or `timeout`.",
    "",
    "Every request carries `Idempotency-Key` (the same over all attempts and restarts) and `X-Correlation-Id`, so a server can tell a repeated call from a second one. Give the component a `retry_policy`: networks fail.",
    "",
    "Connections stay open between calls; HTTP/2 is spoken where a server offers it, and answers are asked for compressed. A token of `oauth2_client_credentials` is kept in memory until it expires, and got again once when a server answers 401. `save_to` is written aside and renamed when it is whole. An answer that breaks off, is cut into pieces wrongly, is not as long as it says or not packed as it says is `connection_error`; one that is to be JSON and is none is `validation_error`; one that is too long, or whose values would take more than 512 MB of memory, is `resource_limit_exceeded`.",
    "",
    "`network_policy: restricted`, here or in the workflow's `permissions.execution_context`, refuses loopback, private, link-local and reserved addresses however they are written (decimal, octal, hexadecimal, IPv6, IPv4 within IPv6), in the address called, in redirects and in what a name resolves to, with `authorization_error`. The workspace's list of allowed hosts narrows it to names (`*.example.com`) and lets private networks through that it lists by address (`10.1.0.0/16`). What the workspace names itself, in `hosts` and as the base URL of a connection, may be anywhere.",
  ].join("\n"),
  examples: [
    {
      title: "All pages of a list",
      yaml: [
        "components:",
        "  - id: extract_customers",
        "    type: http_request",
        "    name: Extract customers",
        "    config:",
        "      url: https://crm.example.com/v2/customers",
        '      query: {since: "{{ input_data.since }}", page_size: 200}',
        "      pagination: {type: next_link, max_pages: 50}",
        "    retry_policy: {max_attempts: 3}",
        "",
      ].join("\n"),
    },
  ],
  summary: "{method} {url}",
};
