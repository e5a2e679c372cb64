import type { Descriptor } from "@shared/components/descriptor";
import { isJsonObject, type Json } from "@shared/base/json";
import type { Component } from "@shared/workflow/workflow";

/** A card's first line: the component's name, else its id in words. */
export function titleOf(component: Component): string {
  if (typeof component.name === "string" && component.name.trim() !== "") return component.name;
  const words = component.id.replace(/_/g, " ").trim();
  return words === "" ? component.id : words.charAt(0).toUpperCase() + words.slice(1);
}

/** A card's second line: the type's summary with the keys that are set. Short enough to be cut by the card alone. */
export function summaryOf(component: Component, descriptor: Descriptor | undefined): string {
  if (component.disabled === true) return "passes its input on";
  if (!descriptor) return component.type ? `unknown type ${component.type}` : "no type";
  const config = isJsonObject(component.config) ? component.config : {};
  if (descriptor.type === "parallel")
    return `${counted(Array.isArray(config.branches) ? config.branches.length : 0, "branches")} · ${config.wait_for_all === false ? "first wins" : "wait for all"}`;
  let filled = 0;
  const text = descriptor.summary.replace(/\{([a-z_.]+)\}/g, (_whole, key: string) => {
    const word = wordOf(valueAt(config, key) ?? defaultAt(descriptor, key), key);
    if (word !== "") filled += 1;
    return word;
  });
  const tidy = text
    .replace(/\s+/g, " ")
    .replace(/(^[\s·,]+|[\s·,]+$)/g, "")
    .replace(/(· )+·/g, "·");
  if (filled === 0 && descriptor.summary.includes("{")) return descriptor.title;
  return tidy === "" ? descriptor.title : tidy.slice(0, 120);
}

function valueAt(config: { readonly [key: string]: Json | undefined }, key: string): Json | undefined {
  let value: Json | undefined = config;
  for (const part of key.split(".")) value = isJsonObject(value) ? value[part] : undefined;
  return value;
}

function defaultAt(descriptor: Descriptor, key: string): Json | undefined {
  return descriptor.config_schema.properties[key]?.default;
}

function wordOf(value: Json | undefined, key: string): string {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value === "string") return plain(value);
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value))
    return value.every((item) => typeof item === "string") && value.length <= 3
      ? value.join(", ")
      : counted(value.length, key);
  const keys = Object.keys(value);
  return keys.length <= 3 ? keys.join(", ") : counted(keys.length, key);
}

/** `3 cases`, `1 branch`: the key itself names what is counted. */
function counted(count: number, key: string): string {
  const name = (key.split(".").at(-1) ?? key).replace(/_/g, " ");
  return count === 1 ? `1 ${name.replace(/(ch|sh|x|ss)es$/, "$1").replace(/([^s])s$/, "$1")}` : `${count} ${name}`;
}

/** A template as a card can show it: the braces go, a base address that is an expression goes as a whole, and what is computed within a text is `…`. */
function plain(text: string): string {
  const isName = /^[a-z_]+$/.test(text);
  return text
    .replace(/^\{\{[^}]*\}\}(?=\/)/, "")
    .replace(/\{\{([^{}]*)\}\}/g, (whole, inner: string) =>
      whole === text || /^[\w.[\]]+$/.test(inner.trim()) ? inner.trim() : "…",
    )
    .replace(/^https?:\/\/[^/]+(?=\/.)/, "")
    .replace(/_(?=[a-z])/g, (whole) => (isName ? " " : whole));
}
