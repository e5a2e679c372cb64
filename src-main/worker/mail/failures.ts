import type { Problem } from "../behaviour";

/** What nodemailer tells of a failure. */
interface MailError {
  readonly code?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
  readonly recipient?: unknown;
  readonly rejectedErrors?: unknown;
  readonly cause?: unknown;
  readonly message?: unknown;
}

const NO_CONNECTION: { readonly [code: string]: string } = {
  EDNS: "its name is unknown",
  ECONNECTION: "it closed the connection",
  ECONNREFUSED: "it refused the connection",
  ECONNRESET: "it reset the connection",
  ESOCKET: "the connection broke",
  ETLS: "TLS could not be agreed",
  EREQUIRETLS: "it offers no TLS, and the connection insists on it",
  EPROTOCOL: "it does not speak SMTP as expected",
  EPROXY: "the proxy refused",
};

/** What a mail server's refusal means; `undefined` for what is none. */
export function mailProblem(thrown: unknown, where: string): Problem | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const { code, responseCode, rejectedErrors } = thrown as MailError;
  const status = typeof responseCode === "number" ? responseCode : undefined;
  const said = saidBy(thrown as MailError);
  const passing = status !== undefined && status >= 400 && status < 500;
  switch (code) {
    case "EAUTH":
    case "ENOAUTH":
      return {
        type: passing ? "server_error" : "authentication_error",
        message: `${where} did not take the sign-in${status === undefined ? "" : `: ${said}`}.`,
      };
    case "ETIMEDOUT":
      return { type: "timeout", message: `${where} did not answer in time.` };
    case "EENVELOPE":
    case "EMESSAGE": {
      if (status === undefined) return { type: "validation_error", message: `The message cannot be sent: ${said}.` };
      if (status === 530) return { type: "authentication_error", message: `${where} wants a sign-in: ${said}.` };
      const refused = Array.isArray(rejectedErrors) ? (rejectedErrors as readonly MailError[]) : [];
      const whom = refused.map((one) => `${String(one.recipient)} (${saidBy(one)})`).join(", ");
      const what = whom === "" ? `refused the message: ${said}` : `refused ${whom}`;
      return { type: passing ? "server_error" : "bad_request", message: `${where} ${what}.` };
    }
    case "ESTREAM":
      return { type: "component_error", message: `An attachment could not be read to its end: ${said}.` };
    default: {
      const known = [code, (thrown as { readonly errno?: unknown }).errno].find(
        (one): one is string => typeof one === "string" && NO_CONNECTION[one] !== undefined,
      );
      if (known === undefined) return undefined;
      return {
        type: "connection_error",
        message: `${where} was not reached: ${NO_CONNECTION[known]} (${reasonOf(thrown as MailError, known)}).`,
      };
    }
  }
}

/** The server's own words, or the library's where it said nothing. */
export function saidBy({ response, message }: MailError): string {
  const text = typeof response === "string" && response !== "" ? response : String(message ?? "");
  const line = text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

/** The operating system's or TLS's code behind the library's. */
function reasonOf({ cause }: MailError, code: string): string {
  const under = typeof cause === "object" && cause !== null ? (cause as { readonly code?: unknown }).code : undefined;
  return typeof under === "string" ? under : code;
}
