import { settingsText } from "../text/settings";

/** What is wrong with a name of an environment value. */
export function envNameProblem(name: string): string | undefined {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? undefined : settingsText.badName;
}

/** What is wrong with a host name, with or without a port. */
export function hostProblem(host: string): string | undefined {
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(host) ? undefined : settingsText.badHost;
}

/** What is wrong with a base URL. */
export function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return settingsText.badUrl;
  return /^https?:$/.test(new URL(text).protocol) ? undefined : settingsText.badUrl;
}

/** What is wrong with a folder: it must be absolute, on any system. */
export function folderProblem(path: string): string | undefined {
  return /^(\/|~\/|[A-Za-z]:[\\/]|\\\\)/.test(path) ? undefined : settingsText.badFolder;
}

/** What is wrong with a host that is reached without the proxy: a name, or all below one. */
export function noProxyProblem(host: string): string | undefined {
  return host === "*" ? undefined : hostProblem(host.replace(/^\*?\./, ""));
}

/** What is wrong with a host that a restricted policy is to allow. */
export function allowedProblem(entry: string): string | undefined {
  const isNetwork = /^[0-9a-f:.]*[:.][0-9a-f:.]*(\/\d{1,3})?$/i.test(entry);
  return isNetwork || hostProblem(entry.replace(/^\*\./, "")) === undefined ? undefined : settingsText.badAllowed;
}

/** What is wrong with the text of certificates. */
export function authorityProblem(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed === "" || /^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----$/.test(trimmed)
    ? undefined
    : settingsText.badAuthority;
}
